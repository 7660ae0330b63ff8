/**
 * Searching for callers: whose applications they may find, what they ask, and a line in the audit
 * when staff looks at the data of others. Of what was typed the audit says that it was, not what:
 * a name somebody looked for is personal data too; whose data was shown it says by ids.
 */
import type { ApplicationsQuery, FoundAnswer, SearchChoices } from '#protocol/search-api.ts';
import { type AccountsTable, CompiledQuery, type Database } from '../../store/database/index.ts';
import type { Audit } from '../control-room/audit.ts';
import type { Models } from '../models/index.ts';
import type { SearchEngine } from './engine.ts';
import type { FoundRow, RowsQuery, SearchFound, SearchQuery } from './query.ts';
import { isStaff, scopeOf } from './scope.ts';
import { foundView } from './view.ts';
import { cursorOf, isPlain, searchOf } from './wish.ts';

export interface SearchService {
  /** Undefined: the plain list of the caller's own drafts and submissions says it all. */
  find(account: AccountsTable, query: ApplicationsQuery): Promise<FoundAnswer | undefined>;
  choices(account: AccountsTable): Promise<SearchChoices>;
  /** All that a query yields, a page at a time, in its order; how many there are comes first. */
  all(
    account: AccountsTable,
    query: ApplicationsQuery,
    pageLength: number,
  ): Promise<{ total: number; pages: AsyncGenerator<readonly FoundRow[]> }>;
}

export interface SearchParts {
  readonly database: Database;
  readonly models: Models;
  readonly engine: SearchEngine;
  readonly audit: Audit;
}

/** Parameters whose values say something about a person. */
const PERSONAL = new Set(['q', 'worker', 'employer', 'protocol', 'cursor']);

export function createSearchService(parts: SearchParts): SearchService {
  const { engine, database, audit } = parts;
  const note = (account: AccountsTable, action: string, query: ApplicationsQuery, more: object) => {
    if (!isStaff(account)) return;
    audit({ account: account.id, action, subject: 'applications', detail: told(query, more) });
  };
  return {
    find: async (account, query) => {
      const scope = scopeOf(database, account, query.by);
      if (scope.kind === 'own' && isPlain(query) && !hasEarlier(database, scope.earlier)) {
        return undefined;
      }
      const search = searchOf(query, scope);
      const found = await engine.find(search, account.id);
      const applications = foundView(parts, found.rows);
      const shown = applications.map(({ id }) => id);
      note(account, 'applications.search', query, { total: found.total, shown });
      const next = found.next === null ? null : cursorOf(search.sort, found.next);
      return { applications, next, total: found.total };
    },
    choices: async (account) => {
      const { years, words } = await engine.choices(scopeOf(database, account), account.id);
      return {
        ...{ years: [...years], decrees: [...words.decree], clickDays: [...words.clickDay] },
        ...{ models: [...words.model], statuses: [...words.status] },
        ...{ offices: [...words.office], nationalities: [...words.nationality] },
      };
    },
    all: async (account, query, limit) => {
      const { cursor: _cursor, ...asked } = query;
      const search = { ...searchOf(asked, scopeOf(database, account, query.by)), limit };
      const first = await engine.find(search, account.id);
      note(account, 'applications.export', query, { total: first.total });
      return {
        total: first.total,
        pages: pagesFrom(engine, search, { first, caller: account.id }),
      };
    },
  };
}

async function* pagesFrom(
  engine: SearchEngine,
  search: SearchQuery,
  begun: { readonly first: SearchFound; readonly caller: string },
): AsyncGenerator<readonly FoundRow[]> {
  let found = begun.first;
  for (;;) {
    yield found.rows;
    if (found.next === null) return;
    found = await engine.find({ ...search, after: found.next }, begun.caller);
  }
}

function told(query: ApplicationsQuery, more: object) {
  const filters = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, PERSONAL.has(name) ? true : value]],
  );
  return { filters: Object.fromEntries(filters), ...more };
}

function hasEarlier({ all }: Database, queries: readonly RowsQuery[]): boolean {
  return queries.some(({ sql, values }) => {
    const one = CompiledQuery.raw(`${sql} LIMIT 1`, [...values]) as CompiledQuery<{ n: number }>;
    return all({ compile: () => one }).length > 0;
  });
}

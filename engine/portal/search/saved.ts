/** Searches that an account keeps under a name: at most 20, its own only. */
import type { SavedSearch } from '#protocol/search-api.ts';
import { isoFromUs } from '#protocol/time.ts';
import type { Random } from '../../foundation/random.ts';
import type { Database, SavedSearchesTable } from '../../store/database/index.ts';
import { Refusal } from '../http/refusal.ts';

export interface SavedSearches {
  /** By name. */
  list(account: string): SavedSearch[];
  /** One of the same name is replaced. Refuses SAVED_SEARCHES_FULL. */
  save(account: string, wish: { name: string; query: string }): SavedSearch;
  /** Refuses NOT_FOUND, also for another account's. */
  remove(account: string, id: string): void;
}

const SAVED_MAX = 20;

export function createSavedSearches(parts: {
  readonly database: Database;
  readonly clock: { nowUs(): number };
  readonly random: Random;
}): SavedSearches {
  const { database, clock, random } = parts;
  const { build, all, first, run, transaction } = database;
  const rows = (account: string) =>
    build.selectFrom('saved_searches').selectAll().where('account', '=', account);
  return {
    list: (account) => all(rows(account).orderBy('name').orderBy('id')).map(shown),
    save: (account, { name: typed, query }) =>
      transaction(() => {
        const name = typed.trim();
        run(
          build
            .deleteFrom('saved_searches')
            .where('account', '=', account)
            .where('name', '=', name),
        );
        if (all(rows(account)).length >= SAVED_MAX) throw new Refusal('SAVED_SEARCHES_FULL');
        const row = {
          ...{ id: random.id(), account, name, query },
          created_at_us: clock.nowUs(),
        };
        run(build.insertInto('saved_searches').values(row));
        return shown(row);
      }),
    remove: (account, id) => {
      if (first(rows(account).where('id', '=', id)) === undefined) throw new Refusal('NOT_FOUND');
      run(build.deleteFrom('saved_searches').where('id', '=', id));
    },
  };
}

function shown({ id, name, query, created_at_us }: SavedSearchesTable): SavedSearch {
  return { id, name, query, createdAt: isoFromUs(created_at_us) };
}

/**
 * One search, in the thread that reads: what SQLite's indexes know (names, codes, protocol numbers,
 * owners) as lists of rows, the rest and the order by the columns, then the page's rows.
 */
import type { DatabaseReader, Value } from '../../store/database/index.ts';
import { createColumns } from './columns.ts';
import type {
  Choices,
  Filters,
  FoundRow,
  Position,
  Scope,
  SearchFound,
  SearchQuery,
} from './query.ts';
import { choicesIn, positionOf, select } from './select.ts';
import { type Beginning, protocolTerm, type Term, termsOf } from './text.ts';

/** A search took longer than it may. */
export class TooSlow extends Error {
  override name = 'TooSlow';
}

export interface Finder {
  /** Throws TooSlow when `nowMs` passes `untilMs` between two steps. */
  find(query: SearchQuery, untilMs: number): SearchFound;
  choices(scope: Scope, untilMs: number): Choices;
  /** Reads what there is, so that the first search need not. */
  warm(): void;
}

/** Numbers of rows that SQLite gives as one text; between two of them the time is looked at. */
const CHUNK = 50_000;
const ROW = `SELECT n, id, is_history, year, decree, model, status, click_day, office, nationality,
  title, worker, worker_cf, employer, employer_cf, protocol, stamp_us, place, created_us, changed_us
  FROM search WHERE id IS NOT NULL AND n = ?`;

export function createFinder(reader: DatabaseReader, nowMs: () => number): Finder {
  const columns = createColumns(reader);
  const listOf = (source: Source, untilMs: number) => {
    const parts: number[][] = [];
    for (let after = 0; ; ) {
      if (nowMs() > untilMs) throw new TooSlow();
      const { sql, values, isChunked } = source;
      const [text] = reader.rows(grouped(sql), isChunked ? [...values, after] : values)[0] ?? [];
      const part = JSON.parse(`[${text ?? ''}]`) as number[];
      parts.push(part);
      if (!isChunked || part.length < CHUNK) return parts.flat();
      after = part.at(-1) as number;
    }
  };
  /** Rows that are in every group, a group being all of its sources' rows. */
  const candidatesOf = (groups: readonly Source[][], untilMs: number) => {
    if (groups.length === 0) return undefined;
    const marks = new Uint8Array(columns.length);
    let kept: number[] = [];
    for (const [step, group] of groups.entries()) {
      kept = [];
      for (const source of group) {
        for (const n of listOf(source, untilMs)) {
          if (marks[n] !== step) continue;
          marks[n] = step + 1;
          kept.push(n);
        }
      }
      if (kept.length === 0) break;
    }
    return Uint32Array.from(kept);
  };
  const placeOf = (query: SearchQuery): Position | 'gone' | undefined => {
    if (query.afterId === undefined) return query.after;
    const [n] = reader.rows('SELECT n FROM search WHERE id = ?', [query.afterId])[0] ?? [];
    return typeof n === 'number' ? positionOf(columns, query.sort, n) : 'gone';
  };
  return {
    choices: (scope, untilMs) =>
      reader.atOnce(() => {
        columns.refresh();
        const candidates = candidatesOf(groupsOf({}, scope) ?? [], untilMs);
        const isSent = scope.kind === 'office';
        return choicesIn(columns, { filters: within({}, scope), isSent, candidates });
      }),
    warm: () => void reader.atOnce(() => columns.refresh()),
    find: (query, untilMs) =>
      reader.atOnce(() => {
        columns.refresh();
        const { filters, scope } = query;
        const groups = groupsOf(filters, scope);
        const after = placeOf(query);
        if (groups === undefined || after === 'gone') return { rows: [], next: null, total: 0 };
        const candidates = candidatesOf(groups, untilMs);
        const { sort, isDescending, limit } = query;
        const wish = { filters: within(filters, scope), isSent: scope.kind === 'office', after };
        const found = select(columns, { ...wish, sort, isDescending, limit, candidates });
        const rows = found.page.flatMap((n) => reader.rows(ROW, [n]).map(shown));
        return { rows, next: found.next, total: found.total };
      }),
  };
}

/** An office sees its own, whatever it asks for. */
function within(filters: Filters, scope: Scope): Filters {
  if (scope.kind !== 'office') return filters;
  const isOther = filters.office !== undefined && !filters.office.includes(scope.office);
  return { ...filters, office: isOther ? [] : [scope.office] };
}

/** A query for numbers of rows. In chunks: in their order, those behind its last value. */
interface Source {
  readonly sql: string;
  readonly values: readonly Value[];
  readonly isChunked?: true;
}

/** As one text: ten times faster than a row a number. */
function grouped(sql: string): string {
  return `SELECT group_concat(n) FROM (${sql})`;
}

/** Undefined: nothing can be found. */
function groupsOf(filters: Filters, scope: Scope): Source[][] | undefined {
  const { protocol, worker, employer, text } = filters;
  const groups: Source[][] = scope.kind === 'own' ? [[scope.reached, ...scope.earlier]] : [];
  if (protocol !== undefined) groups.push(sourcesOf(protocolTerm(protocol), 'both'));
  const texts = [[worker, 'worker'] as const, [employer, 'employer'] as const];
  for (const [typed, whose] of [...texts, [text, 'both'] as const]) {
    if (typed === undefined) continue;
    const terms = termsOf(typed, whose);
    if (terms === undefined) return undefined;
    groups.push(...terms.map((term) => sourcesOf(term, whose)));
  }
  return groups;
}

function sourcesOf(term: Term, whose: 'worker' | 'employer' | 'both'): Source[] {
  if (term.kind === 'id') return [{ sql: 'SELECT n FROM search WHERE id = ?', values: [term.id] }];
  if (term.kind === 'protocol') return [beginning('protocol', term.beginning)];
  if (term.kind === 'code') {
    const columns = whose === 'both' ? ['worker_cf', 'employer_cf'] : [`${whose}_cf`];
    return columns.map((column) => beginning(column, term.beginning));
  }
  const sql = 'SELECT rowid AS n FROM search_text WHERE search_text MATCH ? AND rowid > ?';
  const chunk = `${sql} ORDER BY rowid LIMIT ${CHUNK}`;
  return [{ sql: chunk, values: [term.match], isChunked: true }];
}

function beginning(column: string, { from, below }: Beginning): Source {
  const sql = `SELECT n FROM search WHERE ${column} >= ? AND ${column} < ?`;
  return { sql, values: [from, below] };
}

function shown(row: readonly Value[]): FoundRow {
  const text = (at: number) => row[at] as string | null;
  const number = (at: number) => row[at] as number | null;
  return {
    id: String(row[1]),
    isHistory: row[2] === 1,
    year: Number(row[3]),
    decree: text(4),
    model: String(row[5]),
    status: String(row[6]),
    clickDay: text(7),
    office: text(8),
    nationality: text(9),
    title: String(row[10]),
    worker: String(row[11]),
    workerCode: text(12),
    employer: String(row[13]),
    employerCode: text(14),
    protocol: text(15),
    stampUs: number(16),
    place: number(17),
    createdUs: Number(row[18]),
    changedUs: Number(row[19]),
  };
}

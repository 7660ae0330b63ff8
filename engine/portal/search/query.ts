/** A search as it goes to the thread: plain data, checked before. Instants in microseconds. */

import type { Coded } from './columns.ts';

export type SortKey = 'created' | 'changed' | 'stamp' | 'place' | 'name';

/** Where a page ended: its keys (null: it has none) and its row. */
export interface Position {
  readonly key: number | null;
  readonly rest: number;
  readonly n: number;
}

/** Whose applications may be found; what a caller may reach. */
export type Scope =
  | { readonly kind: 'all' }
  /** Those that were sent to an office. */
  | { readonly kind: 'office'; readonly office: string }
  | {
      readonly kind: 'own';
      /** Of this system. */
      readonly reached: RowsQuery;
      /** Of earlier years. */
      readonly earlier: readonly RowsQuery[];
    };

/** A query for the numbers (`n`) of rows. */
export interface RowsQuery {
  readonly sql: string;
  readonly values: readonly string[];
}

/** Lists: one of these. All filters must hold. */
export interface Filters {
  readonly year?: readonly number[];
  readonly decree?: readonly string[];
  readonly clickDay?: readonly string[];
  readonly model?: readonly string[];
  readonly status?: readonly string[];
  readonly office?: readonly string[];
  readonly nationality?: readonly string[];
  /** Of the stamp or, while there is none, of the beginning. */
  readonly fromUs?: number;
  readonly toUs?: number;
  readonly protocol?: string;
  readonly worker?: string;
  readonly employer?: string;
  readonly text?: string;
}

export interface SearchQuery {
  readonly scope: Scope;
  readonly filters: Filters;
  readonly sort: SortKey;
  readonly isDescending: boolean;
  /** Behind this. */
  readonly after?: Position | undefined;
  /** Behind the application with this id; none is found when it is gone. */
  readonly afterId?: string | undefined;
  readonly limit: number;
}

/** A row of the table, as it is shown. */
export interface FoundRow {
  readonly id: string;
  readonly isHistory: boolean;
  readonly year: number;
  readonly decree: string | null;
  readonly model: string;
  readonly status: string;
  readonly clickDay: string | null;
  readonly office: string | null;
  readonly nationality: string | null;
  readonly title: string;
  readonly worker: string;
  readonly workerCode: string | null;
  readonly employer: string;
  readonly employerCode: string | null;
  readonly protocol: string | null;
  readonly stampUs: number | null;
  readonly place: number | null;
  readonly createdUs: number;
  readonly changedUs: number;
}

export interface SearchFound {
  readonly rows: readonly FoundRow[];
  readonly next: Position | null;
  /** Exact: all that the filters and the scope leave. */
  readonly total: number;
}

/** What applications within a scope have: the words of each column, and the years. */
export interface Choices {
  readonly years: readonly number[];
  readonly words: Readonly<Record<Coded, readonly string[]>>;
}

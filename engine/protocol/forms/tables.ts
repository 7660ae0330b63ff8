/**
 * Code tables as they travel and as they are looked up.
 *
 * On the wire a table is columns and rows of texts, because the comuni are eight thousand. The
 * columns `code` and `it` are always there; a missing `en` means the name is the same; every
 * other column comes out in `extra`. Codes are stable for ever, names may be mended.
 */
import type { CodeTables, TableRow } from './definition.ts';

/** A table as served by `GET /api/tables/:name`. */
export interface TableDocument {
  readonly name: string;
  readonly source: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A table to look things up in; `rows` in the order of the Italian names or of their own sense. */
export interface CodeTable {
  readonly name: string;
  readonly rows: readonly TableRow[];
  row(code: string): TableRow | undefined;
}

/** Reads a document. Cost: one pass over its rows. */
export function readTable(document: TableDocument): CodeTable {
  const rows = document.rows.map((cells) => readRow(document.columns, cells));
  const byCode = new Map(rows.map((row) => [row.code, row]));
  return { name: document.name, rows, row: (code) => byCode.get(code) };
}

/** The tables at hand, as the checks want them. */
export function tablesFrom(tables: readonly CodeTable[]): CodeTables {
  const byName = new Map(tables.map((table) => [table.name, table]));
  return {
    has: (table) => byName.has(table),
    row: (table, code) => byName.get(table)?.row(code),
  };
}

function readRow(columns: readonly string[], cells: readonly string[]): TableRow {
  const all = Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? '']));
  const { code = '', it = '', en = it, ...extra } = all;
  return { code, name: { it, en }, extra };
}

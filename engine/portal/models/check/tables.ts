/** Tables: a code once, a cell for each column, the name of the file. */
import type { TableDocument } from '#protocol/forms/index.ts';
import type { Fault } from '../source.ts';
import { type Ground, shadows } from './ground.ts';

export function checkTables(ground: Ground): readonly Fault[] {
  const changed = new Set(shadows(ground, (layer) => layer.tables.keys()));
  return [...ground.own.tables].flatMap(([name, { file, content }]) => {
    const fault = (path: string, message: string): Fault => ({ file, path, message });
    return [
      ...(changed.has(name) ? [fault('', 'has the name of a published table')] : []),
      ...(content.name === name ? [] : [fault('/name', `must be ${name}, as the file is called`)]),
      ...checkColumns(content).map((message) => fault('/columns', message)),
      ...checkRows(content).map(([index, message]) => fault(`/rows/${index}`, message)),
    ];
  });
}

function checkColumns({ columns }: TableDocument): string[] {
  const missing = ['code', 'it'].filter((column) => !columns.includes(column));
  return missing.map((column) => `has no column ${column}`);
}

function checkRows({ columns, rows }: TableDocument): [number, string][] {
  const at = columns.indexOf('code');
  const seen = new Set<string>();
  return rows.flatMap((cells, index): [number, string][] => {
    const code = cells[at] ?? '';
    if (cells.length !== columns.length) {
      return [[index, `has ${cells.length} cells for ${columns.length} columns`]];
    }
    if (code === '') return [[index, 'has no code']];
    if (seen.has(code)) return [[index, `the code ${code} is there twice`]];
    seen.add(code);
    return [];
  });
}

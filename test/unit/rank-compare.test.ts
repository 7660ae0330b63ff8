/** Two lists compared byte by byte, also where the pieces that are read end. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { compareLists } from '#engine/commands/rank/compare.ts';

const folder = mkdtempSync(join(tmpdir(), 'clickday-compare-'));
afterAll(() => rmSync(folder, { recursive: true }));
const compare = (published: string, rebuilt: string) => {
  const paths = [join(folder, 'published'), join(folder, 'rebuilt')] as const;
  writeFileSync(paths[0], published);
  writeFileSync(paths[1], rebuilt);
  return compareLists(...paths);
};
const PIECE = 64 * 1024;
/** Lines that end exactly where a piece does. */
const WHOLE_PIECE = `${'x'.repeat(1023)}\n`.repeat(PIECE / 1024);

it.each([
  ['', '', 0, 0],
  ['', 'a\nb\n', 0, 2],
  ['a\n', 'a\n', 1, 0],
  ['a\n', 'a\nb\nc\n', 1, 2],
  [WHOLE_PIECE, WHOLE_PIECE, 64, 0],
  [WHOLE_PIECE, `${WHOLE_PIECE}b\n`, 64, 1],
  [`${WHOLE_PIECE}b\n`, `${WHOLE_PIECE}b\nc\n`, 65, 1],
])('finds a list the beginning of the other (%#)', (published, rebuilt, same, more) => {
  expect(compare(published, rebuilt)).toEqual({ same, more, difference: undefined });
});

it.each([
  ['a\nb\n', 'a\nc\n', 2, 'b', 'c'],
  ['a\nb', 'a\nb\n', 2, 'b', 'b'],
  ['a\nb', 'a\nbc\n', 2, 'b', 'bc'],
  ['a\r\n', 'a\n', 1, 'a\r', 'a'],
  ['a\nb\n', 'a\n', 2, 'b', undefined],
  ['a\n', '', 1, 'a', undefined],
  [`${WHOLE_PIECE}b\n`, WHOLE_PIECE, 65, 'b', undefined],
  [`${WHOLE_PIECE}b\n`, `${WHOLE_PIECE}c\n`, 65, 'b', 'c'],
])('finds the first line that differs (%#)', (published, rebuilt, line, theirs, ours) => {
  const { same, more, difference } = compare(published, rebuilt);
  expect([same, more]).toEqual([line - 1, 0]);
  expect(difference).toEqual({ line, published: theirs, rebuilt: ours });
});

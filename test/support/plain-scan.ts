/** A search without an index, to compare the real one with. */
import type { SearchQuery } from '#engine/portal/search/query.ts';
import type { SearchTable } from '#engine/store/database/index.ts';

const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
const wordsOf = (text: string) => plain(text).match(/[\p{L}\p{N}]+/gu) ?? [];

/** What should be found, by nothing but a loop. */
export function plainScan(
  rows: readonly SearchTable[],
  { filters, sort, isDescending }: Pick<SearchQuery, 'filters' | 'sort' | 'isDescending'>,
): SearchTable[] {
  const isIn = (list: readonly unknown[] | undefined, value: unknown) =>
    list === undefined || list.includes(value);
  const begins = (text: string | null, wanted: string | undefined) =>
    wanted === undefined || text?.startsWith(wanted) === true;
  const hasWords = (text: string, wanted: string | undefined) =>
    wordsOf(wanted ?? '').every((word) =>
      wordsOf(text).some((own) => (word.length > 1 ? own.startsWith(word) : own === word)),
    );
  const key = (row: SearchTable): number | string | null => {
    if (sort === 'name')
      return plain(row.title)
        .replace(/[^a-z]/g, ' ')
        .slice(0, 22);
    const { created_us: created, changed_us: changed, stamp_us: stamp, place } = row;
    return { created, changed, stamp, place }[sort];
  };
  const found = rows.filter(
    (row) =>
      row.id !== null &&
      isIn(filters.year, row.year) &&
      isIn(filters.office, row.office) &&
      isIn(filters.model, row.model) &&
      isIn(filters.status, row.status) &&
      isIn(filters.nationality, row.nationality) &&
      isIn(filters.clickDay, row.click_day) &&
      isIn(filters.decree, row.decree) &&
      begins(row.protocol, filters.protocol) &&
      hasWords(row.worker, filters.worker) &&
      hasWords(row.employer, filters.employer) &&
      hasWords(`${row.worker} ${row.employer}`, filters.text) &&
      (row.stamp_us ?? row.created_us) >= (filters.fromUs ?? 0) &&
      (row.stamp_us ?? row.created_us) < (filters.toUs ?? Number.POSITIVE_INFINITY),
  );
  const sign = isDescending ? -1 : 1;
  return found.toSorted((one, other) => {
    const [left, right] = [key(one), key(other)];
    if (left === right) return (one.n - other.n) * sign;
    if (left === null || right === null) return left === null ? 1 : -1;
    return left < right ? -sign : sign;
  });
}

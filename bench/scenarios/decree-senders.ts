/**
 * Who submits in the decree of 2010: 392,310 applications over 20,000 connections, half of the
 * applications from bulk senders.
 *
 * Bulk senders are accounts with 500, 1,000, 2,000 and 5,000 applications in turn, each dealt over
 * the four connections an account may have, until they have half of all: 94 accounts on 376
 * connections. Every other connection is an account of its own with an equal part of the other
 * half: nine or ten applications, a family's or a small association's.
 */
import { applicationId, type Sender } from '#bench/scenarios/load-stage.ts';

const BULK_SIZES = [500, 1_000, 2_000, 5_000] as const;
const CONNECTIONS_OF_ACCOUNT = 4;
const BULK_SHARE = 0.5;

export interface DecreeShape {
  readonly applications: number;
  readonly connections: number;
  /** Divides the sizes of the bulk senders, for a small decree. */
  readonly bulkDivisor?: number;
}

/** How many applications each bulk account has; together they have half of all. */
export function bulkSizes({ applications, bulkDivisor = 1 }: DecreeShape): number[] {
  const sizes: number[] = [];
  for (let left = Math.floor(applications * BULK_SHARE); left > 0; left -= sizes.at(-1)!) {
    const size = Math.ceil(BULK_SIZES[sizes.length % BULK_SIZES.length]! / bulkDivisor);
    sizes.push(Math.min(size, left));
  }
  return sizes;
}

/** The senders of all connections, bulk and single mixed through one another. */
export function decreeSenders(shape: DecreeShape): Sender[] {
  const bulk = bulkSizes(shape).flatMap((size, at) =>
    dealt(size, Math.min(size, CONNECTIONS_OF_ACCOUNT)).map((count) => ({
      account: `bulk-${at}`,
      count,
    })),
  );
  const bulkCount = bulk.reduce((sum, { count }) => sum + count, 0);
  const singles = dealt(shape.applications - bulkCount, shape.connections - bulk.length);
  const parts = mixed(
    bulk,
    singles.map((count, at) => ({ account: `single-${at}`, count })),
  );
  let next = 0;
  return parts.map(({ account, count }) => ({
    account,
    applications: Array.from({ length: count }, () => {
      next += 1;
      return applicationId(String(next));
    }),
  }));
}

/** `total` in `parts` parts that differ by one at most. */
function dealt(total: number, parts: number): number[] {
  return Array.from(
    { length: parts },
    (_, at) => Math.floor(((at + 1) * total) / parts) - Math.floor((at * total) / parts),
  );
}

/** The few spread evenly among the many. */
function mixed<T>(few: readonly T[], many: readonly T[]): T[] {
  const every = many.length / few.length;
  return few.flatMap((one, at) => [
    one,
    ...many.slice(Math.round(at * every), Math.round((at + 1) * every)),
  ]);
}

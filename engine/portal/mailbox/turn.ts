/**
 * Whose turn it is to open a ticket by mail: of all senders together so many in any hour. Who comes
 * beyond gets the place behind those that wait already, at the time when it will be free; so each
 * mail is read twice at most, and who came first goes first.
 */
import type { Spool } from '../../mail/index.ts';

const HOUR_US = 3_600_000_000;

/** When it is its turn; undefined: now. `most` of an hour; `isInLine`: this is its time. */
export function turnUs(
  spool: Pick<Spool, 'counts' | 'nthNewestOpenedUs'>,
  { most, isInLine, nowUs }: { most: number; isInLine: boolean; nowUs: number },
): number | undefined {
  const ahead = isInLine ? 0 : spool.counts().held;
  const openedUs = spool.nthNewestOpenedUs(most - (ahead % most));
  if (openedUs === undefined) return undefined;
  const freeUs = openedUs + (1 + Math.floor(ahead / most)) * HOUR_US;
  return freeUs > nowUs ? freeUs : undefined;
}

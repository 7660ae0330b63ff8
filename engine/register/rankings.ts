/**
 * The published rankings: what the register says, a click day at a time, followed as it grows.
 *
 *     register ──250 places a step──► columns of each click day (ranking-columns.ts)
 *                                       └─► pages, counts, arrivals; the rest from the register
 *
 * The register holds only what is final, so a place that was shown once stays as it is, and a list
 * that was read is the beginning of every later one. Nothing is stored: after a restart the
 * register is read again, about 10 µs an entry, while older places are already served.
 */
import type { Cancel, Timers } from '#engine/clock/index.ts';
import type { Log } from '#engine/foundation/log.ts';
import { leafHash } from '#engine/ledger/index.ts';
import { entryNamed, type LedgerEntry, leafText } from '#protocol/entry.ts';
import type { PublishedEntry } from '#protocol/portal-api.ts';
import { ArrivalCounter, type Arrivals } from '#protocol/ranking/arrivals.ts';
import { type RankingRow, rankingRow } from '#protocol/ranking/lines.ts';
import type { Quota } from '#protocol/ranking/quotas.ts';
import { createRanking, type Ranking, type RankingFilter } from '#protocol/ranking/ranking.ts';
import { RankingColumns } from './ranking-columns.ts';
import type { Register } from './register.ts';
import { RegisterDamaged } from './seal.ts';

export interface RankingsParts {
  readonly register: Pick<Register, 'at' | 'entries' | 'lastPlace' | 'placeOf'>;
  /** The quotas of a click day, which are fixed once it has an entry. */
  readonly quotas: (clickDay: string) => readonly Quota[];
  /** Finds an entry by its protocol number. */
  readonly readEntry: (
    named: Pick<LedgerEntry, 'clickDay' | 'gate' | 'seq'>,
  ) => PublishedEntry | null;
  readonly timers: Timers;
  readonly log: Log;
}

/** A click day in numbers. */
export interface RankingSummary {
  readonly count: number;
  /** The stamp of the last place, µs; null without any. */
  readonly lastStampUs: number | null;
  readonly quotas: ReadonlyMap<string, number>;
  readonly offices: ReadonlyMap<string, number>;
  readonly gates: ReadonlyMap<string, number>;
}

export interface Rankings {
  /** Begins to follow; the result of each later call is as fresh as the register. */
  start(): void;
  /** Takes up to 250 more places of the register; true when there may be more. */
  step(): boolean;
  /** Click days that have a place. */
  clickDays(): string[];
  summary(clickDay: string): RankingSummary;
  /** How many of the first `until` places pass. */
  count(clickDay: string, filter: RankingFilter, until: number): number;
  /** At most `limit` places that pass, after place `after` and not beyond place `until`. */
  rows(clickDay: string, wish: RowsWish): RankingRow[];
  /** The place that an application's id or a protocol number has; undefined when it has none. */
  find(clickDay: string, text: string): number | undefined;
  arrivals(clickDay: string, options: { opensAtUs: number; filter: RankingFilter }): Arrivals;
  close(): void;
}

export interface RowsWish {
  readonly filter: RankingFilter;
  readonly after: number;
  readonly until: number;
  readonly limit: number;
}

const STEP_PLACES = 250;
const PAUSE_MS = { more: 0, idle: 50, trouble: 5000 } as const;

interface Day {
  readonly columns: RankingColumns;
  readonly ranking: Ranking;
}

export function createRankings(parts: RankingsParts): Rankings {
  const { register, timers, log } = parts;
  const days = new Map<string, Day>();
  let taken = 0;
  let isClosed = false;
  let cancel: Cancel = () => undefined;

  const dayOf = (clickDay: string): Day => {
    const known = days.get(clickDay);
    if (known !== undefined) return known;
    const ranking = createRanking(parts.quotas(clickDay));
    const day = { columns: new RankingColumns(), ranking };
    days.set(clickDay, day);
    return day;
  };
  const columnsOf = (clickDay: string) => days.get(clickDay)?.columns ?? new RankingColumns();

  const step = (): boolean => {
    if (register.lastPlace() === taken) return false;
    const found = register.entries(taken + 1, STEP_PLACES);
    for (const { place, entry, duplicateOf } of found) {
      if (duplicateOf === null) {
        const { columns, ranking } = dayOf(entry.clickDay);
        columns.add(place, ranking.rank(entry));
      }
      taken = place;
    }
    return found.length === STEP_PLACES;
  };
  const follow = () => {
    let pauseMs: number = PAUSE_MS.trouble;
    try {
      pauseMs = step() ? PAUSE_MS.more : PAUSE_MS.idle;
    } catch (error) {
      // What stands before the damaged place is served; nothing is skipped.
      log.error({ err: error, place: taken + 1 }, 'the ranking cannot go on');
    }
    if (!isClosed) cancel = timers.after(pauseMs, follow);
  };

  const rowAt = (columns: RankingColumns, row: number): RankingRow => {
    const { registerPlace, ...places } = columns.at(row);
    const entry = register.at(registerPlace)?.entry;
    if (entry === undefined) throw new RegisterDamaged(`place ${registerPlace} is gone`);
    const hash = leafHash(leafText(entry)).toString('base64url');
    return rankingRow({ entry, place: row + 1, ...places }, hash);
  };

  return {
    start: follow,
    step,
    clickDays: () => [...days.keys()],
    summary: (clickDay) => {
      const columns = columnsOf(clickDay);
      return {
        count: columns.count,
        lastStampUs: columns.count === 0 ? null : columns.stampUs(columns.count - 1),
        quotas: columns.quotas.tally(),
        offices: columns.offices.tally(),
        gates: columns.gates.tally(),
      };
    },
    count: (clickDay, filter, until) => columnsOf(clickDay).countRows(filter, until),
    rows: (clickDay, { filter, after, until, limit }) => {
      const columns = columnsOf(clickDay);
      const found: RankingRow[] = [];
      for (const row of columns.rows(filter, after, until)) {
        if (found.length === limit) break;
        found.push(rowAt(columns, row));
      }
      return found;
    },
    find: (clickDay, text) => {
      const named = entryNamed(text);
      const entry = named && parts.readEntry(named);
      const registerPlace = named
        ? (entry?.duplicateOf ?? entry?.place ?? undefined)
        : register.placeOf(text);
      if (registerPlace === undefined) return undefined;
      const row = days.get(clickDay)?.columns.rowOf(registerPlace);
      return row === undefined ? undefined : row + 1;
    },
    arrivals: (clickDay, { opensAtUs, filter }) => {
      const columns = columnsOf(clickDay);
      const counter = new ArrivalCounter(opensAtUs);
      const rows = columns.rows(filter, 0, columns.count);
      for (const row of rows) counter.add(columns.stampUs(row));
      return counter.result();
    },
    close: () => {
      isClosed = true;
      cancel();
    },
  };
}

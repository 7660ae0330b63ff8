/**
 * `clickday rank`: the ranking of a click day rebuilt from the public logs of the gates alone, by
 * whoever wants to know that nobody was put in front. It trusts no portal and no gate:
 *
 *     checkpoint signed? ──► entries have its root? ──► one order ──► places ──► the list
 *     (given keys, or its own)                                           └─► as published?
 *
 * Nothing is written where it was asked for before all of it is proven. Needs no data directory.
 */
import { createReadStream, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { PublishedCalendar } from '#engine/calendar/index.ts';
import { systemClock, systemTimers } from '#engine/clock/index.ts';
import { systemRandom } from '#engine/foundation/random.ts';
import type { ClickDay } from '#protocol/calendar.ts';
import { toBase64 } from '#protocol/log/base64.ts';
import type { NoteKey } from '#protocol/log/note.ts';
import type { RankingFormat } from '#protocol/ranking/lines.ts';
import type { RankingFilter } from '#protocol/ranking/ranking.ts';
import { isoFromUs, usFromIso } from '#protocol/time.ts';
import { emit, Refused, say } from './context.ts';
import { type Comparison, compareLists, reachOf, takeList } from './rank/compare.ts';
import { type Fetching, pause } from './rank/fetching.ts';
import { entriesOfLog } from './rank/log-entries.ts';
import { type Rebuilt, rebuild } from './rank/rebuild.ts';
import {
  logBase,
  newestCalendar,
  openRemoteLog,
  pinnedKeys,
  type RemoteLog,
} from './rank/remote-log.ts';

export interface RankFlags {
  readonly fromLog: readonly string[];
  readonly key?: readonly string[];
  readonly clickDay?: string;
  readonly format?: string;
  readonly quota?: string;
  readonly office?: string;
  readonly gate?: string;
  readonly from?: string;
  readonly to?: string;
  readonly out?: string;
  readonly compare?: string;
  readonly cache?: string;
  readonly json?: boolean;
}

/** A checkpoint is seconds behind what a portal has published, under the worst load some twenty. */
const LAG = { tries: 60, pauseMs: 500 } as const;
/** After the close, until the last gate has said that nothing more comes. */
const SETTLED_US = 60_000_000;
const PROGRESS_ENTRIES = 50_000;

interface Work {
  readonly flags: RankFlags;
  readonly format: RankingFormat;
  readonly filter: RankingFilter;
  readonly urls: readonly string[];
  readonly pinned: readonly NoteKey[];
  readonly fetching: Fetching;
  readonly folder: string;
}

/** What came of it. */
interface Found {
  readonly logs: readonly RemoteLog[];
  readonly day: ClickDay;
  readonly signers: readonly string[];
  readonly rebuilt: Rebuilt;
  readonly isOver: boolean;
  readonly comparison: Comparison | undefined;
  /** Nothing was compared, or the published list is what the logs give. */
  readonly isSame: boolean;
}

/** Ends with status 0 when the logs are proven and, with --compare, the list is the same. */
export async function rank(flags: RankFlags): Promise<void> {
  if (flags.json && flags.out === undefined && flags.compare === undefined) {
    throw new Refused('USAGE', '--json says what was found: name a file for the list with --out');
  }
  const found = await findRanking(flags, say);
  tell(found);
  if (flags.json) emitFound(found);
  const { comparison, isSame } = found;
  if (comparison !== undefined) tellComparison(comparison, isSame);
  if (!isSame) throw new Refused('RANKING_DIFFERS', 'the published list is not what the logs give');
}

/** Rebuilds, compares and delivers; tells nobody but `note`, of its progress. */
export async function findRanking(flags: RankFlags, note: (line: string) => void): Promise<Found> {
  const format = formatOf(flags);
  const filter = filterOf(flags);
  const urls = flags.fromLog.map(logBase);
  const pinned = pinnedKeys(flags.key ?? []);
  const clock = systemClock();
  const fetching = { timers: systemTimers(), random: systemRandom(clock), note };
  // Beside the file it becomes, so that the last step is a rename.
  const folder = temporaryFolder(flags.out === undefined ? tmpdir() : dirname(flags.out));
  try {
    const work = { flags, format, filter, urls, pinned, fetching, folder };
    return await findIn(work, clock.nowUs());
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function findIn(work: Work, nowUs: number): Promise<Found> {
  const { flags, filter, format, fetching, folder } = work;
  const published =
    flags.compare === undefined
      ? undefined
      : await takeList(flags.compare, join(folder, 'published'), fetching);
  const logs = await openLogs(work, published);
  const calendar = await newestCalendar(work.urls, fetching);
  const day = chooseDay(calendar, flags.clickDay, nowUs);
  const path = join(folder, 'rebuilt');
  const options = { clickDay: day.id, quotas: day.quotas ?? [], filter, format, path };
  const rebuilt = await rebuild(readAll(logs, work), options);
  const isOver = nowUs > usFromIso(day.closesAt) + SETTLED_US;
  const comparison = published === undefined ? undefined : compareLists(published, path);
  await deliver(work, path);
  const isSame = comparison === undefined || isAsPublished(comparison, isOver);
  const signers = calendar?.signers ?? [];
  return { logs, day, signers, rebuilt, isOver, comparison, isSame };
}

/** The logs, when they go as far as the published list does. */
async function openLogs(work: Work, published: string | undefined): Promise<RemoteLog[]> {
  const { urls, pinned, fetching } = work;
  const reach = published === undefined ? new Map<string, number>() : await reachOf(published);
  const needed = Math.max(0, ...reach.values());
  for (let attempt = 1; ; attempt += 1) {
    const logs: RemoteLog[] = [];
    for (const url of urls) logs.push(await openRemoteLog(url, pinned, fetching));
    const sizes = logs.map(({ checkpoint }) => checkpoint.size).toSorted((a, b) => b - a);
    const wanted = [...reach.values()].toSorted((a, b) => b - a);
    const reaches = wanted.every((seq, at) => (sizes[at] ?? 0) >= seq);
    if (reaches || attempt === LAG.tries) return logs;
    fetching.note(
      `the checkpoints do not reach entry ${needed} yet, which the list has; looking again`,
    );
    await pause(fetching.timers, LAG.pauseMs);
  }
}

function readAll(logs: readonly RemoteLog[], { fetching, flags }: Work) {
  const total = logs.reduce((sum, { checkpoint }) => sum + checkpoint.size, 0);
  const done = new Map<RemoteLog, number>();
  let told = 0;
  return logs.map((log) => {
    const progress = (entries: number) => {
      done.set(log, entries);
      const sum = [...done.values()].reduce((all, each) => all + each, 0);
      if (sum - told < PROGRESS_ENTRIES) return;
      told = sum;
      fetching.note(`read and hashed ${sum} of ${total} entries`);
    };
    return entriesOfLog(log, { fetching, cache: flags.cache, progress });
  });
}

/** The click day that was named, or the only one that has opened. */
function chooseDay(
  calendar: PublishedCalendar | undefined,
  named: string | undefined,
  nowUs: number,
): ClickDay {
  if (calendar === undefined) {
    throw new Refused(
      'CLICK_DAY_UNKNOWN',
      'no log serves a calendar: when a day closes is unknown',
    );
  }
  const { clickDays } = calendar;
  const ids = clickDays.map(({ id }) => id).join(', ');
  const opened = clickDays.filter(({ opensAt }) => usFromIso(opensAt) <= nowUs);
  const day = named === undefined ? opened[0] : clickDays.find(({ id }) => id === named);
  if (day === undefined) {
    throw new Refused('CLICK_DAY_UNKNOWN', `there are ${ids || 'none'} in the calendar`);
  }
  if (named === undefined && opened.length > 1) {
    throw new Refused('CLICK_DAY_UNKNOWN', `name one with --click-day: ${ids}`);
  }
  return day;
}

function tell({ logs, day, signers, rebuilt, isOver }: Found): void {
  for (const { url, checkpoint, key, isPinned } of logs) {
    const trust = isPinned ? 'a key that you gave' : 'the key that the log names itself';
    say(`${checkpoint.origin}: ${checkpoint.size} entries have the root that was signed`);
    say(`  ${url}, root ${toBase64(checkpoint.root)}`);
    say(`  signed with ${trust}: ${key}`);
  }
  if (logs.some(({ isPinned }) => !isPinned)) {
    say('Compare the keys with those made known elsewhere, or give them with --key.');
  }
  say(`calendar signed with ${signers.join(', ')}`);
  const { places, entries, repeats, sha256, surelyUntilUs } = rebuilt;
  say(`click day ${day.id}: ${places} places of ${entries} entries, ${repeats} repeats left out`);
  say(`SHA-256 of the list: ${sha256}`);
  if (isOver || surelyUntilUs === Number.POSITIVE_INFINITY) return;
  const until = surelyUntilUs === 0 ? 'none yet' : `before ${isoFromUs(surelyUntilUs)}`;
  say(`The day is not over: final are places with a stamp ${until}; later ones may still move.`);
}

/** A list that was read while the day was open may end early; afterwards it is whole. */
function isAsPublished({ difference, more }: Comparison, isOver: boolean): boolean {
  return difference === undefined && (more === 0 || !isOver);
}

function tellComparison({ same, more, difference }: Comparison, isSame: boolean): void {
  if (difference !== undefined) {
    const shown = (line: string | undefined) => line ?? '(the list ends)';
    say(`The first ${same} lines are the same; line ${difference.line} differs:`);
    say(`  published  ${shown(difference.published)}`);
    say(`  from logs  ${shown(difference.rebuilt)}`);
  } else if (!isSame) say(`The published list ends ${more} places early, though the day is over.`);
  else if (more === 0) say(`Identical: all ${same} lines, byte for byte.`);
  else say(`Identical as far as it was published: ${same} lines; the logs have ${more} more.`);
}

function emitFound({ logs, day, rebuilt, comparison, isSame }: Found): void {
  const { entries, places, repeats, sha256 } = rebuilt;
  emit({
    ok: isSame,
    clickDay: day.id,
    ...{ entries, places, repeats, sha256 },
    logs: logs.map(({ url, checkpoint, key, isPinned }) => ({
      ...{ url, origin: checkpoint.origin, size: checkpoint.size, key, isPinned },
      root: toBase64(checkpoint.root),
    })),
    ...(comparison && { compared: { identical: isSame, ...comparison } }),
  });
}

/** The list goes where it was asked for; with --compare alone it is not wanted. */
async function deliver({ flags }: Work, path: string): Promise<void> {
  if (flags.compare !== undefined && flags.out === undefined) return;
  if (flags.out === undefined) {
    await pipeline(createReadStream(path), process.stdout, { end: false });
    return;
  }
  try {
    renameSync(path, flags.out);
  } catch (error) {
    throw new Refused('OUT_UNWRITABLE', `${flags.out}: ${(error as Error).message}`);
  }
}

function temporaryFolder(parent: string): string {
  try {
    return mkdtempSync(join(parent, '.clickday-rank-'));
  } catch (error) {
    throw new Refused('OUT_UNWRITABLE', `${parent}: ${(error as Error).message}`);
  }
}

function formatOf({ format, compare, out }: RankFlags): RankingFormat {
  const ending = /\.(csv|ndjson)(\?|$)/.exec(compare ?? out ?? '')?.[1];
  const chosen = format ?? ending ?? 'ndjson';
  if (chosen === 'csv' || chosen === 'ndjson') return chosen;
  throw new Refused('USAGE', '--format must be ndjson or csv');
}

function filterOf({ quota, office, gate, from, to }: RankFlags): RankingFilter {
  const instant = (name: string, text: string | undefined) => {
    const us = text === undefined ? undefined : usFromIso(text);
    if (Number.isNaN(us)) {
      throw new Refused('USAGE', `--${name} must be like 2011-01-31T07:00:00.000123Z`);
    }
    return us;
  };
  return { quota, office, gate, fromUs: instant('from', from), toUs: instant('to', to) };
}

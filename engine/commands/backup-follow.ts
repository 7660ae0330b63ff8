/**
 * `clickday backup --follow`: keeps a second directory at most a second behind until SIGTERM or
 * SIGINT, then brings it up to date once more and ends with status 0. Says its lag: every second
 * with `--json`, else when it changes between "within a second" and not, and each minute.
 */
import { BackupRefused, type Follower, openFollower, type PartLag } from '#engine/backup/index.ts';
import { systemClock, systemTimers } from '#engine/clock/index.ts';
import { systemRandom } from '#engine/foundation/random.ts';
import { CopyDiffers, LedgerDamaged } from '#engine/ledger/index.ts';
import { isoFromUs } from '#protocol/time.ts';
import { readConfig } from '../config.ts';
import { endOnSignals } from './child.ts';
import { directoryToRead, emit, Refused, say } from './context.ts';

const LOOK_EVERY_MS = 150;
const TELL_EVERY_MS = 1000;
const TELL_ALL_EVERY = 60;
const BEHIND_MS_MAX = 1000;
const CATCH_UP_MS_MAX = 5000;
const CATCH_UP_EVERY_MS = 20;

export async function follow(flags: { data?: string; to: string; json?: boolean }): Promise<void> {
  const source = directoryToRead(readConfig({ data: flags.data }));
  const clock = systemClock();
  const madeAt = isoFromUs(clock.nowUs());
  const follower = opened(() =>
    openFollower({ source, folder: flags.to, clock, random: systemRandom(clock), madeAt }),
  );
  const stopTelling = systemTimers().every(TELL_EVERY_MS, teller(follower, flags.json ?? false));
  await run(follower).finally(stopTelling);
}

/** Resolves never: it ends with the process, or rejects with what stopped it. */
async function run(follower: Follower): Promise<void> {
  let isEnding = false;
  let stepping: Promise<unknown> = Promise.resolve();
  endOnSignals(async () => {
    isEnding = true;
    await stepping;
    await catchUp(follower);
    await follower.close();
  });
  while (!isEnding) {
    const step = follower.step();
    stepping = step.catch(() => undefined);
    const isWhole = await step.catch((error: unknown) => {
      throw refusalOf(error);
    });
    if (isWhole) await pause(LOOK_EVERY_MS);
  }
  await new Promise(() => undefined);
}

/** Until every part has all that was there when this began, or the time for it is over. */
async function catchUp(follower: Follower): Promise<void> {
  const clock = systemClock();
  const beganUs = clock.nowUs();
  const sinceMs = () => (clock.nowUs() - beganUs) / 1000;
  while (sinceMs() < CATCH_UP_MS_MAX) {
    const isWhole = await follower.step();
    if (isWhole && follower.lag().every(({ behindMs }) => behindMs < sinceMs())) return;
    await pause(CATCH_UP_EVERY_MS);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    systemTimers().after(ms, resolve);
  });
}

function teller(follower: Follower, json: boolean): () => void {
  let isClose: boolean | undefined;
  let ticks = 0;
  return () => {
    const parts = follower.lag();
    if (json) return emit({ lag: parts });
    const isCloseNow = parts.every(({ behindMs }) => behindMs <= BEHIND_MS_MAX);
    ticks += 1;
    if (isCloseNow === isClose && ticks % TELL_ALL_EVERY !== 0) return;
    isClose = isCloseNow;
    say(parts.map(words).join(' · '));
  };
}

function words({ part, behindMs, upTo }: PartLag): string {
  const seconds = (behindMs / 1000).toFixed(1);
  return `${part}${upTo === null ? '' : ` up to ${upTo}`}: ${seconds} s behind`;
}

function opened(open: () => Follower): Follower {
  try {
    return open();
  } catch (error) {
    throw refusalOf(error);
  }
}

function refusalOf(error: unknown): unknown {
  if (error instanceof BackupRefused) return new Refused(error.code, error.message);
  if (error instanceof CopyDiffers) return new Refused('COPY_WRONG', error.message);
  if (error instanceof LedgerDamaged) {
    return new Refused('COPY_WRONG', `${error.message}: the copy stays as it was before it`);
  }
  return error;
}

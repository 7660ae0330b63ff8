/**
 * The memory that the gate holds, and whether there is some for newcomers. Beyond the limit new
 * connections are refused (503, `OVERLOADED`) and those that are there go on: what was promised to
 * them needs little, and a process that the kernel ends for want of memory helps nobody.
 *
 *     room ──held ≥ limit──► short ──held < 90 % of it──► room
 *
 * Held is what the kernel cannot take back (RssAnon). The pages of the ledger's map, which it can,
 * do not count. Measured twice a second and with every tenth newcomer, so that a rush of them is
 * seen while it comes; when it cannot be measured, for want of a file to open, the last measure
 * stands.
 */
import { readFileSync } from 'node:fs';
import type { Timers } from '#engine/clock/index.ts';
import type { Log } from '#engine/foundation/log.ts';

export interface MemoryGuard {
  /** Whether a new connection may come in; asked once for each. */
  hasRoom(): boolean;
  /** For `/health`: measured when asked. */
  status(): { readonly heldBytes: number; readonly limitBytes: number; readonly isShort: boolean };
  stop(): void;
}

const MEASURED_EVERY_MS = 500;
/** Each may fill its buffer at once; a measure costs some 30 µs. */
const NEWCOMERS_A_LOOK = 10;
/** Garbage comes and goes: without a distance the door would flap. */
const ROOM_AGAIN_SHARE = 0.9;

/** @param options.limitBytes 0: no limit, and nothing is measured unless asked */
export function createMemoryGuard(options: {
  readonly limitBytes: number;
  readonly timers: Pick<Timers, 'every'>;
  readonly log: Pick<Log, 'warn' | 'info'>;
  readonly measure?: () => number;
}): MemoryGuard {
  const { limitBytes, timers, log, measure = heldBytes } = options;
  let isShort = false;
  let lastBytes = 0;
  let isBlind = false;
  let newcomers = 0;
  const measured = () => {
    try {
      lastBytes = measure();
      isBlind = false;
    } catch (error) {
      if (!isBlind) log.warn({ error }, 'the memory held cannot be measured');
      isBlind = true;
    }
    return lastBytes;
  };
  const look = () => {
    const held = measured();
    const was = isShort;
    isShort = held >= limitBytes * (was ? ROOM_AGAIN_SHARE : 1);
    if (isShort === was) return;
    if (isShort) log.warn({ held, limitBytes }, 'memory is short: new connections are refused');
    else log.info({ held, limitBytes }, 'there is memory again: new connections are taken');
  };
  const stop = limitBytes === 0 ? () => undefined : timers.every(MEASURED_EVERY_MS, look);
  return {
    hasRoom: () => {
      newcomers += 1;
      if (limitBytes > 0 && newcomers % NEWCOMERS_A_LOOK === 0) look();
      return !isShort;
    },
    status: () => ({ heldBytes: measured(), limitBytes, isShort }),
    stop,
  };
}

const BYTES_A_KIB = 1024;

/** What the kernel cannot take back from this process; throws when no file can be opened. */
function heldBytes(): number {
  const kib = /^RssAnon:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  return kib === undefined ? process.memoryUsage.rss() : Number(kib) * BYTES_A_KIB;
}

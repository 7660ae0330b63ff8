/**
 * Looks at a gate's checkpoint over and over while it works, over HTTP as anybody may: how long
 * none came, and how long after the load one covered all of it.
 */
import { setTimeout as after } from 'node:timers/promises';
import { parseCheckpoint } from '#protocol/log/checkpoint.ts';
import { parseNote } from '#protocol/log/note.ts';

/** All from a look to another, ms. */
export interface Checkpoints {
  /** The longest time without a new one. */
  readonly longestMs: number;
  /** From the end of the load until one covered it. */
  readonly behindMs: number;
}

const LOOK_EVERY_MS = 100;
const BEHIND_MS_MAX = 30_000;

export interface CheckpointWatch {
  begin(): void;
  /** The load is over: nothing more comes. */
  loadEnded(): void;
  /** What was seen, as soon as a checkpoint has `size` entries. Rejects when none ever has. */
  until(size: number): Promise<Checkpoints>;
  /** Looks no more; the size of the last one, 0 when there was none. */
  end(): Promise<number>;
}

export function watchCheckpoints(port: number): CheckpointWatch {
  let [size, longestMs, newAtMs, endedAtMs] = [0, 0, Number.NaN, Number.NaN];
  let hasEnded = false;
  let looking: Promise<unknown> = Promise.resolve();

  const look = async () => {
    const response = await fetch(`http://127.0.0.1:${port}/v1/log/checkpoint`);
    const note = parseNote(await response.text());
    const seen = parseCheckpoint(note?.text ?? '')?.size ?? 0;
    if (seen <= size) return;
    const nowMs = performance.now();
    longestMs = Math.max(longestMs, nowMs - newAtMs);
    newAtMs = nowMs;
    size = seen;
  };
  const goOn = async (): Promise<void> => {
    while (!hasEnded) {
      await look();
      await after(LOOK_EVERY_MS);
    }
  };

  const end = async () => {
    hasEnded = true;
    await looking;
    return size;
  };

  return {
    end,
    begin: () => {
      newAtMs = performance.now();
      looking = goOn();
    },
    loadEnded: () => {
      endedAtMs = performance.now();
    },
    until: async (wanted) => {
      while (size < wanted && performance.now() - endedAtMs < BEHIND_MS_MAX) {
        await Promise.race([looking, after(LOOK_EVERY_MS)]);
      }
      await end();
      if (size < wanted) throw new Error(`the last checkpoint has ${size} entries of ${wanted}`);
      return { longestMs, behindMs: Math.max(0, newAtMs - endedAtMs) };
    },
  };
}

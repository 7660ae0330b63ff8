/**
 * How much memory a program takes, step by step, with the processes it starts (Linux, /proc).
 *
 * Of the program itself the kernel keeps the peak (VmHWM, begun anew with each step), of a process
 * it starts too, read every few milliseconds until it ends: what such a process takes in its very
 * last ones may be missed, of what it held before nothing.
 */
import { readFileSync } from 'node:fs';
import { forgetPeak, peakResidentMiB } from '#bench/fairness/gate.ts';
import { childrenOf } from '#bench/machine.ts';

const LOOK_MS = 5;
const KIB = 2 ** 10;
const MIB = 2 ** 20;
const MB = 1e6;

/** Peaks in MB. */
export interface StepPeaks {
  readonly step: string;
  readonly own: number;
  /** Of the largest process that it started; 0: it started none. */
  readonly child: number;
  /** Of the program and all that it started, at one instant; the file they run counts once. */
  readonly sum: number;
}

export interface MemoryWatch {
  /** Does one step, and keeps what it took at most. */
  during<T>(step: string, work: () => Promise<T>): Promise<T>;
  readonly peaks: readonly StepPeaks[];
}

export function watchMemory(pid: number): MemoryWatch {
  const peaks: StepPeaks[] = [];
  return {
    peaks,
    during: async (step, work) => {
      forgetPeak(pid);
      const most = { child: 0, sum: 0 };
      const looking = setInterval(() => look(pid, most), LOOK_MS);
      try {
        return await work();
      } finally {
        clearInterval(looking);
        peaks.push({ step, own: peakMb(pid), ...most });
      }
    },
  };
}

/** The peak of a process that ends by itself, MB. */
export async function peakUntil(pid: number, ended: Promise<unknown>): Promise<number> {
  let most = 0;
  const looking = setInterval(() => {
    most = Math.max(most, peakMb(pid));
  }, LOOK_MS);
  await ended;
  clearInterval(looking);
  return most;
}

function look(pid: number, most: { child: number; sum: number }): void {
  const all = [pid, ...childrenOf(pid)];
  for (const child of all.slice(1)) most.child = Math.max(most.child, peakMb(child));
  const own = all.reduce((sum, one) => sum + residentMb(one, 'RssAnon'), 0);
  const files = Math.max(...all.map((one) => residentMb(one, 'RssFile')));
  most.sum = Math.max(most.sum, own + files);
}

/** 0 when it has just ended. */
function residentMb(pid: number, what: 'RssAnon' | 'RssFile'): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return (Number(new RegExp(`${what}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) * KIB) / MB;
  } catch {
    return 0;
  }
}

/** 0 when it has just ended. */
function peakMb(pid: number): number {
  try {
    return (peakResidentMiB(pid) * MIB) / MB || 0;
  } catch {
    return 0;
  }
}

/** Asks a process of its own what an image of a data directory holds (image-child.ts). */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Scope } from '#test/support/scope.ts';
import type { Place } from './judge.ts';

/** `found`: what verify says; `served`: what readers get, each entry
 * and each receipt by its digest; either may be refused with a reason. */
export interface ImageVerdict {
  readonly found: { violations: number; pending: number; first: string } | { refused: string };
  readonly served: { places: Place[]; items: string[] } | { refused: string };
}

export interface ImageReader {
  /** The verdict, or the signal that ended the process over the image. */
  read(data: string): Promise<ImageVerdict | { died: string }>;
}

const CHILD = fileURLToPath(new URL('image-child.ts', import.meta.url));

export function openImageReader(scope: Scope): ImageReader {
  let child: ChildProcess | undefined;
  scope.onEnd(() => child?.kill('SIGKILL'));
  const living = () => {
    child ??= fork(CHILD, { execArgv: ['--disable-warning=ExperimentalWarning'], silent: true });
    return child;
  };
  return {
    read: (data) =>
      new Promise((resolve) => {
        const asked = living();
        const answered = (verdict: ImageVerdict) => {
          asked.off('exit', died);
          resolve(verdict);
        };
        const died = (code: number | null, signal: NodeJS.Signals | null) => {
          child = undefined;
          resolve({ died: signal ?? `exit ${code}` });
        };
        asked.once('message', answered);
        asked.once('exit', died);
        asked.send(data);
      }),
  };
}

/**
 * Whether it was told that something is wrong, in whatever way; also that something which had been
 * made is told to be still to be made, where nothing was `pending` before.
 */
export function isDetected(verdict: ImageVerdict | { died: string }, pending = Infinity): boolean {
  if ('died' in verdict || 'refused' in verdict.found) return true;
  return verdict.found.violations > 0 || verdict.found.pending > pending;
}

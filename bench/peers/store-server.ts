/** A store that the suite starts beside a peer's program, and how its process is ended. */
import type { ChildProcess } from 'node:child_process';
import type { Kept } from '#bench/peers/intake.ts';

const STOP_MS_MAX = 10_000;

/** What is compared with the acknowledgements. */
export type StoredRow = Kept & { readonly application: string };

/** A running store. */
export interface StoreServer {
  /** What the peer's program takes as `store`. */
  readonly address: string;
  readonly pid: number;
  /** Everything it holds, read back from itself. */
  entries(): Promise<readonly StoredRow[]>;
  stop(): Promise<void>;
}

/** Resolves when a process is gone, also one that could not be started. */
export function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('close', () => resolve());
    child.once('error', () => resolve());
  });
}

/** SIGTERM, and SIGKILL when that does not end it. */
export async function terminate(child: ChildProcess, end: Promise<void>): Promise<void> {
  const tooLate = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX);
  child.kill('SIGTERM');
  await end;
  clearTimeout(tooLate);
}

/** A peer cannot be measured on this machine; the message is the reason. */
export class NotDone extends Error {
  override name = 'NotDone';
}

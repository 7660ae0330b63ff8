/** A store that the suite starts beside a peer's program: how it is had, and how it is ended. */
import { type ChildProcess, execFileSync, spawnSync } from 'node:child_process';
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

/**
 * What `program --version` says; installed by apt first where it is missing and this is root.
 * Throws `NotDone` when it cannot be had.
 */
export function requireProgram(program: string, debianPackage: string): string {
  const there = versionOf(program);
  if (there !== undefined) return there;
  installPackage(debianPackage);
  const installed = versionOf(program);
  if (installed === undefined) throw new NotDone(`${program} is not on the path`);
  return installed;
}

function versionOf(program: string): string | undefined {
  const asked = spawnSync(program, ['--version'], { encoding: 'utf8' });
  return asked.status === 0 ? asked.stdout.trim() : undefined;
}

/** Installs a Debian package. Throws `NotDone` when this is not root or apt fails. */
export function installPackage(name: string): void {
  if (process.getuid?.() !== 0) throw new NotDone(`${name} is not installed`);
  const words = ['install', '-y', '-qq', '--no-install-recommends', name];
  try {
    execFileSync('apt-get', words, { stdio: 'ignore' });
  } catch (cause) {
    throw new NotDone(`apt-get could not install ${name}`, { cause });
  }
}

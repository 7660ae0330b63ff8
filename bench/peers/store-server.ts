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
  /** Name and version of the program; empty when there is none. */
  readonly version: string;
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

/** Whether what is missing may be installed or fetched. */
export interface Wishes {
  readonly mayInstall: boolean;
}

/**
 * What `program --version` says; installed by apt first where it is missing, that is wished and
 * this is root. Throws `NotDone` when it cannot be had.
 */
export function requireProgram(program: string, debianPackage: string, wishes: Wishes): string {
  const there = versionOf(program);
  if (there !== undefined) return there;
  installPackage(debianPackage, wishes);
  const installed = versionOf(program);
  if (installed === undefined) throw new NotDone(`${program} is not on the path`);
  return installed;
}

/** What `program --version` says first; undefined where there is no such program. */
export function versionOf(program: string): string | undefined {
  const asked = spawnSync(program, ['--version'], { encoding: 'utf8' });
  return asked.status === 0 ? asked.stdout.trim() : undefined;
}

/** Installs a Debian package. Throws `NotDone` when that is not wished, not root, or fails. */
export function installPackage(name: string, { mayInstall }: Wishes): void {
  if (!mayInstall || process.getuid?.() !== 0) throw new NotDone(`${name} is not installed`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...words: string[]) => execFileSync('apt-get', words, { stdio: 'ignore', env });
  try {
    apt('update', '-qq');
    apt('install', '-y', '-qq', '--no-install-recommends', name);
  } catch (cause) {
    throw new NotDone(`apt-get could not install ${name}`, { cause });
  }
}

/**
 * Real systems for tests: fresh directories, the command line, running processes, all of them
 * gone when the test is over, whether it passed or not.
 *
 * The processes themselves are started by bench/system.ts, which the benchmarks share.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFailed, onTestFinished } from 'vitest';
import {
  clickday,
  clickdayOk,
  type FixtureAccount,
  type RunningSystem,
  startSystem,
} from '#bench/system.ts';

import { childOfRole } from '#test/support/processes.ts';

export type { ReadyLine, RunningSystem } from '#bench/system.ts';
export { type CommandResult, clickday, clickdayOk, type FixtureAccount } from '#bench/system.ts';
export { eventually } from '#test/support/processes.ts';

/** A directory that is removed when the test is over. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'clickday-test-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/**
 * A data directory with one click day and its ready applications, and the accounts that own them.
 * `words` are further words of the command, for instance `['--opens-in', '3']`.
 */
export async function fixture(options: {
  data: string;
  accounts: number;
  applications: number;
  words: readonly string[];
}): Promise<FixtureAccount[]> {
  const out = join(options.data, '..', `${Date.now()}-accounts.ndjson`);
  await clickdayOk([
    'fixture',
    ...['--data', options.data, '--out', out, '--seed', '7'],
    ...['--accounts', String(options.accounts), '--applications', String(options.applications)],
    ...options.words,
  ]);
  const lines = readFileSync(out, 'utf8').split('\n').filter(Boolean);
  rmSync(out);
  return lines.map((line) => JSON.parse(line) as FixtureAccount);
}

/**
 * A running system on free ports of the loopback; stopped when the test is over. What it said is
 * shown when the test failed.
 */
export async function runningSystem(options: {
  data: string;
  words?: readonly string[];
  environment?: Readonly<Record<string, string>>;
}): Promise<RunningSystem> {
  const ports = ['--portal', '127.0.0.1:0', '--gate', '127.0.0.1:0'];
  const words = ['--data', options.data, ...ports, ...(options.words ?? [])];
  const environment = { CLICKDAY_NTP_SERVERS: '', ...options.environment };
  const system = await startSystem(words, environment);
  onTestFailed(() => {
    process.stderr.write(system.stderr());
  });
  onTestFinished(async () => {
    await system.stop();
  });
  return system;
}

/** A row of `export --what ledger`. */
export interface LedgerRow {
  readonly seq: number;
  readonly stamp: string;
  readonly gate: string;
  readonly application: string;
  readonly entry: string;
}

/** The ledger as the command line exports it, in order. */
export async function exportedLedger(data: string): Promise<LedgerRow[]> {
  const words = ['--what', 'ledger', '--format', 'ndjson', '--data', data];
  const text = await clickdayOk(['export', ...words]);
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as LedgerRow);
}

/** Exit status and words of `verify` on a directory. */
export function verified(data: string) {
  return clickday(['verify', '--json', '--data', data]);
}

/**
 * How many receipts the portal has made and how many wait; NaN while it is not there. Asking is
 * cheap, unlike `verify`, which reads every byte each time.
 */
export async function receiptCounts({ portal }: RunningSystem) {
  const answer = await fetch(new URL('/metrics', portal)).catch(() => null);
  const text = (await answer?.text()) ?? '';
  const of = (status: string) =>
    Number(new RegExp(`clickday_portal_receipts{status="${status}"} (\\d+)`).exec(text)?.[1]);
  return { made: of('made'), pending: of('pending'), failed: of('failed') };
}

/** The WebSocket address of a running system's gate. */
export function submissionsUrl(system: RunningSystem): string {
  return new URL('/v1/submissions', system.gate).href;
}

/**
 * The process that plays a role at this moment, also after the supervisor started it again;
 * undefined while there is none.
 */
export function pidOfRole(system: RunningSystem, role: 'gate' | 'portal'): number | undefined {
  return childOfRole(system.pid, role);
}

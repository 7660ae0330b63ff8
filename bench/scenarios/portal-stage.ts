/**
 * The stage of the portal's scenarios: a data directory with many accounts that are logged in, each
 * with applications ready to be sent, and a real portal on it, with a gate or without.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clickdayOk, type FixtureAccount, type RunningSystem, startSystem } from '#bench/system.ts';

export interface Visitor extends FixtureAccount {
  readonly session: string;
}

export interface PortalStage {
  readonly data: string;
  readonly visitors: readonly Visitor[];
  readonly system: RunningSystem;
  /** Address of the portal. */
  readonly url: string;
}

export interface StageWish {
  readonly accounts: number;
  readonly applications: number;
  readonly roles: 'portal' | 'portal,gate';
  readonly opensInSeconds: number;
  /** Before anything serves the directory, which has its accounts. */
  readonly prepare?: (data: string) => Promise<void>;
  readonly environment?: Readonly<Record<string, string>>;
}

const OPEN_FILES_BESIDES = 500;

/** Does `work` on a stage and takes it down, whatever happened. */
export async function onPortalStage<T>(
  wish: StageWish,
  work: (stage: PortalStage) => Promise<T>,
): Promise<T> {
  const data = mkdtempSync(join(tmpdir(), 'clickday-portal-'));
  try {
    const visitors = await visitorsIn(data, wish);
    await wish.prepare?.(data);
    const addresses = ['--portal', '127.0.0.1:0', '--gate', '127.0.0.1:0'];
    const words = ['--data', data, '--roles', wish.roles, ...addresses, '--log-level', 'warn'];
    const environment = { CLICKDAY_NTP_SERVERS: '', ...wish.environment };
    const system = await startSystem(words, environment);
    const url = new URL(system.portal ?? '').origin;
    return await work({ data, visitors, system, url }).finally(() => system.stop());
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}

async function visitorsIn(data: string, wish: StageWish): Promise<Visitor[]> {
  const out = join(data, 'fixture.ndjson');
  const size = ['--accounts', String(wish.accounts), '--applications', String(wish.applications)];
  const when = ['--opens-in', String(wish.opensInSeconds)];
  const words = ['fixture', '--data', data, ...size, ...when, '--sessions', '--out', out];
  await clickdayOk(words);
  const lines = readFileSync(out, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Visitor);
}

/** How many pages may be open with so many files. */
export function pagesPossible(wanted: number, filesMax: number): number {
  return Math.min(wanted, filesMax - OPEN_FILES_BESIDES);
}

/** Memory a process has in use, bytes; NaN where the system does not say (not Linux). */
export function residentBytesOf(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) * 1024;
  } catch {
    return Number.NaN;
  }
}

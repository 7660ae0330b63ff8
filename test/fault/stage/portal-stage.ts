/**
 * A whole system for a fault: portal, gate, database and mail, on a data directory that the
 * command line prepared, with accounts that may submit.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clickdayOk, type FixtureAccount, type RunningSystem, startSystem } from '#bench/system.ts';
import { verifyDirectory } from '#engine/commands/verify.ts';
import { existingDirectory } from '#engine/store/index.ts';
import { PATIENCE_MS } from '#test/support/patience.ts';
import { eventually } from '#test/support/processes.ts';
import type { Scope } from '#test/support/scope.ts';

export interface PortalStage {
  readonly data: string;
  readonly folder: string;
  readonly accounts: readonly FixtureAccount[];
  readonly opensAtUs: number;
}

/** A click day that opened a minute ago, and its ready applications. */
export async function openPortalStage(
  scope: Scope,
  size: { accounts: number; applications: number },
): Promise<PortalStage> {
  const folder = mkdtempSync(join(tmpdir(), 'clickday-fault-'));
  scope.onEnd(() => rmSync(folder, { recursive: true, force: true }));
  const data = join(folder, 'data');
  const out = join(folder, 'accounts.ndjson');
  const counts = ['--accounts', size.accounts, '--applications', size.applications].map(String);
  await clickdayOk(['fixture', '--data', data, '--out', out, ...counts, '--opens-in', '0']);
  const lines = readFileSync(out, 'utf8').split('\n').filter(Boolean);
  const accounts = lines.map((line) => JSON.parse(line) as FixtureAccount);
  return { data, folder, accounts, opensAtUs: 0 };
}

/** Runs it on free ports until the scenario's end. */
export async function startPortalStage(
  scope: Scope,
  stage: PortalStage,
  environment: Readonly<Record<string, string>> = {},
): Promise<RunningSystem> {
  const ports = ['--portal', '127.0.0.1:0', '--gate', '127.0.0.1:0'];
  const words = ['--data', stage.data, ...ports];
  const system = await startSystem(words, { CLICKDAY_NTP_SERVERS: '', ...environment });
  scope.onEnd(() => system.stop());
  return system;
}

const LOOK_EVERY_MS = 500;
/** Each thread that dies is followed by one that loads all that draws, before its first receipt. */
const RECEIPTS_MS_MAX = 2 * PATIENCE_MS;

/** Resolves when every entry has its receipt; gives the violations of the check. */
export async function receiptsMade(data: string, count: number): Promise<string[]> {
  let violations: string[] = [];
  const isMade = async () => {
    const report = await verifyDirectory(existingDirectory(data)!);
    violations = report.violations.map((one) => JSON.stringify(one));
    return report.receipts.made >= count || violations.length > 0;
  };
  await eventually('every receipt is made', RECEIPTS_MS_MAX, isMade, LOOK_EVERY_MS);
  return violations;
}

/**
 * What makes a run count: every acknowledgement the swarm received is an entry of the exported
 * ledger with the same number and stamp, none is there twice, and `clickday verify` is clean.
 */

import type { Acknowledgement } from '#bench/drivers/swarm.ts';
import { clickday } from '#bench/system.ts';

interface LedgerRow {
  readonly application: string;
  readonly seq: number;
  readonly stamp: string;
}

/** Everything that is wrong with a run, as sentences; empty when it counts. */
export function violationsOf(
  acknowledgements: readonly Acknowledgement[],
  ledger: readonly LedgerRow[],
): string[] {
  const rows = new Map<string, LedgerRow>();
  const violations: string[] = [];
  for (const row of ledger) {
    if (rows.has(row.application)) violations.push(`${row.application} is in the ledger twice`);
    rows.set(row.application, row);
  }
  for (const { application, seq, stamp } of acknowledgements) {
    const row = rows.get(application);
    if (row === undefined) violations.push(`${application} was acknowledged and is not there`);
    else if (row.seq !== seq || row.stamp !== stamp) {
      violations.push(`${application}: acknowledged as ${seq} ${stamp}, stored as ${row.seq}`);
    }
  }
  return violations;
}

/** Reads the ledger of a data directory through the command line and checks a run against it. */
export async function checkRun(
  data: string,
  acknowledgements: readonly Acknowledgement[],
): Promise<string[]> {
  const words = ['--what', 'ledger', '--format', 'ndjson', '--data', data];
  const exported = await clickday(['export', ...words]);
  const verified = await clickday(['verify', '--json', '--data', data]);
  const violations: string[] = [];
  if (exported.status !== 0) violations.push(`export exited ${exported.status}`);
  if (verified.status !== 0) violations.push(`verify exited ${verified.status}`);
  const lines = exported.stdout.split('\n').filter((line) => line !== '');
  const ledger = lines.map((line) => JSON.parse(line) as LedgerRow);
  return [...violations, ...violationsOf(acknowledgements, ledger)];
}

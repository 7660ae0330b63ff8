/**
 * What makes a run count: every acknowledgement the swarm received is an entry of the gate's
 * ledger with the same number and stamp, none is there twice, and the ledger verifies, byte by
 * byte, as `clickday verify` checks it.
 */

import { join } from 'node:path';
import type { Acknowledgement } from '#bench/drivers/swarm.ts';
import { readNotice } from '#engine/calendar/index.ts';
import { type LedgerReader, openLedgerReader, verifyLedger } from '#engine/ledger/index.ts';
import { existingDirectory } from '#engine/store/index.ts';
import { entryFromLeaf, type LedgerEntry } from '#protocol/entry.ts';
import { isoFromUs } from '#protocol/time.ts';

interface LedgerRow {
  readonly application: string;
  readonly seq: number;
  readonly stamp: string;
}

/** Everything that is wrong with a run, as sentences; empty when it counts. */
export function violationsOf(
  acknowledgements: readonly Acknowledgement[],
  ledger: Iterable<LedgerRow>,
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

function* rowsOf(reader: LedgerReader): Generator<LedgerRow> {
  for (const { leaf } of reader.leaves()) yield rowOf(entryFromLeaf(leaf.toString('utf8')));
}

function rowOf({ application, seq, stampUs }: LedgerEntry): LedgerRow {
  return { application, seq, stamp: isoFromUs(stampUs) };
}

/** What is wrong with the ledger of `gate` in a data directory; O(entries). */
export async function ledgerViolations(data: string, gate: string): Promise<string[]> {
  return readingLedger(data, gate, (reader) => {
    const clickDays = clickDaysOf(data);
    return verifyLedger({ reader, clickDays }).violations.map(
      ({ code, seq, detail }) => `ledger ${gate}, ${seq ?? ''}: ${code} ${detail}`,
    );
  });
}

/** Checks a run against the ledger of `gate` in a data directory, and that ledger itself. */
export async function checkRun(
  data: string,
  acknowledgements: readonly Acknowledgement[],
  gate = 'g1',
): Promise<string[]> {
  const violations = await ledgerViolations(data, gate);
  if (violations.length > 0) return violations;
  return readingLedger(data, gate, (reader) => violationsOf(acknowledgements, rowsOf(reader)));
}

/**
 * Checks acknowledgements against the entries from `fromSeq` on, also beside a running gate: for a
 * ledger that is filled in rounds and verified as a whole at the end.
 */
export async function checkTail(options: {
  data: string;
  gate: string;
  fromSeq: number;
  acknowledgements: readonly Acknowledgement[];
}): Promise<string[]> {
  const { data, gate, fromSeq, acknowledgements } = options;
  return readingLedger(data, gate, (reader) => {
    const limit = Math.max(0, reader.lastSeq() - fromSeq + 1);
    return violationsOf(acknowledgements, reader.entries(fromSeq, limit).map(rowOf));
  });
}

async function readingLedger<T>(data: string, gate: string, read: (reader: LedgerReader) => T) {
  const reader = openLedgerReader({ path: join(data, 'gates', gate, 'ledger'), gate });
  try {
    return read(reader);
  } finally {
    await reader.close();
  }
}

function clickDaysOf(data: string) {
  const directory = existingDirectory(data);
  if (directory === undefined) throw new Error(`${data} is no data directory`);
  const { calendarNotice: calendar, keyNotice: portalKey } = directory;
  const notice = readNotice({ calendar, portalKey });
  if (notice === undefined) throw new Error(`${data} has no calendar that verifies`);
  return notice.clickDays;
}

/**
 * `clickday verify`: every ledger, the register and the receipts, checked from the stored bytes. It
 * changes nothing and works beside a running system: what is still to be done is *pending* and no
 * violation. Exit status 1 when there is a violation.
 */
import { readNotice } from '#engine/calendar/index.ts';
import { ledgerExists, openLedgerReader, verifyLedger } from '#engine/ledger/index.ts';
import {
  openRegister,
  registerExists,
  verifyReceipts,
  verifyRegister,
} from '#engine/register/index.ts';
import type { DataDirectory } from '#engine/store/index.ts';
import type { WitnessAddress } from '#protocol/log/witness.ts';
import { readConfig, witnessesOf } from '../config.ts';
import { directoryToRead, emit, Refused, say } from './context.ts';
import { verifyAttachments } from './verify-attachments.ts';
import { type CosignedReport, verifyCheckpoints } from './verify-checkpoints.ts';

export interface VerifyReport {
  readonly ok: boolean;
  readonly ledgers: readonly {
    gate: string;
    entries: number;
    batches: number;
    root: string;
    cosigned: CosignedReport | null;
  }[];
  readonly entries: number;
  readonly register: { entries: number; duplicates: number; pending: number };
  readonly receipts: { made: number; pending: number; failed: number };
  readonly attachments: { files: number; bytes: number };
  /** Practice submissions: of no value, counted and not checked. */
  readonly rehearsals: { entries: number };
  readonly violations: readonly object[];
}

/** Prints the counts and every violation. */
export async function verify(flags: {
  data?: string;
  witnesses?: string;
  json?: boolean;
}): Promise<void> {
  const config = readConfig({ data: flags.data, witnesses: flags.witnesses });
  const report = await verifyDirectory(directoryToRead(config), witnessesOf(config));
  if (flags.json) {
    for (const violation of report.violations) emit({ violation });
    emit({ ...report, violations: report.violations.length });
  } else tell(report);
  if (!report.ok) process.exitCode = 1;
}

/** The whole check of a data directory. O(entries). */
export async function verifyDirectory(
  directory: DataDirectory,
  witnesses: readonly WitnessAddress[] = [],
): Promise<VerifyReport> {
  const gates = directory.gates().filter((gate) => ledgerExists(directory.ledger(gate)));
  const readers = gates.map((gate) => openLedgerReader({ path: directory.ledger(gate), gate }));
  const notice = readNotice({
    calendar: directory.calendarNotice,
    portalKey: directory.keyNotice,
  });
  try {
    if (notice === undefined && readers.some((reader) => reader.lastSeq() > 0)) {
      throw new Refused('CALENDAR_MISSING', 'there is no calendar that verifies in this directory');
    }
    const clickDays = notice?.clickDays ?? [];
    const ledgers = readers.map((reader) => {
      const { gate } = reader;
      const places = directory.log(gate);
      const { signed, cosigned, violations } = verifyCheckpoints({ gate, places, witnesses });
      const report = verifyLedger({ reader, clickDays, signed });
      return { ...report, cosigned, violations: [...report.violations, ...violations] };
    });
    const after = await verifyAfter(directory, readers);
    const { violations: wrongFiles, ...attachments } = await verifyAttachments(directory);
    const inLedgers = ledgers.flatMap((ledger) => ledger.violations);
    const violations = [...inLedgers, ...after.violations, ...wrongFiles];
    return {
      ok: violations.length === 0,
      ledgers: ledgers.map(({ violations: _told, ...ledger }) => ledger),
      entries: ledgers.reduce((sum, ledger) => sum + ledger.entries, 0),
      register: after.register,
      receipts: after.receipts,
      attachments,
      rehearsals: { entries: await countRehearsals(directory, gates) },
      violations,
    };
  } finally {
    for (const reader of readers) await reader.close();
  }
}

/** A ledger of rehearsals may be wiped or begun anew at any moment: then it counts as empty. */
async function countRehearsals(directory: DataDirectory, gates: readonly string[]) {
  let entries = 0;
  for (const gate of gates) {
    const path = directory.rehearsalLedger(gate);
    if (!ledgerExists(path)) continue;
    try {
      const reader = openLedgerReader({ path, gate });
      entries += reader.lastSeq();
      await reader.close();
    } catch {
      // Nothing of it is worth a violation.
    }
  }
  return entries;
}

type Readers = Parameters<typeof verifyRegister>[0]['readers'];

async function verifyAfter(directory: DataDirectory, readers: Readers) {
  if (!registerExists(directory.register)) {
    const pending = readers.reduce((sum, reader) => sum + reader.lastSeq(), 0);
    const register = { entries: 0, duplicates: 0, pending };
    return { register, receipts: { made: 0, pending, failed: 0 }, violations: [] };
  }
  const register = openRegister(directory.register, { readOnly: true });
  try {
    const { violations: wrong, ...counts } = verifyRegister({ register, readers });
    const made = verifyReceipts({ register, receipts: register.receipts });
    const { violations: wrongReceipts, ...receipts } = made;
    return { register: counts, receipts, violations: [...wrong, ...wrongReceipts] };
  } finally {
    await register.close();
  }
}

function tell(report: VerifyReport): void {
  for (const ledger of report.ledgers) {
    say(`ledger ${ledger.gate}: ${ledger.entries} entries in ${ledger.batches} commits`);
    say(`  root ${ledger.root}`);
    const { size, by } = ledger.cosigned ?? { size: 0, by: [] };
    for (const { witness, at } of by) say(`  ${size} entries cosigned by ${witness} at ${at}`);
  }
  const { register, receipts } = report;
  say(
    `register: ${register.entries} entries, ${register.duplicates} duplicates, ${register.pending} pending`,
  );
  say(`receipts: ${receipts.made} made, ${receipts.pending} pending, ${receipts.failed} set aside`);
  const { files, bytes } = report.attachments;
  const { entries: rehearsed } = report.rehearsals;
  if (rehearsed > 0) say(`rehearsals: ${rehearsed} entries, of no value and not checked`);
  if (files > 0) say(`attachments: ${files} files, ${bytes} bytes`);
  for (const violation of report.violations) say(`VIOLATION ${JSON.stringify(violation)}`);
  say(report.ok ? 'verified: no violation' : `${report.violations.length} violations`);
}

/** Practice for a portal under test: receipts of what lies in the ledgers of rehearsals. */
import { mkdirSync } from 'node:fs';
import { rehearsalReader } from '#engine/commands/practice.ts';
import { openLedgerWriter } from '#engine/ledger/index.ts';
import { rehearsalReceipt } from '#engine/receipts/index.ts';
import type { DataDirectory } from '#engine/store/index.ts';
import type { LedgerEntry } from '#protocol/entry.ts';

export function practiceParts(directory: DataDirectory) {
  const makeRehearsalReceipt = rehearsalReceipt;
  return { readRehearsal: rehearsalReader(directory), makeRehearsalReceipt };
}

/** Enters a practice submission as the gate would; `seq` and `stampUs` rise by themselves. */
export async function enterRehearsal(
  directory: DataDirectory,
  facts: Omit<LedgerEntry, 'gate' | 'seq' | 'stampUs' | 'uncertaintyUs'>,
): Promise<LedgerEntry> {
  const path = directory.rehearsalLedger('g1');
  mkdirSync(path, { recursive: true });
  const ledger = openLedgerWriter({ path, gate: 'g1' });
  const [seq, stampUs] = [ledger.nextSeq(), ledger.lastStampUs() + 1_000_000];
  const entry = { ...facts, gate: 'g1', seq, stampUs, uncertaintyUs: 250 };
  await ledger.append([entry], stampUs);
  await ledger.close();
  return entry;
}

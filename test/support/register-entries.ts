/** Ledger entries, ledgers in memory and receipt facts for the tests of register and receipts. */
import type { ReceiptFacts } from '#engine/receipts/index.ts';
import type { LedgerSource } from '#engine/register/index.ts';
import { type LedgerEntry, protocolNumber } from '#protocol/entry.ts';

/** 2011-01-31T07:00:00.000000Z */
export const OPENING_US = 1_296_457_200_000_000;

/** An application's id from a number; always the same. */
export function applicationId(number: number): string {
  return `01J${String(number).padStart(23, '0')}`;
}

export function entryOf(gate: string, seq: number, change: Partial<LedgerEntry> = {}): LedgerEntry {
  return {
    application: applicationId(seq),
    clickDay: '2011-01-31',
    digest: 'n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg',
    gate,
    model: 'B',
    office: 'RM',
    seq,
    stampUs: OPENING_US + seq,
    uncertaintyUs: 250,
    ...change,
  };
}

export interface MemoryLedger extends LedgerSource {
  /** Adds entries; the watermark follows the last stamp. */
  write(...entries: LedgerEntry[]): void;
  setWatermark(us: number): void;
}

/** A ledger in memory, read like one on disk. */
export function memoryLedger(gate: string): MemoryLedger {
  const written: LedgerEntry[] = [];
  let watermarkUs = 0;
  return {
    gate,
    refresh: () => undefined,
    lastSeq: () => written.length,
    watermarkUs: () => watermarkUs,
    entries: (fromSeq, limit) => written.slice(fromSeq - 1, fromSeq - 1 + limit),
    write: (...entries) => {
      written.push(...entries);
      watermarkUs = Math.max(watermarkUs, entries.at(-1)!.stampUs);
    },
    setWatermark: (us) => {
      watermarkUs = us;
    },
  };
}

export function factsOf(entry: LedgerEntry, change: Partial<ReceiptFacts> = {}): ReceiptFacts {
  return {
    application: entry.application,
    protocol: protocolNumber(entry),
    model: entry.model,
    modelTitle: 'Richiesta nominativa di nulla osta al lavoro subordinato',
    clickDay: entry.clickDay,
    employer: 'Società Agricola Rossi & Figli S.r.l.',
    worker: 'El Idrissi Youssef',
    nationality: 'Marocco',
    officeName: 'Sportello Unico per l’Immigrazione di Roma',
    officeCriterion: 'Provincia del luogo di lavoro (RM)',
    sender: 'maria.rossi@example.org',
    digest: entry.digest,
    salt: 'q83vEjRWeJCrze8SNFZ4kA',
    language: 'it',
    ...change,
  };
}

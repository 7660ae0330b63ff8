/**
 * Checks that trust nobody: the register against a merge made afresh from the ledgers, and the
 * receipts against the register. Works beside a running system: what the registrar has not taken
 * yet and receipts that are not made yet are counted as pending and are no violation.
 */
import { leafText, protocolNumber } from '#protocol/entry.ts';
import { freshMerge, type LedgerSource } from './merge.ts';
import type { ReceiptTable } from './receipt-table.ts';
import type { Register, RegisterEntry } from './register.ts';
import { RegisterDamaged } from './seal.ts';

/** One thing that is not as it must be. `code` is stable. */
export interface RegisterViolation {
  readonly code:
    | 'REGISTER_GAP'
    | 'REGISTER_DAMAGED'
    | 'REGISTER_DIFFERS'
    | 'REGISTER_EXTRA'
    | 'REGISTER_INDEX'
    | 'REGISTER_CURSOR'
    | 'RECEIPT_FAILED'
    | 'RECEIPT_FOREIGN'
    | 'RECEIPT_DAMAGED';
  readonly place: number;
  readonly message: string;
}

export interface RegisterReport {
  readonly entries: number;
  readonly duplicates: number;
  /** Entries in ledgers that the register does not have yet. */
  readonly pending: number;
  readonly violations: readonly RegisterViolation[];
}

export interface ReceiptsReport {
  readonly made: number;
  readonly pending: number;
  readonly failed: number;
  readonly violations: readonly RegisterViolation[];
}

/** Compares every place with the fresh merge. O(number of entries), holds their ids in memory. */
export function verifyRegister(options: {
  readonly register: Register;
  readonly readers: readonly LedgerSource[];
}): RegisterReport {
  const { register, readers } = options;
  register.refresh();
  const violations: RegisterViolation[] = [];
  const merged = freshMerge(readers);
  const seqs = new Map<string, number>();
  let entries = 0;
  let duplicates = 0;
  for (const found of readable(register, violations)) {
    entries += 1;
    if (found.duplicateOf !== null) duplicates += 1;
    seqs.set(found.entry.gate, found.entry.seq);
    const expected = merged.next();
    violations.push(...checkEntry(register, found, { entries, expected: expected.value }));
  }
  let pending = 0;
  while (merged.next().done !== true) pending += 1;
  if (entries === register.lastPlace()) violations.push(...checkCursors(register, seqs));
  return { entries, duplicates, pending, violations };
}

/** All entries up to one that cannot be read, which is reported. */
function* readable(register: Register, violations: RegisterViolation[]): Generator<RegisterEntry> {
  let place = 0;
  try {
    for (const found of register.iterate()) {
      place = found.place;
      yield found;
    }
  } catch (error) {
    if (!(error instanceof RegisterDamaged)) throw error;
    violations.push({ code: 'REGISTER_DAMAGED', place: place + 1, message: error.message });
  }
}

function* checkEntry(
  register: Register,
  found: RegisterEntry,
  against: { entries: number; expected: RegisterEntry | undefined },
): Generator<RegisterViolation> {
  const { place, entry, duplicateOf } = found;
  const { entries, expected } = against;
  if (place !== entries) {
    yield { code: 'REGISTER_GAP', place, message: `place ${entries} is missing` };
  }
  if (expected === undefined) {
    yield { code: 'REGISTER_EXTRA', place, message: `${number(entry)} is in no ledger` };
    return;
  }
  const same = leafText(entry) === leafText(expected.entry);
  if (!same || duplicateOf !== expected.duplicateOf) {
    const message = `${number(entry)} stands where the ledgers give ${number(expected.entry)}`;
    yield { code: 'REGISTER_DIFFERS', place, message };
  }
  const indexed = indexedPlace(register, entry.application);
  if (indexed !== (duplicateOf ?? place)) {
    yield { code: 'REGISTER_INDEX', place, message: `${entry.application} leads to ${indexed}` };
  }
}

/** Where the index leads to; words when that is another application's place. */
export function indexedPlace(register: Register, application: string): number | string | undefined {
  try {
    return register.placeOf(application);
  } catch (error) {
    if (!(error instanceof RegisterDamaged)) throw error;
    return 'a place of another';
  }
}

const number = protocolNumber;

function* checkCursors(register: Register, seqs: ReadonlyMap<string, number>) {
  for (const [gate, seq] of register.cursors()) {
    if (seqs.get(gate) === seq) continue;
    const message = `the cursor of ${gate} is ${seq}, its last entry here ${seqs.get(gate) ?? 0}`;
    yield { code: 'REGISTER_CURSOR', place: register.lastPlace(), message } as const;
  }
}

/**
 * One receipt an entry: that each belongs to its entry and is whole, and none is over. A duplicate
 * entry has none. O(number of receipts), reads them all.
 */
export function verifyReceipts(options: {
  readonly register: Register;
  readonly receipts: ReceiptTable;
}): ReceiptsReport {
  const { register, receipts } = options;
  register.refresh();
  const violations: RegisterViolation[] = [];
  let made = 0;
  let pending = 0;
  let failed = 0;
  for (const { place, entry, duplicateOf } of readable(register, [])) {
    const there = receipts.has(place);
    const failure = receipts.failureAt(place);
    if (there) made += 1;
    else if (failure !== undefined) failed += 1;
    else if (duplicateOf === null) pending += 1;
    if (there && duplicateOf !== null) {
      violations.push({ code: 'RECEIPT_FOREIGN', place, message: 'a duplicate has a receipt' });
    }
    if (there) {
      const message = receiptDamage(place, protocolNumber(entry), receipts);
      if (message !== null) violations.push({ code: 'RECEIPT_DAMAGED', place, message });
    } else if (failure !== undefined) {
      violations.push({ code: 'RECEIPT_FAILED', place, message: failure.reason });
    }
  }
  violations.push(...receiptsWithoutEntry(register, receipts));
  return { made, pending, failed, violations };
}

/**
 * What is wrong with a receipt; null when nothing. Seals and templates are checked by the table
 * itself, when it gives the parts.
 */
export function receiptDamage(
  place: number,
  protocol: string,
  receipts: ReceiptTable,
): string | null {
  const parts = readParts(place, receipts);
  if (typeof parts === 'string') return parts;
  const { appended } = parts;
  if (!appended.subarray(-ENDING.length).equals(ENDING)) return 'it is cut off';
  const title = Buffer.from(protocol, 'utf16le').swap16().toString('hex');
  if (!appended.includes(title)) return `it is not the receipt of ${protocol}`;
  const start = receipts.template(parts.template)?.length ?? 0;
  return isCovered(appended, start) ? null : 'its seal does not cover it';
}

const SEAL = /\/ByteRange \[0 (\d+) +(\d+) +(\d+) *\]\n\/Contents (?=<)/;

/**
 * Whether what the seal says to cover is the whole file but the seal itself. Receipts of versions
 * without seals have none. The signature is for `receipt verify` to check: here, what lies in the
 * store is known to be what was put there.
 */
function isCovered(appended: Buffer, start: number): boolean {
  const found = SEAL.exec(appended.toString('latin1'));
  if (found === null) return !appended.includes('/ByteRange');
  const [gapAt, restAt, rest] = found.slice(1).map(Number) as [number, number, number];
  const seal = appended.toString('latin1', gapAt - start, restAt - start);
  const isHere = gapAt === start + found.index + found[0].length;
  return isHere && restAt + rest === start + appended.length && /^<[0-9a-f]+>$/.test(seal);
}

function readParts(place: number, receipts: ReceiptTable) {
  try {
    return receipts.parts(place)!;
  } catch (error) {
    return (error as Error).message;
  }
}

const ENDING = Buffer.from('%%EOF\n');

function* receiptsWithoutEntry(
  register: Register,
  receipts: ReceiptTable,
): Generator<RegisterViolation> {
  const last = register.lastPlace();
  for (const place of receipts.places()) {
    if (place >= 1 && place <= last) continue;
    yield { code: 'RECEIPT_FOREIGN', place, message: 'a receipt has no entry' };
  }
}

/**
 * The register on disk: the one order of all entries, written once and never changed.
 *
 *     order          place → 4 bytes (place of the earlier entry of the same application, or 0),
 *                    leaf, a byte 0 (which no leaf has), seal (seal.ts); older ones have no seal
 *     applications   application → place of its earliest entry
 *     duplicates     place of a later entry of the same application → place of the earliest
 *     cursors        gate → last seq taken from its ledger
 *     receipts …     see receipt-table.ts
 *
 * Places count from 1 without a gap. An append writes order, index and cursors in one transaction,
 * so after a crash either all of it is there or none: each ledger entry is taken exactly once.
 * What it does not do: decide what is final (merge.ts), or watch the ledgers (registrar.ts).
 */
import { join } from 'node:path';
import { assert } from '#engine/foundation/assert.ts';
import {
  type Environment,
  isBegun,
  type OpenEnvironment,
  openEnvironment,
  type Table,
} from '#engine/store/index.ts';
import { entryFromLeaf, type LedgerEntry, leafText } from '#protocol/entry.ts';
import { openReceiptTable, type ReceiptTable } from './receipt-table.ts';
import { checkSeal, RegisterDamaged, sealOf } from './seal.ts';

/** An entry with its place in the one order. */
export interface RegisterEntry {
  /** From 1. */
  readonly place: number;
  readonly entry: LedgerEntry;
  /** The place of the earliest entry of the same application; null for that one itself. */
  readonly duplicateOf: number | null;
}

export interface Register {
  readonly receipts: ReceiptTable;
  /** Lets the next read see what another process has written. */
  refresh(): void;
  /** 0 while there is none. */
  lastPlace(): number;
  /** As all that reads entries, throws RegisterDamaged when the stored bytes are not as written. */
  at(place: number): RegisterEntry | undefined;
  /** The place of the application's earliest entry. Throws RegisterDamaged for another's. */
  placeOf(application: string): number | undefined;
  /** At most `limit` entries from `fromPlace` on. */
  entries(fromPlace: number, limit: number): RegisterEntry[];
  /** All entries in order. */
  iterate(): Iterable<RegisterEntry>;
  /** Last seq taken from each gate's ledger. */
  cursors(): Map<string, number>;
  /** Marks of duplicates as they are stored; O(number of entries). */
  duplicates(): number;
  /**
   * Appends entries that are final and in order, and moves the cursors. MUST NOT resolve before it
   * survives power loss. Rejects with nothing written. One at a time; writer only.
   */
  append(entries: readonly LedgerEntry[]): Promise<RegisterEntry[]>;
  close(): Promise<void>;
}

const MARK_BYTES = 4;
const END_OF_LEAF = Buffer.of(0);

interface Tables {
  readonly order: Table<number>;
  readonly applications: Table<string>;
  readonly duplicates: Table<number>;
  readonly cursors: Table<string>;
}

/** True when there is a register in the folder `path`. */
export function registerExists(path: string): boolean {
  return isBegun(join(path, 'data.mdb'));
}

/** Opens the register in the folder `path`, and unless `readOnly` creates it. */
export function openRegister(
  path: string,
  options: { readOnly?: boolean; open?: OpenEnvironment } = {},
): Register {
  const { open = openEnvironment, readOnly = false } = options;
  const environment = open({ path, readOnly });
  const tables: Tables = {
    order: environment.table<number>('order', 'uint32'),
    applications: environment.table<string>('applications', 'text'),
    duplicates: environment.table<number>('duplicates', 'uint32'),
    cursors: environment.table<string>('cursors', 'text'),
  };
  const { order, applications, cursors } = tables;
  return {
    receipts: openReceiptTable(environment),
    refresh: () => environment.refresh(),
    lastPlace: () => order.last() ?? 0,
    at: (place) => decode(place, order.get(place)),
    placeOf: (application) => {
      const place = readNumber(applications.get(application));
      if (place === undefined) return undefined;
      if (decode(place, order.get(place))?.entry.application === application) return place;
      throw new RegisterDamaged(`${application} leads to ${place}, which is another's place`);
    },
    entries: (start, limit) =>
      Array.from(order.range({ start, limit }), ({ key, value }) => decode(key, value)!),
    iterate: function* () {
      for (const { key, value } of order.range()) yield decode(key, value)!;
    },
    cursors: () =>
      new Map(Array.from(cursors.range(), ({ key, value }) => [key, readNumber(value)!])),
    duplicates: () => tables.duplicates.count(),
    append: (entries) => append(environment, tables, entries),
    close: () => environment.close(),
  };
}

async function append(
  environment: Environment,
  tables: Tables,
  entries: readonly LedgerEntry[],
): Promise<RegisterEntry[]> {
  const written: RegisterEntry[] = [];
  await environment.transaction(() => {
    let place = tables.order.last() ?? 0;
    for (const entry of entries) {
      place += 1;
      written.push(appendOne(tables, place, entry));
    }
    for (const [gate, seq] of lastSeqs(entries)) tables.cursors.put(gate, numberBytes(seq));
  });
  return written;
}

function appendOne(tables: Tables, place: number, entry: LedgerEntry): RegisterEntry {
  const taken = readNumber(tables.cursors.get(entry.gate)) ?? 0;
  assert(entry.seq > taken, `entry ${entry.gate}/${entry.seq} is in the register already`);
  const earlier = readNumber(tables.applications.get(entry.application)) ?? 0;
  const leaf = Buffer.from(leafText(entry));
  const value = Buffer.concat([numberBytes(earlier, MARK_BYTES), leaf]);
  const seal = sealOf('order', place, value);
  tables.order.append(place, Buffer.concat([value, END_OF_LEAF, seal]));
  if (earlier === 0) tables.applications.put(entry.application, numberBytes(place));
  else tables.duplicates.append(place, numberBytes(earlier));
  return { place, entry, duplicateOf: earlier === 0 ? null : earlier };
}

function lastSeqs(entries: readonly LedgerEntry[]): Map<string, number> {
  const seqs = new Map<string, number>();
  for (const { gate, seq } of entries) seqs.set(gate, Math.max(seq, seqs.get(gate) ?? 0));
  return seqs;
}

function decode(place: number, value: Buffer | undefined): RegisterEntry | undefined {
  if (value === undefined) return undefined;
  const end = value.indexOf(0, MARK_BYTES);
  const leafEnd = end < 0 ? value.length : end;
  if (end >= 0) checkSeal('order', place, value.subarray(0, end), value.subarray(end + 1));
  const earlier = value.readUInt32BE(0);
  const entry = parsed(place, value.toString('utf8', MARK_BYTES, leafEnd));
  return { place, entry, duplicateOf: earlier === 0 ? null : earlier };
}

function parsed(place: number, leaf: string): LedgerEntry {
  try {
    return entryFromLeaf(leaf);
  } catch (cause) {
    throw new RegisterDamaged(`the entry at place ${place} cannot be read`, { cause });
  }
}

const NUMBER_BYTES = 6;

function numberBytes(value: number, length = NUMBER_BYTES): Buffer {
  const bytes = Buffer.alloc(length);
  bytes.writeUIntBE(value, 0, length);
  return bytes;
}

function readNumber(value: Buffer | undefined): number | undefined {
  return value?.readUIntBE(0, value.length);
}

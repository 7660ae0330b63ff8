/**
 * The pages of a ledger as they lie in the store, each checked when it is read. All who read
 * entries come through here: writer, readers, verify, scrubber.
 */
import { entryFromLeaf, type LedgerEntry } from '#protocol/entry.ts';
import { type Damage, type DamageReason, LedgerDamaged } from './damage.ts';
import type { Hash } from './merkle.ts';
import { framedLeaves } from './page.ts';
import { openPage, SEAL_BYTES } from './seal.ts';
import { FIRST_SEQ, firstSealedSeq, type LedgerTables } from './tables.ts';

/** How every framed leaf begins: members stand in code-unit order. */
export const LEAF_START = '\0{"application":"';

/** A leaf and the number that its place in its page gives it. */
export interface StoredLeaf {
  readonly seq: number;
  readonly leaf: Buffer;
}

/** A page in the store. `leaves` of a damaged page may be shown to who examines it, no other. */
export interface StoredPage {
  readonly lastSeq: number;
  readonly firstSeq: number;
  /** Each with its 0 before it. */
  readonly leaves: readonly Buffer[];
  /** Undefined in pages of format 2. */
  readonly seal?: { readonly check: Hash; readonly chain: Hash };
  readonly damage?: DamageReason;
}

/** All pages that end at `fromSeq` or later, in order. */
export function* storedPages(tables: LedgerTables, fromSeq = FIRST_SEQ): Generator<StoredPage> {
  const sealedFrom = firstSealedSeq(tables);
  for (const { key, value } of tables.entries.range({ start: fromSeq })) {
    yield storedPage(key, value, key >= sealedFrom);
  }
}

/** The one page that holds `seq`, or ends after it. */
export function storedPageAt(tables: LedgerTables, seq: number): StoredPage | undefined {
  const sealedFrom = firstSealedSeq(tables);
  for (const { key, value } of tables.entries.range({ start: seq, limit: 1 })) {
    return storedPage(key, value, key >= sealedFrom);
  }
  return undefined;
}

function storedPage(lastSeq: number, value: Buffer, isSealed: boolean): StoredPage {
  if (!isSealed) return unsealedPage(pageOf(lastSeq, value));
  const opened = openPage(lastSeq, value);
  if (opened === undefined)
    return { ...pageOf(lastSeq, value.subarray(SEAL_BYTES)), damage: 'CHECK_WRONG' };
  const { page, check, chain } = opened;
  return { ...pageOf(lastSeq, page), seal: { check, chain } };
}

/** A page of format 2 has no seal: what can be seen is whether each leaf begins as one. */
function unsealedPage(page: StoredPage): StoredPage {
  const isWhole = page.leaves.every((leaf) => leaf.indexOf(LEAF_START) === 0);
  return isWhole ? page : { ...page, damage: 'LEAF_UNREADABLE' };
}

function pageOf(lastSeq: number, page: Buffer) {
  const leaves = framedLeaves(page);
  return { lastSeq, leaves, firstSeq: lastSeq - leaves.length + 1 };
}

/** The leaves of `page` from `fromSeq` on, without the byte before each. */
export function* leavesOf(page: StoredPage, fromSeq = page.firstSeq): Generator<StoredLeaf> {
  for (let at = Math.max(0, fromSeq - page.firstSeq); at < page.leaves.length; at += 1) {
    yield { seq: page.firstSeq + at, leaf: unframed(page.leaves[at] as Buffer) };
  }
}

/** The 0 before a leaf is a stored byte too: where it is not one, the leaf is damaged. */
function unframed(framed: Buffer): Buffer {
  return framed[0] === 0 ? framed.subarray(1) : framed;
}

/** The numbers between the page before and the end of this one: what a damaged page takes along. */
export function damageOf(
  tables: LedgerTables,
  { gate, page, reason }: Pick<Damage, 'gate' | 'page' | 'reason'>,
): Damage {
  let fromSeq = FIRST_SEQ;
  for (const key of tables.entries.keys({ start: page - 1, reverse: true, limit: 1 })) {
    fromSeq = key + 1;
  }
  return { gate, page, fromSeq, toSeq: page, reason };
}

/** No page holds the numbers from `fromSeq` to before `nextSeq`. */
export function missingPage(gate: string, fromSeq: number, nextSeq: number): Damage {
  const toSeq = nextSeq - 1;
  return { gate, page: toSeq, fromSeq, toSeq, reason: 'PAGE_MISSING' };
}

/** A page that opened. Throws LedgerDamaged for one that did not. */
export function soundPage(tables: LedgerTables, gate: string, page: StoredPage): StoredPage {
  if (page.damage === undefined) return page;
  const { lastSeq, damage } = page;
  throw new LedgerDamaged(damageOf(tables, { gate, page: lastSeq, reason: damage }));
}

/** The entry of a leaf. Throws LedgerDamaged for one that is none. */
export function entryOf(
  tables: LedgerTables,
  gate: string,
  page: StoredPage,
  { seq, leaf }: StoredLeaf,
): LedgerEntry {
  const entry = entryOrNone(leaf);
  if (entry?.seq === seq) return entry;
  const reason = 'LEAF_UNREADABLE';
  throw new LedgerDamaged(damageOf(tables, { gate, page: page.lastSeq, reason }));
}

function entryOrNone(leaf: Buffer): LedgerEntry | undefined {
  try {
    return entryFromLeaf(leaf.toString('utf8'));
  } catch {
    return undefined;
  }
}

/**
 * A page: the leaves of up to 64 consecutive entries as one value of the store.
 *
 * One value an entry costs a call into the store and a key for each; a page costs them once
 * (docs/decisions/0008). Each leaf stands behind a byte 0, which no JSON text contains, so that the
 * bytes from one 0 to the next are just what RFC 6962 hashes: 0x00 ‖ leaf.
 *
 *     key: last seq      value: 0x00 leaf 0x00 leaf … 0x00 leaf
 */
import {
  type EntryFacts,
  type LedgerEntry,
  writeLeaf,
  writeLeafHead,
  writeLeafTail,
} from '#protocol/entry.ts';
import { JsonBytes } from '#protocol/json-bytes.ts';
import { type ApplicationKey, applicationKey } from './application-index.ts';
import { type Hash, hashOf } from './merkle.ts';

export const PAGE_LEAVES_MAX = 64;

/** A page with its key in the store. */
export interface Page {
  readonly lastSeq: number;
  readonly bytes: Uint8Array;
}

/**
 * What is known of an entry before it comes: bytes `start` to `end` are what `writeLeafHead` makes
 * of it, and up to `applicationEnd` of its application. So its strings, which lie all over memory,
 * need not be looked at when it comes.
 */
export interface LeafHead extends ApplicationKey {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly applicationEnd: number;
  readonly end: number;
}

/** An entry to be written, and the head of its leaf if it is known already. */
export interface NewEntry extends LedgerEntry {
  readonly head?: LeafHead | undefined;
}

/** The heads of entries of `gate`, one after the other in one piece of memory. */
export function leafHeads(all: readonly EntryFacts[], gate: string): LeafHead[] {
  const out = new JsonBytes();
  const spans = all.map((facts) => {
    const start = out.length;
    const applicationEnd = writeLeafHead(out, facts, gate);
    return { start, applicationEnd, end: out.length };
  });
  const bytes = out.from(0).slice();
  return spans.map((span, at) => ({
    bytes,
    ...span,
    ...applicationKey((all[at] as EntryFacts).application),
  }));
}

/** The pages of a batch, as views into `out`: good until `out` is written again. */
export function writePages(out: JsonBytes, entries: readonly NewEntry[]): Page[] {
  out.reset();
  const ends: { lastSeq: number; end: number }[] = [];
  for (let first = 0; first < entries.length; first += PAGE_LEAVES_MAX) {
    const past = Math.min(first + PAGE_LEAVES_MAX, entries.length);
    for (let at = first; at < past; at += 1) {
      writeFramedLeaf(out, entries[at] as NewEntry);
    }
    ends.push({ lastSeq: (entries[past - 1] as LedgerEntry).seq, end: out.length });
  }
  let start = 0;
  return ends.map(({ lastSeq, end }) => {
    const bytes = out.from(start, end);
    start = end;
    return { lastSeq, bytes };
  });
}

function writeFramedLeaf(out: JsonBytes, entry: NewEntry): void {
  const { head } = entry;
  out.raw('\0');
  if (head === undefined) {
    writeLeaf(out, entry);
    return;
  }
  out.bytes(head.bytes, head.start, head.end);
  writeLeafTail(out, entry);
}

/** The leaves of a page in order, as views into it, each with its 0 before it. */
export function framedLeaves<Bytes extends Uint8Array>(page: Bytes): Bytes[] {
  const framed: Bytes[] = [];
  for (let start = 0; start < page.length; ) {
    const next = page.indexOf(0, start + 1);
    const end = next < 0 ? page.length : next;
    framed.push(page.subarray(start, end) as Bytes);
    start = end;
  }
  return framed;
}

/** The leaf hashes (RFC 6962 §2.1) of a page, in order. */
export function leafHashesOf(page: Uint8Array): Hash[] {
  return framedLeaves(page).map((framed) => hashOf(framed));
}

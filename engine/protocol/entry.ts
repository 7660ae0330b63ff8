/**
 * A ledger entry and its published form, the leaf.
 *
 * The leaf is the RFC 8785 text of nine members in UTF-8. With its line of the passbook and the
 * `accepted` message an applicant has all nine and can compute the leaf's hash without trusting us
 * (RFC 6962 §2.1: SHA-256 of 0x00 and the leaf). It carries no personal data.
 */
import type { JsonBytes } from './json-bytes.ts';
import { isoFromUs, usFromIso } from './time.ts';

/** One admitted submission. `seq` counts from 1 in its gate; `stampUs` rises strictly with it. */
export interface LedgerEntry {
  readonly application: string;
  readonly clickDay: string;
  readonly digest: string;
  readonly gate: string;
  readonly model: string;
  readonly office: string;
  readonly seq: number;
  readonly stampUs: number;
  readonly uncertaintyUs: number;
}

/** What an entry needs to be written, before it has its place and its instant. */
export type EntryFacts = Omit<LedgerEntry, 'gate' | keyof EntryPlace>;

/** An entry's place in its gate's order and its instant. */
export type EntryPlace = Pick<LedgerEntry, 'seq' | 'stampUs' | 'uncertaintyUs'>;

/** Digits of `seq` in the protocol number; more digits simply make it longer. */
const SEQ_DIGITS = 9;

/** The number a person reads: `<click day>/<gate>/<seq>`, unique for ever. */
export function protocolNumber(entry: Pick<LedgerEntry, 'clickDay' | 'gate' | 'seq'>): string {
  return `${entry.clickDay}/${entry.gate}/${String(entry.seq).padStart(SEQ_DIGITS, '0')}`;
}

const PROTOCOL_NUMBER_PART = /^[a-z0-9.-]*$/i;
const PROTOCOL_NUMBER = /^([a-z0-9][a-z0-9.-]{0,39})\/([a-z0-9][a-z0-9-]{0,39})\/(\d{1,10})$/i;

/** What a protocol number names, leading zeros or not; undefined when the text is none. */
export function entryNamed(
  protocol: string,
): Pick<LedgerEntry, 'clickDay' | 'gate' | 'seq'> | undefined {
  const [, clickDay, gate, digits] = PROTOCOL_NUMBER.exec(protocol) ?? [];
  const seq = Number(digits);
  if (clickDay === undefined || gate === undefined || !(seq > 0)) return undefined;
  return { clickDay, gate, seq };
}

/** The leaf's text. Members stand in code-unit order as RFC 8785 asks. */
export function leafText(entry: LedgerEntry): string {
  const quote = JSON.stringify;
  return (
    `{"application":${quote(entry.application)},"clickDay":${quote(entry.clickDay)},` +
    `"digest":${quote(entry.digest)},"gate":${quote(entry.gate)},` +
    `"model":${quote(entry.model)},"office":${quote(entry.office)},"seq":${entry.seq},` +
    `"stamp":"${isoFromUs(entry.stampUs)}","uncertaintyUs":${entry.uncertaintyUs}}`
  );
}

/** The same in bytes, for the click-day path (tests compare both with the JCS library). */
export function writeLeaf(out: JsonBytes, entry: LedgerEntry): void {
  writeLeafHead(out, entry, entry.gate);
  writeLeafTail(out, entry);
}

/**
 * What of a leaf is known when a passbook is read: nearly all of its bytes. Returns the length of
 * `out` after the first member, the application.
 */
export function writeLeafHead(out: JsonBytes, facts: EntryFacts, gate: string): number {
  const applicationEnd = out.raw('{"application":').quoted(facts.application).length;
  out.raw(',"clickDay":').quoted(facts.clickDay);
  out.raw(',"digest":').quoted(facts.digest);
  out.raw(',"gate":').quoted(gate);
  out.raw(',"model":').quoted(facts.model);
  out.raw(',"office":').quoted(facts.office);
  return applicationEnd;
}

/** The rest: an entry's place and instant. */
export function writeLeafTail(out: JsonBytes, place: EntryPlace): void {
  out.raw(',"seq":').integer(place.seq);
  out.raw(',"stamp":"').instant(place.stampUs);
  out.raw('","uncertaintyUs":').integer(place.uncertaintyUs).raw('}');
}

/** `protocolNumber` as a JSON string, in bytes. */
export function writeProtocolNumber(
  out: JsonBytes,
  entry: Pick<LedgerEntry, 'clickDay' | 'gate' | 'seq'>,
): void {
  if (!PROTOCOL_NUMBER_PART.test(entry.clickDay) || !PROTOCOL_NUMBER_PART.test(entry.gate)) {
    out.quoted(protocolNumber(entry));
    return;
  }
  out.raw('"').raw(entry.clickDay).raw('/').raw(entry.gate).raw('/');
  out.integer(entry.seq, SEQ_DIGITS).raw('"');
}

/** The entry of a leaf's text. Throws a SyntaxError when the text is not such a leaf. */
export function entryFromLeaf(text: string): LedgerEntry {
  const { stamp, ...facts } = JSON.parse(text) as Omit<LedgerEntry, 'stampUs'> & { stamp: string };
  const stampUs = usFromIso(stamp);
  if (!Number.isSafeInteger(stampUs) || !Number.isSafeInteger(facts.seq)) {
    throw new SyntaxError('not a ledger leaf');
  }
  return { ...facts, stampUs };
}

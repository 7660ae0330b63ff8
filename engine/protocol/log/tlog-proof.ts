/**
 * The proof that an entry stands in a log, as one text that needs nobody else to be checked (C2SP
 * tlog-proof): its place, the hashes beside its way to the root, and the signed checkpoint.
 *
 *     c2sp.org/tlog-proof@v1
 *     extra <base64, only if there is any>
 *     index 73894
 *     <hash of the leaf's sibling, base64>
 *     …
 *     <hash of the root's child, base64>
 *
 *     <the checkpoint: a signed note, as the log gave it>
 *
 * The format alone, read strictly: a text that is read is the one text that says what it says, so
 * no byte of it is free. Whether the proof leads to that root (proof.ts), and who signed it, is for
 * the reader to find out.
 */
import { fromBase64, toBase64 } from './base64.ts';
import { parseCheckpoint } from './checkpoint.ts';
import { parseNote } from './note.ts';

export interface TlogProof {
  /** The entry's place in the log, from 0. */
  readonly index: number;
  /** Siblings, 32 bytes each, from the leaf's to the one below the root. */
  readonly hashes: readonly Uint8Array[];
  /** The signed note, byte for byte. */
  readonly checkpoint: string;
  /** Nobody has signed this; left out when there is none. */
  readonly extra?: Uint8Array;
}

const FIRST_LINE = 'c2sp.org/tlog-proof@v1';
const HASH_BYTES = 32;
/** As many as a tree of 2^53 leaves can ask for. */
const HASHES_MAX = 53;
/** Sixty times what ours have. */
export const TLOG_PROOF_CHARS_MAX = 65_536;

/** The text; ends as the checkpoint ends. */
export function formatTlogProof({ index, hashes, checkpoint, extra }: TlogProof): string {
  const lines = [
    FIRST_LINE,
    ...(extra === undefined || extra.length === 0 ? [] : [`extra ${toBase64(extra)}`]),
    `index ${index}`,
    ...hashes.map(toBase64),
  ];
  return `${lines.join('\n')}\n\n${checkpoint}`;
}

/** The proof in `text`; undefined when it is none. Nothing of it is verified yet. */
export function parseTlogProof(text: string): TlogProof | undefined {
  const end = text.length > TLOG_PROOF_CHARS_MAX ? -1 : text.indexOf('\n\n');
  if (end < 0) return undefined;
  const [first, ...lines] = text.slice(0, end).split('\n');
  const encodedExtra = lines[0]?.startsWith('extra ') ? lines.shift() : undefined;
  const extra = encodedExtra && fromBase64(encodedExtra.slice('extra '.length));
  const index = indexIn(lines.shift());
  const hashes = lines.length > HASHES_MAX ? [] : lines.map(fromBase64);
  const checkpoint = text.slice(end + 2);
  if (first !== FIRST_LINE || index === undefined || lines.length > HASHES_MAX) return undefined;
  if (encodedExtra !== undefined && !extra?.length) return undefined;
  if (!hashes.every((hash) => hash?.length === HASH_BYTES) || !isCheckpoint(checkpoint)) {
    return undefined;
  }
  return { index, hashes: hashes as Uint8Array[], checkpoint, ...(extra && { extra }) };
}

function indexIn(line: string | undefined): number | undefined {
  const [, digits] = /^index (0|[1-9]\d{0,15})$/.exec(line ?? '') ?? [];
  return Number.isSafeInteger(Number(digits)) ? Number(digits) : undefined;
}

function isCheckpoint(note: string): boolean {
  const parsed = parseNote(note);
  return parsed !== undefined && parseCheckpoint(parsed.text) !== undefined;
}

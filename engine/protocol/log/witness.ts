/**
 * What a log and its witness say to each other (C2SP tlog-witness, `POST …/add-checkpoint`), and
 * how a log is told who its witnesses are.
 *
 *     old <size that the witness has cosigned>
 *     <consistency proof from there, one hash in base64 a line>
 *
 *     <the checkpoint, as a signed note>
 */
import { fromBase64, toBase64 } from './base64.ts';
import { COSIGNATURE, type NoteKey, parseNoteKey, type Sha256 } from './note.ts';

export interface AddCheckpoint {
  readonly oldSize: number;
  /** Hashes of 32 bytes. */
  readonly proof: readonly Uint8Array[];
  /** The signed note, not yet read. */
  readonly note: string;
}

/** The content type of an answer that says which size the witness has. */
export const SIZE_TYPE = 'text/x.tlog.size';
/** No tree needs more. */
export const PROOF_HASHES_MAX = 63;

const HASH_BYTES = 32;
const OLD_SIZE = /^old (0|[1-9]\d{0,15})$/;

export function formatAddCheckpoint({ oldSize, proof, note }: AddCheckpoint): string {
  return `old ${oldSize}\n${proof.map((hash) => `${toBase64(hash)}\n`).join('')}\n${note}`;
}

/** The request in `body`; undefined when it is none. */
export function parseAddCheckpoint(body: string): AddCheckpoint | undefined {
  const end = body.indexOf('\n\n');
  if (end < 0) return undefined;
  const [first, ...lines] = body.slice(0, end).split('\n');
  const oldSize = Number(OLD_SIZE.exec(first ?? '')?.[1] ?? Number.NaN);
  if (!Number.isSafeInteger(oldSize) || lines.length > PROOF_HASHES_MAX) return undefined;
  const proof = lines.map(fromBase64).filter((hash) => hash?.length === HASH_BYTES);
  if (proof.length < lines.length) return undefined;
  return { oldSize, proof: proof as Uint8Array[], note: body.slice(end + 2) };
}

/** A size as a witness answers it; undefined when the text is none. */
export function parseSize(text: string): number | undefined {
  const size = Number(/^(0|[1-9]\d{0,15})\n$/.exec(text)?.[1] ?? Number.NaN);
  return Number.isSafeInteger(size) ? size : undefined;
}

/** A witness as a log knows it. */
export interface WitnessAddress {
  readonly key: NoteKey;
  /** Before `/add-checkpoint`, without a slash at its end. */
  readonly url: string;
}

/** More would make a checkpoint that some readers refuse (signed-note asks them for 16). */
export const WITNESSES_MAX = 8;

const WITNESS = /^(\S+\+[0-9a-f]{8}\+[A-Za-z0-9+/]+=*)@(https?:\/\/\S+)$/;

/**
 * The witnesses in a list of `VERIFIERKEY@URL`, behind commas or spaces; a sentence when one is not
 * written well.
 */
export function parseWitnesses(text: string, sha256: Sha256): WitnessAddress[] | string {
  const words = text.split(/[\s,]+/).filter((word) => word !== '');
  const found: WitnessAddress[] = [];
  for (const word of words) {
    const [, encoded, url] = WITNESS.exec(word) ?? [];
    if (encoded === undefined || url === undefined || !URL.canParse(url)) {
      return `must be VERIFIERKEY@URL for each witness, and "${word}" is not`;
    }
    const key = parseNoteKey(encoded, sha256);
    if (key?.type !== COSIGNATURE) return `must be keys of witnesses, and "${encoded}" is none`;
    found.push({ key, url: url.replace(/\/+$/, '') });
  }
  if (found.length > WITNESSES_MAX) return `must be at most ${WITNESSES_MAX} witnesses`;
  const isTwice = new Set(found.map(({ key }) => key.name)).size < found.length;
  return isTwice ? 'must be each witness once' : found;
}

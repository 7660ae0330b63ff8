/**
 * One exchange with one witness (C2SP tlog-witness): offers a checkpoint with the proof from what
 * the witness has, learns from a 409 what that is, and believes a cosignature only after checking.
 */
import { isOver, sha256 } from '#engine/foundation/note-signing.ts';
import { LedgerDamaged } from '#engine/ledger/index.ts';
import { decodeCosignature } from '#protocol/log/cosignature.ts';
import { type NoteSignature, parseNote, signaturesOf } from '#protocol/log/note.ts';
import {
  formatAddCheckpoint,
  parseSize,
  SIZE_TYPE,
  type WitnessAddress,
} from '#protocol/log/witness.ts';

export type WitnessTrouble =
  /** No answer in time, or no connection. It is asked again, ever more seldom. */
  | 'UNREACHABLE'
  /** It was not told of this log, or not of this key. */
  | 'LOG_UNKNOWN'
  | 'KEY_UNKNOWN'
  /** It has cosigned what this log does not continue: a backup that was restored, or a fork. */
  | 'CONTRADICTED'
  /** An answer that is none, or a cosignature that does not verify. */
  | 'ANSWER_WRONG'
  /** The proof cannot be made: a page of the ledger cannot be read. */
  | 'LEDGER_DAMAGED';

export interface PostAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** Rejects when there is no answer in bounded time, or one without bound. */
export type Post = (url: string, body: string) => Promise<PostAnswer>;

/** Shows that the first `from` leaves are the beginning of the first `size`. */
export type Proof = (from: number, size: number) => Uint8Array[];

export type Exchange =
  | { readonly kind: 'cosigned'; readonly signature: NoteSignature; readonly timeS: number }
  /** It has a later checkpoint of this log, which somebody else has brought. */
  | { readonly kind: 'ahead'; readonly size: number }
  | { readonly kind: 'failed'; readonly trouble: WitnessTrouble };

/** Once with what it was known to have, once more with what it says it has. */
const TRIES = 2;

/** Never rejects. `sizeThere`: what the witness had last, 0 when nobody knows. */
export async function askWitness(options: {
  readonly witness: WitnessAddress;
  readonly note: string;
  readonly size: number;
  readonly sizeThere: number;
  /** The largest that this log has signed, when the answer comes. */
  readonly sizeSigned: () => number;
  readonly proof: Proof;
  readonly post: Post;
}): Promise<Exchange> {
  const { witness, note, size, proof, post } = options;
  let oldSize = Math.min(options.sizeThere, size);
  for (let tries = 0; tries < TRIES; tries += 1) {
    let body: string;
    try {
      body = formatAddCheckpoint({ oldSize, proof: proof(oldSize, size), note });
    } catch (error) {
      if (error instanceof LedgerDamaged) return failed('LEDGER_DAMAGED');
      throw error;
    }
    const answer = await post(`${witness.url}/add-checkpoint`, body).catch(() => undefined);
    if (answer === undefined) return failed('UNREACHABLE');
    if (answer.status === 200) return cosignatureIn(answer.body, note, witness);
    if (answer.status !== 409) return failed(TROUBLE[answer.status] ?? 'ANSWER_WRONG');
    const there = answer.type === SIZE_TYPE ? parseSize(answer.body) : undefined;
    if (there === undefined) return failed('ANSWER_WRONG');
    if (there > options.sizeSigned()) return failed('CONTRADICTED');
    if (there > size) return { kind: 'ahead', size: there };
    // It has what we said that it has, and refuses all the same: its root is another one.
    if (there === oldSize) return failed(there === size ? 'CONTRADICTED' : 'ANSWER_WRONG');
    oldSize = there;
  }
  return failed('ANSWER_WRONG');
}

const TROUBLE: Readonly<Record<number, WitnessTrouble>> = {
  403: 'KEY_UNKNOWN',
  404: 'LOG_UNKNOWN',
  422: 'CONTRADICTED',
};

function failed(trouble: WitnessTrouble): Exchange {
  return { kind: 'failed', trouble };
}

/** Signature lines of others in the answer are nothing to us. */
function cosignatureIn(lines: string, offered: string, { key }: WitnessAddress): Exchange {
  const note = parseNote(offered + lines);
  const own = note === undefined ? [] : signaturesOf(note, key, sha256);
  const signature = own.find((one) => note !== undefined && isOver(note.text, one, key));
  const cosignature = signature && decodeCosignature(signature.signature);
  if (signature === undefined || cosignature === undefined) return failed('ANSWER_WRONG');
  return { kind: 'cosigned', signature, timeS: cosignature.timeS };
}

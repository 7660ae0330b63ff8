/**
 * What a witness decides (C2SP tlog-witness, add-checkpoint). It cosigns a checkpoint of a log it
 * knows when a proof shows that the log has only grown since the last one it cosigned, and what it
 * cosigns is on disk before anybody gets the cosignature.
 *
 *     read ──► log known? ──► signed by it? ──► old size mine? ──► same root, ──► record ──► cosign
 *     400      404            403               409 with mine      or proof?      on disk
 *                                                                  409, 422
 *
 * All of it is one synchronous call: two requests at once are one after the other.
 */
import { type Cosigner, isOver, sha256 } from '#engine/foundation/note-signing.ts';
import { type Checkpoint, parseCheckpoint } from '#protocol/log/checkpoint.ts';
import {
  formatNote,
  type NoteKey,
  parseNote,
  type SignedNote,
  signatureLine,
  signaturesOf,
} from '#protocol/log/note.ts';
import { equal, isConsistent, type TreeHead } from '#protocol/log/proof.ts';
import { parseAddCheckpoint } from '#protocol/log/witness.ts';
import type { Cosigned, WitnessRecords } from './records.ts';

export type Verdict =
  /** One signature line, to be sent as it is. */
  | { readonly kind: 'cosigned'; readonly line: string; readonly origin: string }
  /** The witness has another size, or another root of this size. */
  | {
      readonly kind: 'conflict';
      readonly size: number;
      readonly origin: string;
      /** True: the log has signed two histories. */
      readonly isOtherRoot: boolean;
    }
  | {
      readonly kind: 'refused';
      readonly why: 'MALFORMED' | 'LOG_UNKNOWN' | 'SIGNATURE_WRONG' | 'PROOF_WRONG';
      readonly origin?: string;
    };

/** One log as the witness shows it. */
export interface WitnessedLog {
  readonly origin: string;
  /** Last cosigned; null: nothing yet. */
  readonly size: number | null;
  readonly timeS: number | null;
  /** True when the log has signed two roots of one size. */
  readonly isContradicted: boolean;
}

export interface Witness {
  /** `nowS`: seconds since the Unix epoch. Throws when the record cannot be written. */
  addCheckpoint(body: string, nowS: number): Verdict;
  logs(): WitnessedLog[];
}

/** `keys`: of the logs that it knows; several of one origin are a rotation. Throws RecordForged. */
export function createWitness(options: {
  readonly cosigner: Cosigner;
  readonly keys: readonly NoteKey[];
  readonly records: WitnessRecords;
}): Witness {
  const { cosigner, keys, records } = options;
  const origins = [...new Set(keys.map((key) => key.name))].sort();
  const known = new Map<string, Cosigned | undefined>();
  for (const origin of origins) known.set(origin, records.read(origin));

  const cosign = (note: SignedNote, { origin, size, root }: Checkpoint, nowS: number) => {
    const last = known.get(origin);
    // A clock that was set back must not make a larger tree the older one.
    const timeS = Math.max(nowS, last?.timeS ?? 0);
    const signature = cosigner.cosign(note.text, timeS);
    const own = signaturesOf(note, cosigner.key, sha256);
    const others = note.signatures.filter((one) => !own.includes(one));
    if (size !== last?.size) {
      records.write(origin, formatNote({ ...note, signatures: [...others, signature] }));
    }
    known.set(origin, { size, root, timeS });
    return { kind: 'cosigned', line: signatureLine(signature), origin } as const;
  };

  return {
    addCheckpoint: (body, nowS) => {
      const request = parseAddCheckpoint(body);
      const note = request && parseNote(request.note);
      const checkpoint = note && parseCheckpoint(note.text);
      if (!request || !note || !checkpoint || !hasFilledLines(note.text))
        return refused('MALFORMED');
      const { origin, size } = checkpoint;
      if (!known.has(origin)) return refused('LOG_UNKNOWN');
      const trusted = keys.filter((key) => key.name === origin);
      if (!isSignedByAny(note, trusted)) return refused('SIGNATURE_WRONG', origin);
      if (request.oldSize > size) return refused('MALFORMED', origin);
      const before: TreeHead = known.get(origin) ?? EMPTY;
      const isOtherRoot = size === before.size && !equal(checkpoint.root, before.root);
      if (isOtherRoot) records.keepContradiction(origin, request.note);
      if (isOtherRoot || request.oldSize !== before.size) {
        return { kind: 'conflict', size: before.size, origin, isOtherRoot };
      }
      const { proof } = request;
      const isGrown = isConsistent({ before, after: checkpoint, proof }, sha256);
      return isGrown ? cosign(note, checkpoint, nowS) : refused('PROOF_WRONG', origin);
    },
    logs: () =>
      origins.map((origin) => ({
        origin,
        size: known.get(origin)?.size ?? null,
        timeS: known.get(origin)?.timeS ?? null,
        isContradicted: records.hasContradiction(origin),
      })),
  };
}

/** The tree of no leaves (RFC 6962 §2.1). */
const EMPTY: TreeHead = { size: 0, root: sha256(new Uint8Array()) };

function refused(why: (Verdict & { kind: 'refused' })['why'], origin?: string): Verdict {
  return { kind: 'refused', why, ...(origin !== undefined && { origin }) };
}

/** Unknown keys are ignored; of the known ones none may have signed wrongly (signed-note). */
function isSignedByAny(note: SignedNote, keys: readonly NoteKey[]): boolean {
  const all = keys.flatMap((key) =>
    signaturesOf(note, key, sha256).map((one) => isOver(note.text, one, key)),
  );
  return all.length > 0 && all.every(Boolean);
}

/** Extension lines of a checkpoint must not be empty; before them none can be. */
function hasFilledLines(text: string): boolean {
  return text
    .split('\n')
    .slice(0, -1)
    .every((line) => line !== '');
}

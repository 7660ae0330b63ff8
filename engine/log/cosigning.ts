/**
 * Getting a log's checkpoints cosigned, beside the signing and never in its way. Once a second the
 * newest signed note is offered to all witnesses that are free; what was signed in between is not.
 *
 *     signed ──► signed ──► signed ──► signed                          every quarter of a second
 *       └──────── offered ───┐          └──────── offered ───►         once a second
 *                            └─► all have cosigned, or half a second is over ──► shown
 *
 * What is shown to the public is the last offered note with the cosignatures it has: it waits for
 * them half a second, and not for witnesses that did not answer last time. The last note that has a
 * cosignature is kept as well, for readers that take no other.
 */
import { isOver, sha256 } from '#engine/foundation/note-signing.ts';
import { parseCheckpoint } from '#protocol/log/checkpoint.ts';
import { decodeCosignature } from '#protocol/log/cosignature.ts';
import {
  formatNote,
  type NoteSignature,
  parseNote,
  type SignedNote,
  signaturesOf,
} from '#protocol/log/note.ts';
import type { WitnessAddress } from '#protocol/log/witness.ts';
import { isoFromUs } from '#protocol/time.ts';
import { askWitness, type Post, type Proof, type WitnessTrouble } from './witness-exchange.ts';

export interface WitnessReport {
  readonly name: string;
  /** What it cosigned last, and when by its own clock; null: nothing yet. */
  readonly size: number | null;
  readonly at: string | null;
  readonly trouble: WitnessTrouble | null;
}

export interface Cosigning {
  /** Hears of the newest signed note, a few times a second; asks who is due. */
  step(note: string): void;
  /** What the public sees; undefined before there is a note. */
  shown(): string | undefined;
  /** The last note that carries a cosignature of a configured witness. */
  cosigned(): string | undefined;
  reports(): WitnessReport[];
}

export const OFFER_EVERY_MS = 1_000;
export const PATIENCE_MS = 500;
/** A witness with nothing new is asked all the same: who is gone is missed before it matters. */
export const REFRESH_EVERY_MS = 60_000;
const RETRY_MS_MAX = 30_000;
const SECOND_US = 1_000_000;

/** A signed note on its way through the witnesses. */
interface Offer {
  readonly note: SignedNote;
  readonly text: string;
  readonly size: number;
  /** By the witness' name. */
  readonly cosignatures: Map<string, NoteSignature>;
}

/** What is known of one witness. */
interface Standing {
  readonly witness: WitnessAddress;
  isAsked: boolean;
  sizeThere: number;
  last: { readonly size: number; readonly timeS: number } | undefined;
  trouble: WitnessTrouble | undefined;
  failures: number;
  dueMs: number;
  refreshMs: number;
}

export function createCosigning(options: {
  readonly witnesses: readonly WitnessAddress[];
  readonly post: Post;
  readonly proof: Proof;
  readonly monotonicMs: () => number;
  /** The last signed note and the last cosigned one, as they lie on the disk. */
  readonly signed: string | undefined;
  readonly cosigned: string | undefined;
  /** Keeps the newest cosigned note. A failure is the disk's, of which the log itself tells. */
  readonly keep: (note: string) => void;
  readonly onChange: () => void;
}): Cosigning {
  const { witnesses, post, proof, monotonicMs } = options;
  const standings = witnesses.map(standingOf);
  let cosigned = options.cosigned === undefined ? undefined : offerOf(options.cosigned, witnesses);
  if (cosigned?.cosignatures.size === 0) cosigned = undefined;
  let current: Offer | undefined;
  let shown = options.signed === undefined ? undefined : known(options.signed);
  let offeredMs = Number.NEGATIVE_INFINITY;
  let sizeSigned = 0;

  /** An offer of this note, with the cosignatures that its text has already. */
  function known(text: string): Offer | undefined {
    const offer = offerOf(text, witnesses);
    if (offer === undefined || offer.note.text !== cosigned?.note.text) return offer;
    for (const [name, one] of cosigned.cosignatures) offer.cosignatures.set(name, one);
    return offer;
  }

  function settle() {
    const isComplete = standings.every(
      ({ witness, trouble }) =>
        trouble !== undefined || current?.cosignatures.has(witness.key.name) === true,
    );
    if (isComplete || monotonicMs() - offeredMs >= PATIENCE_MS) shown = current;
  }

  async function ask(standing: Standing, offer: Offer) {
    const { witness, sizeThere } = standing;
    standing.isAsked = true;
    const askedMs = monotonicMs();
    const answer = await askWitness({
      ...{ witness, sizeThere, proof, post, note: offer.text, size: offer.size },
      sizeSigned: () => sizeSigned,
    });
    standing.isAsked = false;
    if (answer.kind === 'failed') fail(standing, answer.trouble);
    else {
      Object.assign(standing, { trouble: undefined, failures: 0 });
      standing.dueMs = askedMs + OFFER_EVERY_MS;
      if (answer.kind === 'ahead') standing.sizeThere = answer.size;
      else take(standing, offer, answer);
    }
    settle();
    options.onChange();
  }

  function fail(standing: Standing, trouble: WitnessTrouble) {
    const pauseMs = Math.min(OFFER_EVERY_MS * 2 ** standing.failures, RETRY_MS_MAX);
    standing.failures += 1;
    standing.trouble = trouble;
    standing.dueMs = monotonicMs() + pauseMs;
    standing.refreshMs = standing.dueMs;
  }

  function take(
    standing: Standing,
    offer: Offer,
    { signature, timeS }: { signature: NoteSignature; timeS: number },
  ) {
    standing.sizeThere = offer.size;
    standing.last = { size: offer.size, timeS };
    standing.refreshMs = monotonicMs() + REFRESH_EVERY_MS;
    offer.cosignatures.set(standing.witness.key.name, signature);
    // One that comes late, when a larger note has been cosigned meanwhile, is not the newest.
    if (cosigned !== undefined && cosigned.size > offer.size) return;
    cosigned = offer;
    options.keep(textOf(offer));
  }

  return {
    step: (text) => {
      const nowMs = monotonicMs();
      const newest = text === current?.text ? current : known(text);
      sizeSigned = Math.max(sizeSigned, newest?.size ?? 0);
      if (newest !== current && nowMs - offeredMs >= OFFER_EVERY_MS) {
        current = newest;
        offeredMs = nowMs;
      }
      if (current === undefined) return;
      for (const standing of standings) {
        const isDone = current.cosignatures.has(standing.witness.key.name);
        const dueMs = isDone ? standing.refreshMs : standing.dueMs;
        if (!standing.isAsked && nowMs >= dueMs) void ask(standing, current);
      }
      settle();
    },
    shown: () => shown && textOf(shown),
    cosigned: () => cosigned && textOf(cosigned),
    reports: () => standings.map(reportOf),
  };
}

function standingOf(witness: WitnessAddress): Standing {
  const [dueMs, refreshMs] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const last = undefined;
  const trouble = undefined;
  return { witness, isAsked: false, sizeThere: 0, last, trouble, failures: 0, dueMs, refreshMs };
}

function reportOf({ witness, last, trouble }: Standing): WitnessReport {
  return {
    name: witness.key.name,
    size: last?.size ?? null,
    at: last === undefined ? null : isoFromUs(last.timeS * SECOND_US),
    trouble: trouble ?? null,
  };
}

/** The note without what these witnesses have put to it, and that apart; undefined: it is none. */
function offerOf(text: string, witnesses: readonly WitnessAddress[]): Offer | undefined {
  const note = parseNote(text);
  const checkpoint = note && parseCheckpoint(note.text);
  if (note === undefined || checkpoint === undefined) return undefined;
  const cosignatures = new Map<string, NoteSignature>();
  for (const { key } of witnesses) {
    const own = signaturesOf(note, key, sha256).filter((one) => isOver(note.text, one, key));
    const [one] = own;
    if (one !== undefined && decodeCosignature(one.signature)) cosignatures.set(key.name, one);
  }
  const isOwn = (one: NoteSignature) =>
    witnesses.some(
      ({ key }) => signaturesOf({ ...note, signatures: [one] }, key, sha256).length > 0,
    );
  const signatures = note.signatures.filter((one) => !isOwn(one));
  return { note: { ...note, signatures }, text, size: checkpoint.size, cosignatures };
}

function textOf({ note, cosignatures }: Offer): string {
  return formatNote({ ...note, signatures: [...note.signatures, ...cosignatures.values()] });
}

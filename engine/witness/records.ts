/**
 * What a witness has cosigned, as it lies on the disk: for each log the last checkpoint with the
 * cosignature, so that a record that somebody changed is known as no record of this witness.
 */
import { existsSync, readFileSync } from 'node:fs';
import { isSignedBy, sha256 } from '#engine/foundation/note-signing.ts';
import { replaceFile } from '#engine/store/index.ts';
import { type Checkpoint, parseCheckpoint } from '#protocol/log/checkpoint.ts';
import { decodeCosignature } from '#protocol/log/cosignature.ts';
import { type NoteKey, parseNote, signaturesOf } from '#protocol/log/note.ts';
import type { WitnessPlaces } from './places.ts';

/** The last checkpoint of one log that this witness cosigned. */
export interface Cosigned extends Omit<Checkpoint, 'origin'> {
  /** Seconds since the Unix epoch. */
  readonly timeS: number;
}

export interface WitnessRecords {
  /** Undefined: none yet. Throws RecordForged when what lies there is not this witness' own. */
  read(origin: string): Cosigned | undefined;
  /** MUST NOT return before the note survives power loss. */
  write(origin: string, note: string): void;
  /** Keeps what proves that a log has signed two histories; only the first of each log. */
  keepContradiction(origin: string, note: string): void;
  hasContradiction(origin: string): boolean;
}

/** A record is none, or not this witness' own: it must not cosign on top of it. */
export class RecordForged extends Error {
  override name = 'RecordForged';
  constructor(path: string) {
    super(`${path} is no checkpoint that this witness has cosigned: restore it, do not delete it`);
  }
}

export function witnessRecords(places: WitnessPlaces, key: NoteKey): WitnessRecords {
  return {
    read: (origin) => {
      const path = places.record(origin);
      if (!existsSync(path)) return undefined;
      const cosigned = cosignedIn(readFileSync(path, 'utf8'), origin, key);
      if (cosigned === undefined) throw new RecordForged(path);
      return cosigned;
    },
    write: (origin, note) => replaceFile(places.record(origin), note),
    keepContradiction: (origin, note) => {
      const path = places.contradiction(origin);
      if (!existsSync(path)) replaceFile(path, note);
    },
    hasContradiction: (origin) => existsSync(places.contradiction(origin)),
  };
}

function cosignedIn(text: string, origin: string, key: NoteKey): Cosigned | undefined {
  const note = parseNote(text);
  const checkpoint = note && parseCheckpoint(note.text);
  if (note === undefined || checkpoint?.origin !== origin) return undefined;
  const [own] = signaturesOf(note, key, sha256);
  const cosignature = own && decodeCosignature(own.signature);
  if (cosignature === undefined || !isSignedBy(note, key)) return undefined;
  return { size: checkpoint.size, root: checkpoint.root, timeS: cosignature.timeS };
}

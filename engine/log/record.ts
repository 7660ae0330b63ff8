/**
 * The last checkpoint that a gate signed, as it lies on the disk: what verify, backup and the next
 * start compare the ledger with.
 */
import { existsSync, readFileSync } from 'node:fs';
import { isSignedBy } from '#engine/foundation/note-signing.ts';
import { type Checkpoint, parseCheckpoint } from '#protocol/log/checkpoint.ts';
import { parseNote, type SignedNote } from '#protocol/log/note.ts';
import { readLogKeys } from './keys.ts';

/** Where a gate keeps its log's keys and its last signed checkpoint. */
export interface LogPlaces {
  readonly keys: string;
  readonly checkpoint: string;
}

export interface SignedRecord {
  /** As it lies there, and read. */
  readonly note: string;
  readonly parsed: SignedNote;
  readonly checkpoint: Checkpoint;
  /** Whether one of the gate's own keys has signed it. */
  readonly isGenuine: boolean;
}

/** Undefined when nothing was signed yet. Throws when what lies there is no checkpoint. */
export function readSigned(places: LogPlaces): SignedRecord | undefined {
  if (!existsSync(places.checkpoint)) return undefined;
  const text = readFileSync(places.checkpoint, 'utf8');
  const note = parseNote(text);
  const checkpoint = note && parseCheckpoint(note.text);
  if (note === undefined || checkpoint === undefined) throw new RecordUnreadable(places.checkpoint);
  const known = existsSync(places.keys) ? readLogKeys(places.keys) : undefined;
  const keys = [...(known?.signers.map(({ key }) => key) ?? []), ...(known?.retired ?? [])];
  return {
    note: text,
    parsed: note,
    checkpoint,
    isGenuine: keys.some((key) => isSignedBy(note, key)),
  };
}

/** The record of the last signed checkpoint is none: a person has to look. */
export class RecordUnreadable extends Error {
  override name = 'RecordUnreadable';
  constructor(path: string) {
    super(`the record of the last signed checkpoint in ${path} is none`);
  }
}

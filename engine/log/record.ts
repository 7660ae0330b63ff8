/**
 * The last checkpoint that a gate signed, as it lies on the disk: what verify, backup and the next
 * start compare the ledger with. Beside it the last one that came back cosigned by a witness, which
 * is shown to the public and decides nothing.
 */
import { existsSync, readFileSync } from 'node:fs';
import { isSignedBy } from '#engine/foundation/note-signing.ts';
import { type Checkpoint, parseCheckpoint } from '#protocol/log/checkpoint.ts';
import { parseNote, type SignedNote } from '#protocol/log/note.ts';
import { readLogKeys } from './keys.ts';

/** Where a gate keeps its log's keys, its last signed checkpoint and its last cosigned one. */
export interface LogPlaces {
  readonly keys: string;
  readonly checkpoint: string;
  readonly cosigned: string;
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
  return readRecord(places.checkpoint, places);
}

/** As readSigned, of the last checkpoint that a witness has cosigned. */
export function readCosigned(places: LogPlaces): SignedRecord | undefined {
  return readRecord(places.cosigned, places);
}

/** The cosigned note to go on from; one that cannot be read is none: there will be another. */
export function lastCosigned(places: LogPlaces): string | undefined {
  try {
    const record = readCosigned(places);
    return record?.isGenuine === true ? record.note : undefined;
  } catch (error) {
    if (error instanceof RecordUnreadable) return undefined;
    throw error;
  }
}

function readRecord(path: string, places: LogPlaces): SignedRecord | undefined {
  if (!existsSync(path)) return undefined;
  const text = readFileSync(path, 'utf8');
  const note = parseNote(text);
  const checkpoint = note && parseCheckpoint(note.text);
  if (note === undefined || checkpoint === undefined) throw new RecordUnreadable(path);
  const known = existsSync(places.keys) ? readLogKeys(places.keys) : undefined;
  const keys = [...(known?.signers.map(({ key }) => key) ?? []), ...(known?.retired ?? [])];
  return {
    note: text,
    parsed: note,
    checkpoint,
    isGenuine: keys.some((key) => isSignedBy(note, key)),
  };
}

/** What should be a signed checkpoint is none: a person has to look. */
export class RecordUnreadable extends Error {
  override name = 'RecordUnreadable';
  constructor(path: string) {
    super(`${path} should be the record of a signed checkpoint and is none`);
  }
}

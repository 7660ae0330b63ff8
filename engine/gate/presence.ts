/**
 * The applications that somebody present may submit, and how far each has come on this gate.
 *
 * What is looked up and written here, once when a passbook is read, is not looked up and written
 * when a submission is on its way: whether the ledger has the application, and whether it is on its
 * way to the disk, are two fields of an object that all who present the application share; and most
 * bytes of the leaf that it would get lie ready.
 *
 *     passbook read ──present──► candidate ──submit──► pending ──on disk──► entered
 *           └── its connection ends ──leave──► forgotten when nobody holds it
 */
import { type LeafHead, type LedgerWriter, leafHeads } from '#engine/ledger/index.ts';
import type { EntryFacts } from '#protocol/entry.ts';
import type { PassbookLine } from '#protocol/passbook.ts';
import type { Submission } from './submission.ts';

/** How far an application has come; one object for all who present it. */
export interface Progress {
  /** It may be in the ledger: `find` says. False: it is not. */
  isEntered: boolean;
  /** Its submission that is on its way to the disk. */
  pending: Submission | undefined;
  /** Connections that present it, and one while it is on its way. */
  holders: number;
}

/**
 * A line of a passbook as the gate holds it; itself the head of the leaf that it would get. A
 * class, so that all of it lies in one place: it is cold when its submission comes.
 */
export class Candidate implements LeafHead {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly applicationEnd: number;
  readonly end: number;
  readonly slotHash: number;
  readonly checkHash: number;
  readonly progress: Progress;
  /** The line's; one string for all, so that looking its day up costs no comparison. */
  readonly clickDay: string;
  readonly gate: string;
  readonly line: PassbookLine;

  constructor(head: LeafHead, parts: Pick<Candidate, 'progress' | 'clickDay' | 'gate' | 'line'>) {
    this.bytes = head.bytes;
    this.start = head.start;
    this.applicationEnd = head.applicationEnd;
    this.end = head.end;
    this.slotHash = head.slotHash;
    this.checkHash = head.checkHash;
    this.progress = parts.progress;
    this.clickDay = parts.clickDay;
    this.gate = parts.gate;
    this.line = parts.line;
  }
}

export type Candidates = ReadonlyMap<string, Candidate>;

export interface Presence {
  /** Takes a passbook's lines into account. Each to be given back with `leave`. 1 µs a line. */
  present(lines: readonly PassbookLine[]): Candidate[];
  /** Holds one once more, for as long as it is on its way. To be given back with `leave`. */
  hold(candidate: Candidate): void;
  leave(candidate: Candidate): void;
}

export function createPresence(ledger: Pick<LedgerWriter, 'gate' | 'mayHold'>): Presence {
  const { gate } = ledger;
  const present = new Map<string, Progress>();

  let lastDay = '';
  const sameDay = ({ clickDay }: PassbookLine): string => {
    if (clickDay !== lastDay) lastDay = clickDay;
    return lastDay;
  };

  const heldProgress = (id: string): Progress => {
    let progress = present.get(id);
    if (progress === undefined) {
      progress = { isEntered: ledger.mayHold(id), pending: undefined, holders: 0 };
      present.set(id, progress);
    }
    progress.holders += 1;
    return progress;
  };

  return {
    present: (lines) => {
      const heads = leafHeads(lines.map(factsOf), gate);
      return lines.map((line, at) => {
        const parts = { line, gate, clickDay: sameDay(line), progress: heldProgress(line.id) };
        return new Candidate(heads[at] as LeafHead, parts);
      });
    },
    hold: ({ progress }) => {
      progress.holders += 1;
    },
    leave: ({ line, progress }) => {
      progress.holders -= 1;
      if (progress.holders === 0) present.delete(line.id);
    },
  };
}

function factsOf({ id, clickDay, digest, model, office }: PassbookLine): EntryFacts {
  return { application: id, clickDay, digest, model, office };
}

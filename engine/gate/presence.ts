/**
 * The applications that somebody present may submit, and how far each has come on this gate.
 *
 * What is looked up here, once when a passbook is read, is not looked up when a submission is on
 * its way: whether the ledger has the application, and whether it is on its way to the disk, are
 * two fields of an object that all who present the application share.
 *
 *     passbook read ──present──► candidate ──submit──► pending ──on disk──► entered
 *           └── its connection ends ──leave──► forgotten when nobody holds it
 */
import type { LedgerWriter } from '#engine/ledger/index.ts';
import type { PassbookLine } from '#protocol/passbook.ts';
import type { Pending } from './sequencer.ts';

/** How far an application has come; one object for all who present it. */
export interface Progress {
  /** It may be in the ledger: `find` says. False: it is not. */
  isEntered: boolean;
  /** Its submission that is on its way to the disk. */
  pending: Pending | undefined;
  /** Connections that present it, and one while it is on its way. */
  holders: number;
}

/** A line of a passbook as the gate holds it. */
export interface Candidate {
  readonly line: PassbookLine;
  readonly progress: Progress;
}

export type Candidates = ReadonlyMap<string, Candidate>;

export interface Presence {
  /** Takes a line into account. To be given back with `leave`. About 1 µs. */
  present(line: PassbookLine): Candidate;
  /** Holds it once more, for as long as it is on its way. To be given back with `leave`. */
  hold(candidate: Candidate): void;
  leave(candidate: Candidate): void;
}

export function createPresence(ledger: Pick<LedgerWriter, 'mayHold'>): Presence {
  const present = new Map<string, Progress>();
  return {
    present: (line) => {
      let progress = present.get(line.id);
      if (progress === undefined) {
        progress = { isEntered: ledger.mayHold(line.id), pending: undefined, holders: 0 };
        present.set(line.id, progress);
      }
      progress.holders += 1;
      return { line, progress };
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

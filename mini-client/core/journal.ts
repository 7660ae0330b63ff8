/**
 * The sender's memory on disk: one JSON object a line, only ever appended, synced.
 *
 * Promise: what the journal calls accepted was accepted by a gate, and after a crash everything
 * that is not accepted is sent again, which is harmless: a gate answers a repeat with the first
 * outcome. So `sent` need not be on disk before the frame leaves, and only `accepted` counts.
 * Lines reach the disk in the order of `append`; what piles up during one sync goes out with the
 * next (group commit). A torn last line, the mark of a crash, is skipped; so is any line that is
 * not a record. It does not lock: one program a directory is the command line's care.
 */
import { type Static, Type } from '@sinclair/typebox';
import { Accepted } from '#protocol/frames.ts';
import type { JournalFile } from './ports.ts';
import { compileCheck, parsedJson } from './wire-check.ts';

const Chosen = Type.Object({
  type: Type.Literal('chosen'),
  application: Type.String(),
  clickDay: Type.String(),
  atUs: Type.Number({ description: "the client's own clock" }),
});
const Sent = Type.Object({
  type: Type.Literal('sent'),
  application: Type.String(),
  gate: Type.String({ description: 'URL' }),
  sentAtUs: Type.Number({ description: 'official time as estimated' }),
});
const AcceptedRecord = Type.Object({
  type: Type.Literal('accepted'),
  application: Type.String(),
  message: Accepted,
  leafHash: Type.Optional(Type.String()),
  sentAtUs: Type.Number(),
  latencyMs: Type.Number(),
});
const RejectedRecord = Type.Object({
  type: Type.Literal('rejected'),
  application: Type.String(),
  code: Type.String(),
  message: Type.String(),
});
const JournalRecord = Type.Union([Chosen, Sent, AcceptedRecord, RejectedRecord]);
export type JournalRecord = Static<typeof JournalRecord>;
export type AcceptedEvidence = Static<typeof AcceptedRecord>;

/** What is known of one application after reading the journal. */
export interface JournalState {
  readonly application: string;
  readonly clickDay?: string;
  readonly sentCount: number;
  readonly accepted?: AcceptedEvidence;
  /** The last final refusal; it does not keep the application from being sent again. */
  readonly rejected?: { readonly code: string; readonly message: string };
}

export interface Journal {
  /** States by application, as they were when the journal was opened. */
  readonly resumed: ReadonlyMap<string, JournalState>;
  /** Resolves when the record survives a power cut; rejects when that is unknown. */
  append(record: JournalRecord): Promise<void>;
  /** Resolves when everything appended before is settled; never rejects. */
  settled(): Promise<void>;
}

const checker = compileCheck(JournalRecord);

/** Opens the journal of a file. O(its lines). */
export function openJournal(file: JournalFile): Journal {
  const text = file.read();
  const writer = createWriter(file, text !== '' && !text.endsWith('\n'));
  return {
    resumed: foldJournal(text),
    append: (record) => writer.append(`${JSON.stringify(record)}\n`),
    settled: () => writer.settled(),
  };
}

/** The states that a journal's text tells. */
export function foldJournal(text: string): ReadonlyMap<string, JournalState> {
  const states = new Map<string, JournalState>();
  for (const record of readRecords(text)) {
    const before = states.get(record.application) ?? newState(record.application);
    states.set(record.application, applied(before, record));
  }
  return states;
}

/** The records of a journal's text in order, without torn or foreign lines. */
export function readRecords(text: string): JournalRecord[] {
  return text.split('\n').flatMap((line) => {
    const record = parsed(line);
    return record === undefined ? [] : [record];
  });
}

function newState(application: string): JournalState {
  return { application, sentCount: 0 };
}

function applied(state: JournalState, record: JournalRecord): JournalState {
  switch (record.type) {
    case 'chosen':
      return { ...state, clickDay: record.clickDay };
    case 'sent':
      return { ...state, sentCount: state.sentCount + 1 };
    case 'accepted':
      // The first answer is the evidence; repeats say the same.
      return state.accepted === undefined ? { ...state, accepted: record } : state;
    case 'rejected':
      return { ...state, rejected: { code: record.code, message: record.message } };
  }
}

function parsed(line: string): JournalRecord | undefined {
  const value = parsedJson(line);
  return checker.Check(value) ? value : undefined;
}

interface Waiting {
  readonly line: string;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Appends in order, one write at a time, all that waits in each. */
function createWriter(file: JournalFile, startsTorn: boolean) {
  let waiting: Waiting[] = [];
  let running: Promise<void> | undefined;
  // After a torn line, and after a failed write that may have left one, begin on a line of our own.
  let torn = startsTorn;

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      const text = batch.map(({ line }) => line).join('');
      try {
        await file.append(torn ? `\n${text}` : text);
        torn = false;
        for (const { resolve } of batch) resolve();
      } catch (error) {
        torn = true;
        for (const { reject } of batch) reject(error);
      }
    }
    running = undefined;
  }

  return {
    append(line: string): Promise<void> {
      return new Promise((resolve, reject) => {
        waiting.push({ line, resolve, reject });
        // Starts in a microtask, so that records of one turn of the event loop share one sync.
        running ??= Promise.resolve().then(drain);
      });
    },
    settled: async () => {
      while (running !== undefined) await running;
    },
  };
}

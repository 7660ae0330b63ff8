/**
 * Ledger writers in a test's hand: one in memory, and a hand around any writer that holds its
 * commits back or makes them fail, so that a test says when the disk is done.
 */
import { setImmediate as nextPass } from 'node:timers/promises';
import type { LedgerWriter } from '#engine/ledger/index.ts';
import type { LedgerEntry } from '#protocol/entry.ts';

/** A writer without a disk; it keeps the rules of the real one for numbers and stamps. */
export function memoryWriter(gate = 'g1'): LedgerWriter {
  const entries: LedgerEntry[] = [];
  let lastStampUs = 0;
  return {
    gate,
    unread: [],
    nextSeq: () => entries.length + 1,
    lastStampUs: () => lastStampUs,
    find: (application) => entries.find((entry) => entry.application === application),
    mayHold: (application) => entries.some((entry) => entry.application === application),
    append: async (batch) => {
      for (const entry of batch) {
        if (entry.seq !== entries.length + 1) throw new Error('numbers must be contiguous');
        if (entry.stampUs <= lastStampUs) throw new Error('stamps must rise');
        entries.push(entry);
        lastStampUs = entry.stampUs;
      }
    },
    watermark: async (us) => {
      lastStampUs = us;
    },
    close: async () => undefined,
  };
}

export interface HeldLedger extends LedgerWriter {
  /** What was given to `append`, batch by batch, whatever became of it. */
  readonly batches: (readonly LedgerEntry[])[];
  readonly watermarks: number[];
  /** From now on commits wait. */
  hold(): void;
  /** Lets what waits go on, and later commits too. */
  release(): Promise<void>;
  /** Lets only what waits go on; later commits wait again. */
  step(): Promise<void>;
  /** The commit that waits fails; nothing of it is written. Later ones wait again. */
  fail(error: Error): Promise<void>;
}

export function heldLedger(inner: LedgerWriter): HeldLedger {
  const batches: (readonly LedgerEntry[])[] = [];
  const watermarks: number[] = [];
  let isHeld = false;
  let waiting: { go: () => void; fail: (error: Error) => void }[] = [];
  const disk = () =>
    isHeld
      ? new Promise<void>((go, fail) => {
          waiting.push({ go, fail });
        })
      : Promise.resolve();
  const taken = () => {
    const all = waiting;
    waiting = [];
    return all;
  };
  return {
    gate: inner.gate,
    unread: inner.unread,
    nextSeq: inner.nextSeq,
    lastStampUs: inner.lastStampUs,
    find: inner.find,
    mayHold: inner.mayHold,
    append: async (entries, committedAtUs) => {
      batches.push(entries);
      await disk();
      await inner.append(entries, committedAtUs);
    },
    watermark: async (us) => {
      watermarks.push(us);
      await disk();
      await inner.watermark(us);
    },
    close: inner.close,
    batches,
    watermarks,
    hold: () => {
      isHeld = true;
    },
    step: async () => {
      for (const one of taken()) one.go();
      await passes();
    },
    release: async () => {
      isHeld = false;
      for (const one of taken()) one.go();
      await passes();
    },
    fail: async (error) => {
      for (const one of taken()) one.fail(error);
      await passes();
    },
  };
}

/** Lets the event loop go round, so that what is ready has happened. */
export async function passes(count = 4): Promise<void> {
  for (let pass = 0; pass < count; pass += 1) await nextPass();
}

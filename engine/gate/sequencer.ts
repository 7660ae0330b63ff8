/**
 * The sequencer: the single point where order is made.
 *
 * A submission gets its stamp when it has its turn, and its number when its batch goes to the
 * ledger: so a batch that the disk refuses leaves no gap. Group commit without a timer: while one
 * commit is in flight the next batch gathers, and starts when that one ends. Nobody is answered
 * before the commit is on disk.
 *
 *     turn ──stamp──► queue ──number──► commit in flight ──on disk──► acknowledgement
 *
 * An application that is already on its way is not entered twice: later requests for it wait for
 * the same commit and hear the same outcome as duplicates.
 */
import type { Clock } from '#engine/clock/index.ts';
import type { LedgerWriter } from '#engine/ledger/index.ts';
import type { LedgerEntry } from '#protocol/entry.ts';
import { limits } from '../limits.ts';
import type { Submission } from './outcome.ts';
import type { Presence } from './presence.ts';

/** A submission with its stamp, on its way to the disk, and those who asked for it again. */
export interface Pending {
  readonly submission: Submission;
  readonly stampUs: number;
  readonly uncertaintyUs: number;
  /** Undefined: nobody. */
  repeats: Submission[] | undefined;
}

/** One answered submission of a batch. */
export interface Committed {
  readonly submission: Submission;
  readonly entry: LedgerEntry;
  readonly duplicate: boolean;
}

export interface Sequencer {
  /** The stamp the next submission gets: the clock's instant, above all before it. */
  nextStampUs(nowUs: number): number;
  /** Queues a submission that was admitted at `stampUs`. False when the queue is full. */
  push(submission: Submission, stampUs: number, uncertaintyUs: number): boolean;
  /** True when the application is on its way; the submission then waits for the same outcome. */
  joinPending(submission: Submission): boolean;
  /** Starts a commit if none is in flight and something waits. */
  pump(): void;
  /** Tells readers that nothing older than `us` is still to come, if nothing is on its way. */
  watermark(us: number): void;
  queued(): number;
  /** Resolves when all that was queued has an outcome. */
  drained(): Promise<void>;
}

export function createSequencer(options: {
  ledger: LedgerWriter;
  clock: Clock;
  presence: Pick<Presence, 'hold' | 'leave'>;
  /** An entry is on disk; called for each of a commit, in order, and its repeats after it. */
  onEntered: (committed: Committed) => void;
  /** All of a commit have been told of. */
  onCommitted: (entries: number, commitUs: number) => void;
  /** The commit failed: nothing of it is on disk. The queue behind it is handed over as well. */
  onFailed: (submissions: readonly Submission[], error: unknown) => Promise<void>;
}): Sequencer {
  const { ledger, clock, presence } = options;
  let queue: Pending[] = [];
  let lastStampUs = ledger.lastStampUs();
  let inFlight: Promise<void> | undefined;

  const commit = async (batch: readonly Pending[]) => {
    const startedUs = clock.nowUs();
    const entries = batch.map((item, at) => entryOf(item, ledger.gate, ledger.nextSeq() + at));
    let failure: { error: unknown } | undefined;
    try {
      await ledger.append(entries, startedUs);
    } catch (error) {
      failure = { error };
    }
    inFlight = undefined;
    if (failure) giveUp(batch, failure.error);
    else settle(batch, entries, clock.nowUs() - startedUs);
    pump();
  };

  const settle = (batch: readonly Pending[], entries: readonly LedgerEntry[], tookUs: number) => {
    batch.forEach(({ submission, repeats }, at) => {
      const entry = entries[at] as LedgerEntry;
      submission.candidate.progress.isEntered = true;
      endPending(submission);
      options.onEntered({ submission, entry, duplicate: false });
      for (const again of repeats ?? []) {
        options.onEntered({ submission: again, entry, duplicate: true });
      }
    });
    options.onCommitted(entries.length, tookUs);
  };

  const endPending = ({ candidate }: Submission) => {
    candidate.progress.pending = undefined;
    presence.leave(candidate);
  };

  const giveUp = (batch: readonly Pending[], error: unknown) => {
    const lost = [...batch, ...queue];
    queue = [];
    for (const { submission } of lost) endPending(submission);
    void options.onFailed(
      lost.flatMap(({ submission, repeats = [] }) => [submission, ...repeats]),
      error,
    );
  };

  const pump = () => {
    if (inFlight !== undefined || queue.length === 0) return;
    const batch = queue.splice(0, limits.batchEntriesMax);
    inFlight = commit(batch);
  };

  return {
    nextStampUs: (nowUs) => Math.max(lastStampUs + 1, nowUs),
    push: (submission, stampUs, uncertaintyUs) => {
      if (queue.length >= limits.queueEntriesMax) return false;
      lastStampUs = stampUs;
      const item = { submission, stampUs, uncertaintyUs, repeats: undefined };
      queue.push(item);
      submission.candidate.progress.pending = item;
      presence.hold(submission.candidate);
      return true;
    },
    joinPending: (submission) => {
      const item = submission.candidate.progress.pending;
      if (item === undefined) return false;
      item.repeats ??= [];
      item.repeats.push(submission);
      return true;
    },
    pump,
    watermark: (us) => {
      if (inFlight !== undefined || queue.length > 0 || us <= lastStampUs) return;
      lastStampUs = us;
      inFlight = ledger
        .watermark(us)
        .catch((error: unknown) => giveUp([], error))
        .then(() => {
          inFlight = undefined;
          pump();
        });
    },
    queued: () => queue.length,
    drained: async () => {
      while (inFlight !== undefined) await inFlight;
    },
  };
}

function entryOf(item: Pending, gate: string, seq: number): LedgerEntry {
  const { id, clickDay, digest, model, office } = item.submission.candidate.line;
  const { stampUs, uncertaintyUs } = item;
  return { application: id, clickDay, digest, gate, model, office, seq, stampUs, uncertaintyUs };
}

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
import { limits } from '../limits.ts';
import type { Presence } from './presence.ts';
import type { Submission } from './submission.ts';

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
  /** A submission is on disk as an entry; for each of a commit in order, with its repeats. */
  onEntered: (entry: Submission, repeats: readonly Submission[]) => void;
  /** All of a commit have been told of. */
  onCommitted: (entries: number, commitUs: number) => void;
  /** The commit failed: nothing of it is on disk. The queue behind it is handed over as well. */
  onFailed: (submissions: readonly Submission[], error: unknown) => Promise<void>;
}): Sequencer {
  const { ledger, clock, presence } = options;
  let queue: Submission[] = [];
  let lastStampUs = ledger.lastStampUs();
  let inFlight: Promise<void> | undefined;

  const commit = async (batch: readonly Submission[]) => {
    const startedUs = clock.nowUs();
    number(batch, ledger.nextSeq());
    let failure: { error: unknown } | undefined;
    try {
      await ledger.append(batch, startedUs);
    } catch (error) {
      failure = { error };
    }
    inFlight = undefined;
    if (failure) return giveUp(batch, failure.error);
    const tookUs = clock.nowUs() - startedUs;
    // The next batch is on its way to the disk while this one's answers are written.
    pump();
    settle(batch, tookUs);
  };

  const settle = (batch: readonly Submission[], tookUs: number) => {
    for (const entry of batch) {
      entry.candidate.progress.isEntered = true;
      options.onEntered(entry, endPending(entry));
    }
    options.onCommitted(batch.length, tookUs);
  };

  /** It is not on its way any more; those who asked for it meanwhile are returned. */
  const endPending = (submission: Submission): readonly Submission[] => {
    const { candidate, repeats = NOBODY } = submission;
    candidate.progress.pending = undefined;
    presence.leave(candidate);
    submission.repeats = undefined;
    return repeats;
  };

  const giveUp = (batch: readonly Submission[], error: unknown) => {
    const lost = [...batch, ...queue];
    queue = [];
    void options.onFailed(
      lost.flatMap((submission) => [submission, ...endPending(submission)]),
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
      submission.stampUs = stampUs;
      submission.uncertaintyUs = uncertaintyUs;
      queue.push(submission);
      submission.candidate.progress.pending = submission;
      presence.hold(submission.candidate);
      return true;
    },
    joinPending: (submission) => {
      const { pending } = submission.candidate.progress;
      if (pending === undefined) return false;
      pending.repeats ??= [];
      pending.repeats.push(submission);
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

const NOBODY: readonly Submission[] = [];

function number(batch: readonly Submission[], firstSeq: number): void {
  batch.forEach((submission, at) => {
    submission.seq = firstSeq + at;
  });
}

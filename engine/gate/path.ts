/**
 * The way of a submission through the gate: the table of contents of this folder, in code.
 *
 *     read     socket.ts / http.ts   a frame, checked and copied
 *     1 line   presence.ts           what this sender may submit        UNKNOWN_APPLICATION
 *     2 repeat ledger                first outcome again                duplicate: true
 *     3 door   opening.ts            read before the opening?           TOO_EARLY, CLOSED, …
 *       early  early.ts              who was early hears it after the first turns
 *     4 turn   turn.ts               one frame a turn, lane by lane     RATE_LIMITED
 *     5 stamp  admission.ts          in time at its own stamp           TOO_EARLY, CLOSED, …
 *     6 number sequencer.ts          one writer's counter               OVERLOADED
 *     7 ledger ledger/writer.ts      on disk, or nothing happened       STORAGE_UNAVAILABLE
 *     8 answer acknowledgement.ts    "Invio corretto"
 */
import type { Clock, Timers } from '#engine/clock/index.ts';
import { LedgerDamaged, type LedgerWriter } from '#engine/ledger/index.ts';
import { createAcknowledgement } from './acknowledgement.ts';
import { type AdmissionCode, admission } from './admission.ts';
import { createEarlyRefusals } from './early.ts';
import type { Lane } from './lane.ts';
import type { LedgerHealth } from './ledger-health.ts';
import type { Openings } from './opening.ts';
import type { Rejection, SubmissionRequest } from './outcome.ts';
import type { Presence } from './presence.ts';
import { createSequencer } from './sequencer.ts';
import type { Storage } from './storage.ts';
import type { Submission } from './submission.ts';
import type { Tally } from './tally.ts';
import { createTurns } from './turn.ts';

export interface Path {
  /** Takes a submission that was read in this pass; its sender hears the outcome, now or later. */
  accept(submission: Submission): void;
  /** Refuses what no presented passbook names. */
  refuseUnknown(request: SubmissionRequest): void;
  /** Forgets a lane that is gone. What already had its turn is entered all the same. */
  drop(lane: Lane): void;
  /** Publishes how far this ledger is complete, when nothing is on its way. */
  watermark(): void;
  /** Resolves when all that has had its turn has its outcome. */
  drained(): Promise<void>;
}

export function createPath(options: {
  clock: Clock;
  timers: Timers;
  ledger: LedgerWriter;
  openings: Openings;
  presence: Presence;
  storage: Pick<Storage, 'isWritable' | 'failed' | 'retryAfterMs'>;
  tally: Tally;
  health: Pick<LedgerHealth, 'report'>;
}): Path {
  const { clock, timers, ledger, openings, presence, storage, tally } = options;
  const turns = createTurns();
  let isDealDue = false;
  /** A commit has failed and nobody knows yet what is on disk: until then nobody has a turn. */
  let isUnclear = false;

  const acknowledgement = createAcknowledgement(turns.release);
  const sequencer = createSequencer({
    ledger,
    clock,
    presence,
    onEntered: (entry, repeats) => {
      early.beforeAcceptance();
      acknowledgement.tell(entry, repeats);
    },
    onCommitted: (entries, commitUs) => {
      acknowledgement.end();
      tally.committed(entries, commitUs);
      dealSoon();
    },
    onFailed: async (submissions, error) => {
      isUnclear = true;
      if ((await storage.failed(error)) === 'fatal') return;
      isUnclear = false;
      for (const submission of submissions) refuse(submission, 'STORAGE_UNAVAILABLE');
      dealSoon();
    },
  });

  const answer = (request: SubmissionRequest, rejection: Omit<Rejection, 'kind'>) => {
    tally.rejected(rejection.code);
    request.sender.answer(request, { kind: 'rejected', ...rejection });
  };
  const reject = (request: SubmissionRequest, rejection: Omit<Rejection, 'kind'>) => {
    answer(request, rejection);
    request.sender.flush();
  };

  /** Refuses a submission that has had its turn: its slot is free again. */
  const refuse = (submission: Submission, code: Exclude<AdmissionCode, 'ACCEPT'> | Busy) => {
    turns.release(submission.lane);
    reject(submission, explained(code, submission.clickDay));
  };

  const explained = (code: Rejection['code'], dayId: string): Omit<Rejection, 'kind'> => {
    const day = openings.day(dayId);
    if (code === 'TOO_EARLY' && day !== undefined) {
      return { code, retryAfterMs: openings.retryAfterMs(day), opensAtUs: day.opensAtUs };
    }
    if (code === 'OVERLOADED' || code === 'RATE_LIMITED') {
      return { code, retryAfterMs: tally.retryAfterMs(sequencer.queued() + turns.waiting()) };
    }
    return code === 'STORAGE_UNAVAILABLE' ? { code, retryAfterMs: storage.retryAfterMs } : { code };
  };

  const early = createEarlyRefusals({
    timers,
    openings,
    tell: (submissions) => {
      for (const submission of submissions) {
        answer(submission, explained('TOO_EARLY', submission.clickDay));
      }
      // All answers of one sender leave in one write.
      for (const { sender } of submissions) sender.flush();
    },
  });

  /** 'damaged': it may be in the ledger, in a page that cannot be read. */
  const entered = (application: string) => {
    try {
      return ledger.find(application);
    } catch (error) {
      if (!(error instanceof LedgerDamaged)) throw error;
      options.health.report(error.damage);
      return 'damaged';
    }
  };

  /** True when the request has its answer: the first outcome again, or none while nobody knows. */
  const repeat = (submission: Submission): boolean => {
    const { application, candidate, sender } = submission;
    const entry = candidate.progress.isEntered ? entered(application) : undefined;
    if (entry === undefined) return false;
    if (entry === 'damaged') {
      reject(submission, explained('STORAGE_UNAVAILABLE', submission.clickDay));
      return true;
    }
    tally.repeated();
    sender.answer(submission, { kind: 'accepted', entry, duplicate: true });
    sender.flush();
    return true;
  };

  /** Steps 5 and 6, at the moment of the turn. */
  const takeTurn = (submission: Submission) => {
    if (sequencer.joinPending(submission)) return;
    const { candidate, lane } = submission;
    if (repeat(submission)) return turns.release(lane);
    const { nowUs, uncertaintyUs } = clock.read();
    const stampUs = sequencer.nextStampUs(nowUs);
    const code = admission(openings.day(candidate.clickDay), stampUs, uncertaintyUs);
    if (code !== 'ACCEPT') return refuse(submission, code);
    if (!storage.isWritable()) return refuse(submission, 'STORAGE_UNAVAILABLE');
    if (!sequencer.push(submission, stampUs, uncertaintyUs)) refuse(submission, 'OVERLOADED');
  };

  const dealSoon = () => {
    if (isDealDue) return;
    isDealDue = true;
    timers.immediate(() => {
      isDealDue = false;
      if (isUnclear) return;
      turns.deal(takeTurn);
      sequencer.pump();
    });
  };

  return {
    accept: (submission) => {
      tally.received();
      if (repeat(submission)) return;
      const { clickDay, candidate } = submission;
      // What is on its way was let in: its repeats wait for its outcome, whatever the hour.
      const isOnItsWay = candidate.progress.pending !== undefined;
      const code = isOnItsWay ? 'ACCEPT' : openings.atDoor(clickDay);
      if (code === 'TOO_EARLY' && early.hold(submission)) return;
      if (code !== 'ACCEPT') return reject(submission, explained(code, clickDay));
      if (!turns.enqueue(submission)) {
        return reject(submission, explained('RATE_LIMITED', clickDay));
      }
      dealSoon();
    },
    refuseUnknown: (request) => {
      tally.received();
      reject(request, { code: 'UNKNOWN_APPLICATION' });
    },
    drop: turns.drop,
    watermark: () => {
      // After a failed write nothing is written before it is understood, and after a sync never.
      if (!isUnclear) sequencer.watermark(clock.nowUs());
    },
    drained: sequencer.drained,
  };
}

type Busy = 'OVERLOADED' | 'STORAGE_UNAVAILABLE';

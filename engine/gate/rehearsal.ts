/**
 * Practice: submissions for rehearsal windows go the real way (passbook, door, turn, stamp, number,
 * disk, answer) on a path of their own, with a ledger of its own. Nothing here is shared with the
 * real path but the clock and the disk, and the real path has not one step more for it.
 *
 * Bounds: so many a second in all (more get OVERLOADED), so many entries (then the ledger is begun
 * anew), and none at all around a real opening (REHEARSAL_PAUSED): then its ledger and the thread
 * that writes it are gone as well.
 */
import { type Notice, windowOf } from '#engine/calendar/index.ts';
import type { Clock, Timers } from '#engine/clock/index.ts';
import type { Log } from '#engine/foundation/log.ts';
import type { ClickDay } from '#protocol/calendar.ts';
import { type Rest, restsUntilUs } from '#protocol/rehearsal.ts';
import { limits } from '../limits.ts';
import type { Lane } from './lane.ts';
import { createOpenings } from './opening.ts';
import type { Rejection } from './outcome.ts';
import { createPath } from './path.ts';
import { createPresence, type Presence } from './presence.ts';
import type { RehearsalLedger } from './rehearsal-ledger.ts';
import type { Storage } from './storage.ts';
import type { Submission } from './submission.ts';
import { createTally } from './tally.ts';

export interface RehearsalStatus {
  /** Entries of its ledger since that was last begun anew. */
  readonly entries: number;
  readonly accepted: number;
  readonly refused: number;
  readonly isInUse: boolean;
  /** Around a real opening. */
  readonly isResting: boolean;
}

export interface Rehearsal {
  /** What may be practised by whom; apart from the real one. */
  readonly presence: Presence;
  setCalendar(notice: Notice): void;
  /** Its windows as clients are told of them. */
  days(): readonly ClickDay[];
  accept(submission: Submission): void;
  /** Somebody is about to practise. */
  wake(): void;
  drop(lane: Lane): void;
  status(): RehearsalStatus;
  /** Resolves when all that has had its turn has its outcome. */
  drained(): Promise<void>;
  /** After `drained`. */
  close(): Promise<void>;
}

const US_A_SECOND = 1_000_000;
/** After an attempt to begin a ledger that failed. */
const RENEWAL_US_MIN = 10 * US_A_SECOND;
const LOOK_EVERY_MS = 1000;

export function createRehearsal(options: {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  readonly ledger: RehearsalLedger;
  readonly rest: Rest;
  readonly connections: () => number;
  readonly storage: Pick<Storage, 'isWritable' | 'retryAfterMs'>;
}): Rehearsal {
  const { clock, timers, log, ledger, rest, storage } = options;
  const tally = createTally();
  const openings = createOpenings({ clock, timers, connections: options.connections });
  const presence = createPresence(ledger);
  const takes = createAllowance(limits.rehearsalsPerSecondMax, () => clock.nowUs());
  let notice: Pick<Notice, 'windows' | 'rehearsals'> = { windows: [], rehearsals: [] };
  let renewal: Promise<void> | undefined;
  let failedAtUs = Number.NEGATIVE_INFINITY;

  const path = createPath({
    ...{ clock, timers, ledger, openings, presence, tally },
    storage: {
      isWritable: () => storage.isWritable() && ledger.isInUse(),
      retryAfterMs: storage.retryAfterMs,
      // The real ledger decides for itself whether this disk can be trusted.
      failed: async (error) => {
        log.error({ error }, 'a rehearsal could not be written');
        ledger.giveUp();
        return 'full';
      },
    },
    health: { report: () => ledger.giveUp() },
  });

  /** A ledger is begun while nothing is on its way to one; on a bad disk not all the time. */
  const renew = async () => {
    if (clock.nowUs() - failedAtUs < RENEWAL_US_MIN) return;
    ledger.giveUp();
    await path.drained();
    await ledger.beginAnew();
    if (!ledger.isInUse()) failedAtUs = clock.nowUs();
  };
  const renewSoon = () => {
    renewal ??= renew().finally(() => {
      renewal = undefined;
    });
  };
  const wake = () => {
    if (isResting() === undefined && !ledger.isInUse()) renewSoon();
  };
  /** Around a real opening nothing of practice is left. */
  const rests = timers.every(LOOK_EVERY_MS, () => {
    if (isResting() === undefined || !ledger.isInUse() || renewal !== undefined) return;
    ledger.giveUp();
    renewal = path
      .drained()
      .then(() => ledger.close())
      .finally(() => {
        renewal = undefined;
      });
  });
  const isResting = () => restsUntilUs(notice.windows, clock.nowUs(), rest);

  const refusal = (): Omit<Rejection, 'kind'> | undefined => {
    const untilUs = isResting();
    if (untilUs !== undefined) {
      const retryAfterMs = Math.ceil((untilUs - clock.nowUs()) / 1000);
      return { code: 'REHEARSAL_PAUSED', retryAfterMs };
    }
    const retryAfterMs = takes();
    return retryAfterMs === 0 ? undefined : { code: 'OVERLOADED', retryAfterMs };
  };

  return {
    presence,
    setCalendar: (next) => {
      notice = next;
      openings.setCalendar(next.rehearsals.map(windowOf));
    },
    days: () => notice.rehearsals,
    accept: (submission) => {
      const refused = refusal();
      if (refused !== undefined) {
        tally.rejected(refused.code);
        submission.sender.answer(submission, { kind: 'rejected', ...refused });
        submission.sender.flush();
        return;
      }
      if (ledger.isFull() || !ledger.isInUse()) renewSoon();
      if (renewal === undefined) path.accept(submission);
      else void renewal.then(() => path.accept(submission));
    },
    wake,
    drop: path.drop,
    status: () => ({
      entries: ledger.nextSeq() - 1,
      accepted: tally.counts.accepted,
      refused: [...tally.counts.rejected.values()].reduce((sum, count) => sum + count, 0),
      isInUse: ledger.isInUse(),
      isResting: isResting() !== undefined,
    }),
    drained: async () => {
      openings.stop();
      rests();
      await renewal;
      await path.drained();
    },
    close: () => ledger.close(),
  };
}

/**
 * At most `perSecond` in any second, told one by one: 0 when this one may pass, or after how many
 * milliseconds it should come again.
 */
function createAllowance(perSecond: number, nowUs: () => number): () => number {
  const eachUs = US_A_SECOND / perSecond;
  /** When the allowance would be whole again. */
  let wholeAtUs = Number.NEGATIVE_INFINITY;
  return () => {
    const now = nowUs();
    const nextUs = Math.max(wholeAtUs, now) + eachUs;
    if (nextUs - now > US_A_SECOND) return Math.ceil((nextUs - now - US_A_SECOND) / 1000) + 1;
    wholeAtUs = nextUs;
    return 0;
  };
}

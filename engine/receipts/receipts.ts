/**
 * Makes a receipt for every entry of the register, and hands receipts out.
 *
 *   register ──► jobs ──► workshop (facts, proofs, PDF, seal) ──► receipt table (LMDB)
 *                 ▲                      │
 *                 └─ tried again, alone ◄┘ thread died, receipt refused
 *                    three times, then set aside with its reason
 *
 * It holds up nobody: a poison job is parted from its batch and set aside. It resumes after a
 * restart from the register. While no signed checkpoint covers an entry its receipt waits; when
 * the workshop cannot work, or the disk is full, it tries again without blaming one. Nothing is
 * queued in memory beyond the calls in flight.
 */
import type { Cancel, Timers } from '#engine/clock/index.ts';
import type { Log } from '#engine/foundation/log.ts';
import type { Register, RegisterEntry } from '#engine/register/index.ts';
import { createDesk } from './desk.ts';
import { createJobs, type Job } from './jobs.ts';
import { createPeak } from './peak.ts';
import type { ProofTrouble } from './proof-source.ts';
import type { Workshop } from './workshop.ts';

export interface ReceiptsParts {
  /** The register, opened for writing. */
  readonly store: Register;
  /** Who makes the bytes; closed with the receipts. */
  readonly workshop: Workshop;
  /** Where the portal is reached, without a slash at the end; asked when a receipt is made. */
  readonly publicUrl: () => string;
  readonly log: Log;
  readonly timers: Timers;
  /** Now: what the seal claims as its time. */
  readonly nowUs: () => number;
  /** Every receipt says that it has no value. */
  readonly rehearsal?: boolean;
  /** Pause before a failed receipt is tried again; default 500. */
  readonly againAfterMs?: number;
  /**
   * Told of receipts that are on disk; of the last ones again after a restart. When it fails they
   * are told with the next start.
   */
  readonly made?: (applications: readonly string[]) => void | Promise<void>;
}

export interface ReceiptsStatus {
  readonly made: number;
  readonly pending: number;
  readonly failed: { application: string; reason: string; attempts: number }[];
  /** Why receipts wait for their proofs, gate by gate; empty while they come. */
  readonly unproven: ProofTrouble[];
}

export interface Receipts {
  /** All places up to the last of `entries` may get their receipts now. Cheap; keeps nothing. */
  enqueue(entries: readonly Pick<RegisterEntry, 'place'>[]): void;
  /** The PDF, null while there is none. */
  read(application: string): Promise<Buffer | null>;
  has(application: string): boolean;
  status(): ReceiptsStatus;
  /** Tries one that was set aside once more; false when there is none. */
  retry(application: string): Promise<boolean>;
  /** Resolves when there is nothing left to do. */
  settled(): Promise<void>;
  /** Ends after the calls under way, at most 5 s. */
  close(): Promise<void>;
}

const AGAIN_AFTER_MS = 500;
/** A gate signs twice a second; a look costs some file reads. */
const LOOK_AFTER_MS = 200;
/** While a peak is on it is looked so often whether it has ended. */
const HELD_MS = 500;
/** Of one receipt beside gates at work: 125 a second, so that 400,000 are made within the hour. */
const PACE_MS = 8;
const CLOSE_MS_MAX = 5000;

/**
 * Begins with the first `enqueue`; after a restart the registrar's first one covers all that the
 * portal knows, and what is missing is made.
 */
export function createReceipts(parts: ReceiptsParts): Receipts {
  const { store, timers, workshop } = parts;
  const table = store.receipts;
  const jobs = createJobs(store, ({ gate, seq }) => seq <= workshop.provenSeq(gate));
  const desk = createDesk(parts);
  const waiting: (() => void)[] = [];
  let made = table.count();
  let calls = 0;
  let resting = 0;
  let closed = false;
  let held = false;
  /** When the next order is due beside gates at work. */
  let nextUs = Number.NEGATIVE_INFINITY;
  const peak = createPeak();

  const isDone = () => resting === 0 && !jobs.more() && !jobs.waits();
  const isIdle = () => calls === 0 && (closed || isDone());

  const pump = (): void => {
    while (!closed && calls < workshop.callsMax && jobs.more() && waitMs() === 0) {
      const taken = jobs.take(workshop.batchSize);
      if (taken.length === 0) {
        rest(0, []); // a long stretch of receipts that are there: let others run
        break;
      }
      calls += 1;
      nextUs = parts.nowUs() + taken.length * PACE_MS * 1000;
      void serve(taken);
    }
    if (!closed && jobs.more()) hold(waitMs());
    if (jobs.waits()) lookSoon();
    if (isIdle()) for (const resolve of waiting.splice(0)) resolve();
  };

  /** The gates first: until the peak is over, or for the pace beside gates at work. */
  const waitMs = (): number => {
    const nowUs = parts.nowUs();
    if (peak.isOn(nowUs)) return HELD_MS;
    return peak.isNear(nowUs) ? Math.max(0, Math.ceil((nextUs - nowUs) / 1000)) : 0;
  };
  const hold = (ms: number): void => {
    if (held || ms === 0) return;
    held = true;
    resting += 1;
    timers.after(ms, () => {
      held = false;
      resting -= 1;
      pump();
    });
  };

  const look = (): boolean => {
    try {
      return workshop.look();
    } catch (error) {
      parts.log.error({ err: error }, 'the logs could not be looked at');
      return false;
    }
  };
  let cancelLook: Cancel | undefined;
  let lookAfterMs = 0;
  const lookSoon = (): void => {
    if (closed) return;
    cancelLook ??= timers.after(lookAfterMs, () => {
      cancelLook = undefined;
      lookAfterMs = look() ? 0 : LOOK_AFTER_MS;
      pump();
    });
  };

  const rest = (ms: number, again: readonly Job[]): void => {
    resting += 1;
    timers.after(ms, () => {
      resting -= 1;
      jobs.giveBack(again);
      pump();
    });
  };

  const serve = async (taken: readonly Job[]): Promise<void> => {
    try {
      const outcome = await desk.serve(taken, () => closed);
      made += outcome.made;
      jobs.finish(taken.filter((job) => !isAgain(job, outcome.again)));
      if (outcome.again.length > 0) rest(parts.againAfterMs ?? AGAIN_AFTER_MS, outcome.again);
    } catch (error) {
      parts.log.error({ err: error }, 'receipts must wait');
      rest((parts.againAfterMs ?? AGAIN_AFTER_MS) * 2, taken);
    } finally {
      calls -= 1;
      pump();
    }
  };

  const settled = () =>
    new Promise<void>((resolve) => {
      waiting.push(resolve);
      pump();
    });

  let news: Promise<void> = Promise.resolve();
  const cancelNews = timers.immediate(() => {
    news = desk.tellUntold();
  });
  return {
    enqueue: (entries) => {
      peak.saw(entries.length, parts.nowUs());
      jobs.extend(entries.at(-1)?.place ?? 0);
      pump();
    },
    read: async (application) => {
      const place = store.placeOf(application);
      return place === undefined ? null : (table.get(place) ?? null);
    },
    has: (application) => {
      const place = store.placeOf(application);
      return place !== undefined && table.has(place);
    },
    status: () => {
      const failed = table.failures().map(({ place: _, ...failure }) => failure);
      const due = store.lastPlace() - store.duplicates() - made - failed.length;
      const unproven = jobs.waits() ? [...workshop.troubles()] : [];
      return { made, pending: Math.max(0, due), failed, unproven };
    },
    retry: async (application) => {
      const place = store.placeOf(application);
      if (place === undefined || table.failureAt(place) === undefined) return false;
      await table.forgive(place);
      jobs.giveBack([{ item: store.at(place)!, attempts: 0, reason: '' }]);
      pump();
      return true;
    },
    settled,
    close: async () => {
      closed = true;
      cancelNews();
      cancelLook?.();
      let cancel: Cancel = () => undefined;
      const limit = new Promise<void>((resolve) => {
        cancel = timers.after(CLOSE_MS_MAX, resolve);
      });
      await Promise.race([Promise.all([settled(), news]), limit]);
      cancel();
      await workshop.close();
    },
  };
}

function isAgain({ item }: Job, again: readonly Job[]): boolean {
  return again.some((job) => job.item.place === item.place);
}

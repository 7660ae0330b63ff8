/**
 * The registrar: follows every ledger in place and carries each entry on, exactly once.
 *
 *   ledgers ──merge──► register ──► submissions (the portal's applications) ──► receipts
 *            cursors in the            own cursor, stored with                  resume from
 *            same transaction          the update                               the register
 *
 * Each arrow remembers for itself how far it has come, so a crash between two of them loses and
 * doubles nothing. Work is done in batches of at most 500 and the event loop runs in between, since
 * the portal lives in the same process. When a step fails it is tried again later, with a growing
 * pause: an entry is never skipped. It looks ten times a second, no more: each step that finds
 * something syncs the disk that the gates write to.
 */
import type { Cancel, Clock, Timers } from '#engine/clock/index.ts';
import type { Log } from '#engine/foundation/log.ts';
import type { LedgerEntry } from '#protocol/entry.ts';
import { compareEntries } from '#protocol/ranking/order.ts';
import { finalUntilUs, type LedgerSource, mergeEntries } from './merge.ts';
import type { Register, RegisterEntry } from './register.ts';

/** Where submitted applications are marked; the portal's. */
export interface Submissions {
  /** The last place applied, 0 at first. */
  lastPlace(): number | Promise<number>;
  /**
   * Moves the applications of `entries` to submitted and stores the last place, both in one
   * transaction. Entries with `duplicateOf` change nothing but the cursor; an application that is
   * not known is no error.
   */
  apply(entries: readonly RegisterEntry[]): void | Promise<void>;
}

/**
 * Who makes receipts; told that all places up to the last of `entries` may now get theirs. At the
 * first step it hears the last place of before the restart.
 */
export interface ReceiptQueue {
  enqueue(entries: readonly Pick<RegisterEntry, 'place'>[]): void;
}

export interface RegistrarParts {
  /** All ledgers of this machine; a function when gates may still create theirs. */
  readonly ledgers: readonly LedgerSource[] | (() => readonly LedgerSource[]);
  readonly store: Register;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  readonly submissions: Submissions;
  readonly receipts: ReceiptQueue;
}

export interface RegistrarStatus {
  /** The last place that is final. */
  readonly lastPlace: number;
  /** The last place whose application is marked submitted. */
  readonly submittedPlace: number;
  /** Entries that lie in ledgers and are not final yet. */
  readonly waiting: number;
  /** When a step last went well, µs; 0 before the first. */
  readonly workedAtUs: number;
  /** Why the last step failed; null when it went well. */
  readonly trouble: string | null;
}

export interface Registrar {
  start(): void;
  /** One batch of each kind; true when there may be more at once. For tests and `close`. */
  step(): Promise<boolean>;
  status(): RegistrarStatus;
  /** Ends after the step under way. */
  close(): Promise<void>;
}

const BATCH_ENTRIES_MAX = 500;
const PAUSE_MS = { calm: 100, trouble: 1000, troubleMax: 10_000 } as const;

/** A registrar that does nothing until `start`. The caller holds the register's lock. */
export function createRegistrar(parts: RegistrarParts): Registrar {
  const { store, timers, log } = parts;
  const ledgers = () => (typeof parts.ledgers === 'function' ? parts.ledgers() : parts.ledgers);
  const steps = createSteps(parts, ledgers);
  let pauseMs: number = PAUSE_MS.calm;
  let trouble: string | null = null;
  let workedAtUs = 0;
  let cancel: Cancel = () => undefined;
  let running: Promise<unknown> = Promise.resolve();
  let closed = false;

  const tick = async (): Promise<void> => {
    try {
      const hasMore = await steps.step();
      trouble = null;
      workedAtUs = parts.clock.nowUs();
      pauseMs = hasMore ? 0 : PAUSE_MS.calm;
    } catch (error) {
      trouble = error instanceof Error ? error.message : String(error);
      pauseMs = Math.min(PAUSE_MS.troubleMax, Math.max(PAUSE_MS.trouble, pauseMs * 2));
      log.error({ err: error, pauseMs }, 'the registrar could not go on and will try again');
    }
    schedule();
  };
  const schedule = (): void => {
    if (closed) return;
    cancel = timers.after(pauseMs, () => {
      running = tick();
    });
  };

  return {
    start: schedule,
    step: steps.step,
    status: () => ({
      lastPlace: store.lastPlace(),
      submittedPlace: steps.submittedPlace(),
      waiting: waitingEntries(ledgers(), store),
      workedAtUs,
      trouble,
    }),
    close: async () => {
      closed = true;
      cancel();
      await running;
    },
  };
}

/** The two steps: ledgers into the register, register into the portal and on to the receipts. */
function createSteps(parts: RegistrarParts, ledgers: () => readonly LedgerSource[]) {
  const { store, submissions, receipts, log } = parts;
  let last: LedgerEntry | undefined;
  let submittedPlace: number | undefined;

  const register = async (): Promise<number> => {
    const entries = nextEntries(ledgers(), store);
    if (entries.length === 0) return 0;
    last ??= store.at(store.lastPlace())?.entry;
    const first = entries[0]!;
    if (last !== undefined && compareEntries(first, last) < 0) {
      log.error({ gate: first.gate, seq: first.seq }, 'an entry came after its place was final');
    }
    await store.append(entries);
    last = entries.at(-1);
    return entries.length;
  };

  const deliver = async (): Promise<number> => {
    if (submittedPlace === undefined) {
      submittedPlace = await submissions.lastPlace();
      if (submittedPlace > 0) receipts.enqueue([{ place: submittedPlace }]);
    }
    const entries = store.entries(submittedPlace + 1, BATCH_ENTRIES_MAX);
    if (entries.length === 0) return 0;
    await submissions.apply(entries);
    submittedPlace = entries.at(-1)!.place;
    receipts.enqueue(entries);
    return entries.length;
  };

  return {
    submittedPlace: () => submittedPlace ?? 0,
    step: async () => {
      const registered = await register();
      const delivered = await deliver();
      return Math.max(registered, delivered) === BATCH_ENTRIES_MAX;
    },
  };
}

function nextEntries(ledgers: readonly LedgerSource[], store: Register): LedgerEntry[] {
  const options = { cursors: store.cursors(), untilUs: finalUntilUs(ledgers) };
  const entries: LedgerEntry[] = [];
  for (const entry of mergeEntries(ledgers, options)) {
    entries.push(entry);
    if (entries.length === BATCH_ENTRIES_MAX) break;
  }
  return entries;
}

function waitingEntries(ledgers: readonly LedgerSource[], store: Register): number {
  const cursors = store.cursors();
  return ledgers.reduce((sum, ledger) => {
    ledger.refresh();
    return sum + Math.max(0, ledger.lastSeq() - (cursors.get(ledger.gate) ?? 0));
  }, 0);
}

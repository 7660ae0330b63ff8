/**
 * The outcomes of one sender: journaled first, then announced, each application once.
 *
 * A journal that cannot be written (a full disk) does not stop submissions: the outcome is
 * announced all the same, marked, and the person is told to keep the text on the screen.
 */
import type { Accepted } from '#protocol/frames.ts';
import { outcomeOf } from '#protocol/outcomes.ts';
import type { Journal, JournalRecord } from './journal.ts';
import type {
  AcceptedOutcome,
  RejectedOutcome,
  SenderEvent,
  SenderResult,
} from './sender-types.ts';

export interface AcceptedFacts {
  readonly application: string;
  readonly message: Accepted;
  readonly leafHash?: string;
  readonly sentAtUs: number;
  readonly latencyMs: number;
}

export class OutcomeBook {
  readonly #applications: readonly string[];
  readonly #journal: Journal;
  readonly #emit: (event: SenderEvent) => void;
  readonly #settled = new Set<string>();
  readonly #accepted: AcceptedOutcome[] = [];
  readonly #rejected: RejectedOutcome[] = [];
  /** Acceptances on their way through the journal. */
  readonly #unannounced = new Set<Promise<void>>();

  constructor(options: {
    readonly applications: readonly string[];
    readonly journal: Journal;
    readonly emit: (event: SenderEvent) => void;
  }) {
    this.#applications = options.applications;
    this.#journal = options.journal;
    this.#emit = options.emit;
  }

  /** Takes over an acceptance of an earlier run; false when the journal has none. */
  resume(application: string): boolean {
    const before = this.#journal.resumed.get(application)?.accepted;
    if (before === undefined) return false;
    const { type: _, ...facts } = before;
    this.#settled.add(application);
    this.#announce({ event: 'accepted', ...facts, isJournaled: true, isResumed: true });
    return true;
  }

  /** Resolves when the acceptance is journaled, as far as it can be, and announced. */
  async accept(facts: AcceptedFacts): Promise<void> {
    if (this.#settled.has(facts.application)) return;
    this.#settled.add(facts.application);
    const announced = this.record({ type: 'accepted', ...facts }).then((isJournaled) => {
      this.#announce({ event: 'accepted', ...facts, isJournaled, isResumed: false });
    });
    this.#unannounced.add(announced);
    await announced;
    this.#unannounced.delete(announced);
  }

  reject(application: string, code: string, gateMessage: string): void {
    if (this.#settled.has(application)) return;
    this.#settled.add(application);
    const message = gateMessage === '' ? (outcomeOf(code)?.en ?? code) : gateMessage;
    void this.record({ type: 'rejected', application, code, message });
    const outcome = { event: 'rejected', application, code, message } as const;
    this.#rejected.push(outcome);
    this.#emit(outcome);
  }

  /** Whether the record is on disk; never rejects. */
  async record(record: JournalRecord): Promise<boolean> {
    try {
      await this.#journal.append(record);
      return true;
    } catch (error) {
      this.#emit({ event: 'journal-failed', reason: String(error) });
      return false;
    }
  }

  isComplete(): boolean {
    return this.#accepted.length + this.#rejected.length >= this.#applications.length;
  }

  /** Resolves with all outcomes when the journal is quiet. */
  async result(): Promise<SenderResult> {
    await Promise.all(this.#unannounced);
    await this.#journal.settled();
    const open = this.#applications.filter((id) => !this.#settled.has(id));
    return { accepted: this.#accepted, rejected: this.#rejected, open };
  }

  #announce(outcome: AcceptedOutcome): void {
    this.#accepted.push(outcome);
    this.#emit(outcome);
  }
}

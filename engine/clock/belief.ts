/**
 * What the clock believes, and what else may be true: the reference, the doubt that is left about
 * the servers (`doubt.ts`), and the claims that the uncertainty has to cover.
 *
 *     the servers answer ──confirmed──→ the new reference, kept for the next process
 *                  │
 *                  └─nobody confirms──→ doubted: the reference stays, theirs is one claim more
 *                                       (or as configured: they, or the date, are believed)
 *
 * It moves no line and raises no alarm; `discipline.ts` asks it where to aim.
 */
import type { HostClock } from './clock.ts';
import type { DisciplinedClockOptions } from './disciplined-clock.ts';
import { agree, type Claim, doubtOf, isSharp, uncertaintyOf } from './doubt.ts';
import type { Reference, ReferenceMemory } from './kept-reference.ts';
import type { SystemDate } from './system-date.ts';
import { SLEW_PPM_MAX } from './timeline.ts';

export interface BeliefParts {
  readonly host: HostClock;
  readonly system: Pick<SystemDate, 'offsetUs'>;
  readonly options: Required<DisciplinedClockOptions>;
  readonly memory?: ReferenceMemory | undefined;
  /** The reference moved further than any clock drifts. */
  readonly onJump: (movedUs: number) => void;
}

export class Belief {
  /** What was last believed; undefined when no server ever was. */
  reference: Reference | undefined;
  /** Why the servers are doubted; undefined when they are not. */
  doubt: string | undefined;
  readonly #parts: BeliefParts;
  #doubted: Reference | undefined;
  /** All that may be true, each with its own interval. Never empty. */
  #claims: readonly Claim[];

  constructor(parts: BeliefParts) {
    this.#parts = parts;
    this.reference = this.#recalled();
    this.#claims = [this.reference ?? this.#date()];
  }

  /** Judges what the servers say now. */
  hear(servers: Reference): void {
    const { believe } = this.#parts.options;
    const [date, limits] = [this.#date(), this.#limits()];
    // Where the date is to be believed, it alone confirms.
    const reference = believe === 'date' ? undefined : this.reference;
    const doubt = believe === 'servers' ? undefined : doubtOf({ servers, date, reference }, limits);
    this.doubt = doubt?.detail;
    this.#doubted = doubt && servers;
    if (doubt === undefined) this.#accept(servers);
    else if (believe === 'both') this.#claims = doubt.claims;
    else this.#believeDate(date);
  }

  /** Now and then: a date that was mended ends the doubt, or is followed while nothing is known. */
  lookAgain(): void {
    if (this.#doubted !== undefined) this.hear(this.#doubted);
    else if (this.reference === undefined) this.#claims = [this.#date()];
  }

  /**
   * Where the line should lead: the reference, or without one the slowest of what may be true. A
   * day then closes early by none of them, and when the doubt ends the line need not go back.
   */
  aimUs(): number {
    if (this.reference !== undefined) return this.reference.offsetUs;
    return Math.min(...this.#claims.map(({ offsetUs }) => offsetUs));
  }

  /** True time is so near to a line that is `lineOffsetUs` ahead of the monotonic clock. */
  uncertaintyUs(lineOffsetUs: number, nowUs: number): number {
    return uncertaintyOf(this.#claims, lineOffsetUs, nowUs);
  }

  #limits() {
    return { limitUs: this.#parts.options.doubtUs, nowUs: this.#parts.host.monotonicUs() };
  }

  #date(): Claim {
    const errorUs = this.#parts.options.uncertaintyUsUnsynchronised;
    return { offsetUs: this.#parts.system.offsetUs(), errorUs, atUs: 0, driftPpm: 0 };
  }

  /** What the process before this one believed, while it is sharp enough to be a witness. */
  #recalled(): Reference | undefined {
    const { memory, options } = this.#parts;
    const kept = memory?.recall();
    const limits = this.#limits();
    if (kept === undefined || kept.atUs > limits.nowUs || !isSharp(kept, limits)) return undefined;
    return options.believe === 'date' && !agree(kept, this.#date(), limits) ? undefined : kept;
  }

  #accept(servers: Reference): void {
    const driftPpm = this.#driftSince(this.reference, servers);
    this.reference = { ...servers, driftPpm };
    this.#claims = [this.reference];
    this.#parts.memory?.keep(this.reference);
  }

  /** As configured. A reference that the date contradicts goes with the servers. */
  #believeDate(date: Claim): void {
    const isConfirmed = this.reference !== undefined && agree(this.reference, date, this.#limits());
    if (!isConfirmed) this.reference = undefined;
    this.#claims = [this.reference ?? date];
  }

  /** The configured bound, or more when the last two references prove that it is too small. */
  #driftSince(before: Reference | undefined, now: Reference): number {
    const configuredPpm = this.#parts.options.driftPpm;
    if (before === undefined || now.atUs <= before.atUs) return configuredPpm;
    const movedUs = now.offsetUs - before.offsetUs;
    const provenUs = Math.abs(movedUs) - before.errorUs - now.errorUs;
    const provenPpm = (provenUs / (now.atUs - before.atUs)) * 1e6;
    if (provenPpm > SLEW_PPM_MAX) this.#parts.onJump(movedUs);
    return Math.min(SLEW_PPM_MAX, Math.max(configuredPpm, provenPpm));
  }
}

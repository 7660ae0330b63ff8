/**
 * A simulated process: an event loop of its own that can be killed between any two of its effects,
 * stopped for a while, and is gone for ever once it is dead. What its code does after its death
 * has no effect, exactly as if it had not been done.
 *
 *     a pass of the loop:   sockets that have something ──► immediates ──► next pass
 *     timers and answers of the disk come in between, each by itself
 *
 * Effects are what others can see: frames sent, commits begun and heard of, lines of a journal.
 * Killing before the n-th of them covers a crash at every await, because between two effects
 * nothing happens that anybody could tell apart.
 */
import type { Cancel, Timers } from '#engine/clock/index.ts';
import type { Dice } from './dice.ts';
import type { Schedule } from './schedule.ts';
import type { Trace } from './trace.ts';

/** Something the loop reads: what has arrived, as one piece of work each. */
export interface Source {
  take(): (() => void)[];
}

export interface ProcessParts {
  readonly name: string;
  readonly schedule: Schedule;
  readonly dice: Dice;
  readonly trace: Trace;
  /** True microseconds in which this machine's clock counts `us`. */
  readonly trueUs: (us: number) => number;
  /** Told once, right after the death; `error` when the process ended over one. */
  readonly onDeath: (process: SimulatedProcess, reason: string, error?: unknown) => void;
  /** A loop that is built wrongly, for a mutant. */
  readonly isLoopReversed?: boolean;
}

const PASS_US = { min: 10, max: 120 } as const;
const TIMER_LATE_US_MAX = 300;

export class SimulatedProcess {
  readonly name: string;
  readonly timers: Timers;
  isAlive = true;
  /** Effects so far. */
  effects = 0;
  readonly #parts: ProcessParts;
  readonly #sources = new Set<Source>();
  #immediates = new Set<() => void>();
  #isPassDue = false;
  #stalledUntilUs = 0;
  #diesAtEffect = Number.POSITIVE_INFINITY;

  constructor(parts: ProcessParts) {
    this.#parts = parts;
    this.name = parts.name;
    this.timers = {
      after: (ms, fn) => this.#after(ms, fn),
      every: (ms, fn) => this.#every(ms, fn),
      immediate: (fn) => this.#immediate(fn),
    };
  }

  /** Runs `fn` in this process at `us`, if it lives and is not stopped then. */
  at(us: number, fn: () => void): Cancel {
    return this.#parts.schedule.at(us, () => this.#step(fn));
  }

  /** Runs `fn` in this process as soon as it can. */
  enter(fn: () => void): void {
    this.at(this.#parts.schedule.nowUs(), fn);
  }

  /** Something has arrived at `source`: the next pass reads it. */
  ready(source: Source): void {
    this.#sources.add(source);
    this.#planPass();
  }

  /** Counts an effect; false when the process is dead and nothing MUST happen. */
  effect(what: string): boolean {
    if (!this.isAlive) return false;
    this.effects += 1;
    if (this.effects >= this.#diesAtEffect) {
      this.die(`at effect ${this.effects}, ${what}`);
      return false;
    }
    return true;
  }

  /** Lets it die before its `count`-th effect from now. */
  dieAfterEffects(count: number): void {
    this.#diesAtEffect = this.effects + count;
  }

  /** Stops it for a while (SIGSTOP, a long collection of garbage). */
  stall(us: number): void {
    this.#stalledUntilUs = Math.max(this.#stalledUntilUs, this.#parts.schedule.nowUs() + us);
  }

  die(reason: string, error?: unknown): void {
    if (!this.isAlive) return;
    this.isAlive = false;
    this.#parts.trace.note(this.name, `dies: ${reason}`);
    this.#parts.onDeath(this, reason, error);
  }

  /** @param afterUs how much later than others it comes when they all had to wait */
  #step(fn: () => void, afterUs = 0): void {
    if (!this.isAlive) return;
    const { schedule } = this.#parts;
    if (this.#stalledUntilUs > schedule.nowUs()) {
      schedule.at(this.#stalledUntilUs + afterUs, () => this.#step(fn));
      return;
    }
    try {
      fn();
    } catch (error) {
      this.die('uncaught', error);
    }
  }

  #after(ms: number, fn: () => void): Cancel {
    const { schedule, dice, trueUs } = this.#parts;
    return this.at(schedule.nowUs() + trueUs(ms * 1000) + dice.integer(TIMER_LATE_US_MAX), fn);
  }

  #every(ms: number, fn: () => void): Cancel {
    let cancel: Cancel = () => undefined;
    const again = () => {
      cancel = this.#after(ms, () => {
        again();
        fn();
      });
    };
    again();
    return () => cancel();
  }

  #immediate(fn: () => void): Cancel {
    let isCancelled = false;
    this.#immediates.add(() => {
      if (!isCancelled) fn();
    });
    this.#planPass();
    return () => {
      isCancelled = true;
    };
  }

  #planPass(): void {
    if (this.#isPassDue) return;
    this.#isPassDue = true;
    const { schedule, dice } = this.#parts;
    const atUs = schedule.nowUs() + dice.between(PASS_US.min, PASS_US.max);
    // Timers that are due come before the sockets are looked at.
    schedule.at(atUs, () => this.#step(() => this.#pass(), 1));
  }

  #pass(): void {
    const end = () => {
      this.#isPassDue = false;
      if (this.#sources.size + this.#immediates.size > 0) this.#planPass();
    };
    const read = (next: () => void) => this.#chain(this.#readAll(), next);
    const check = (next: () => void) => this.#chain(this.#takeImmediates(), next);
    const checkAll = () => {
      if (this.#immediates.size > 0) check(checkAll);
      else read(end);
    };
    if (this.#parts.isLoopReversed === true) checkAll();
    else read(() => check(end));
  }

  #readAll(): (() => void)[] {
    const sources = this.#parts.dice.shuffled([...this.#sources]);
    this.#sources.clear();
    return sources.flatMap((source) => source.take());
  }

  #takeImmediates(): (() => void)[] {
    const entries = this.#immediates;
    this.#immediates = new Set();
    return [...entries];
  }

  /** One after the other, and between two of them every promise goes on. */
  #chain(works: readonly (() => void)[], next: () => void, from = 0): void {
    const work = works[from];
    if (work === undefined) next();
    else {
      work();
      this.enter(() => this.#chain(works, next, from + 1));
    }
  }
}

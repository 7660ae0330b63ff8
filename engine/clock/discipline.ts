/**
 * The official clock of a process: the monotonic clock, disciplined by a reference.
 *
 *     unsynchronised ──first estimate──→ synchronised ⇄ holdover
 *     (system date, slewed,              (estimate and   (estimate too old: the same
 *      configured bound)                  its error)      sum, growing with the drift)
 *
 * Promise: readings never go back; they run at most 500 ppm fast or slow; and true time lies
 * within `nowUs ± uncertaintyUs`, which is the error of the last estimate (root dispersion, half
 * the root delay, half the round trip), the drift since, and what is still to be slewed; while the
 * servers are doubted (`belief.ts`), whatever else may be true. Setting
 * the system's date moves nothing here but an alarm and, while unsynchronised, the slewing.
 *
 * It does not smear leap seconds and does not set the system's clock.
 */
import { type ClockAlarmCode, createAlarms } from './alarms.ts';
import { Belief } from './belief.ts';
import type { Cancel, ClockReading, HostClock, Synchronisation } from './clock.ts';
import {
  CLOCK_DEFAULTS,
  type ClockStatus,
  type DisciplinedClock,
  type DisciplinedClockOptions,
  type DisciplinedClockParts,
} from './disciplined-clock.ts';
import type { Estimate } from './selection.ts';
import { askInOrder, type ServerReport, type SourceAnswer } from './source.ts';
import { watchSystemDate } from './system-date.ts';
import { createTimeline } from './timeline.ts';

/** A forward correction below this is slewed even where a step is allowed (RFC 5905, STEPT). */
const STEP_US_MIN = 128_000;
const SYSTEM_STEP_US_ALARM = 1_000_000;
/** Polls are spread by up to a sixteenth, so that gates do not ask in step. */
const POLL_SPREAD = 16;

/** Built on the system's date (up to 2 ms of spinning); polls nothing before `start`. */
export function createDisciplinedClock(parts: DisciplinedClockParts): DisciplinedClock {
  return new Discipline(parts);
}

class Discipline implements DisciplinedClock {
  readonly #parts: DisciplinedClockParts;
  readonly #options: Required<DisciplinedClockOptions>;
  readonly #host: HostClock;
  readonly #system;
  readonly #belief: Belief;
  readonly #line;
  readonly #alarms = createAlarms();
  readonly #holdoverAfterUs: number;
  #servers: readonly ServerReport[] = [];
  #frozenUntilUs: number | undefined;
  /** From a doubt on, until the line is where the belief is. */
  #wasDoubted = false;
  #shownSync: Synchronisation = 'unsynchronised';
  /** Changes with every start and stop, so that a late answer finds itself out of date. */
  #run = 0;
  #polling = false;
  #pollAgain = false;
  #cancelTick: Cancel = () => {};
  #cancelPoll: Cancel = () => {};

  constructor(parts: DisciplinedClockParts) {
    this.#parts = parts;
    this.#options = { ...CLOCK_DEFAULTS, ...parts.options };
    this.#host = parts.host;
    this.#system = watchSystemDate(parts.host);
    this.#belief = new Belief({
      ...{ host: parts.host, system: this.#system, options: this.#options, memory: parts.memory },
      onJump: (movedUs) => this.#raise('REFERENCE_JUMPED', `by ${Math.round(movedUs)} µs`),
    });
    this.#line = createTimeline({ offsetUs: this.#belief.aimUs() });
    this.#holdoverAfterUs = this.#options.holdoverAfterMs * 1000;
  }

  nowUs(): number {
    return this.#line.at(this.#host.monotonicUs());
  }

  read(): ClockReading {
    const monotonicUs = this.#host.monotonicUs();
    return {
      nowUs: this.#line.at(monotonicUs),
      uncertaintyUs: this.#uncertaintyUs(monotonicUs),
      sync: this.#sync(monotonicUs),
    };
  }

  /** A reading for the room itself, which does not count as handed out. */
  #peek(): ClockReading {
    const monotonicUs = this.#host.monotonicUs();
    return {
      nowUs: this.#line.peek(monotonicUs),
      uncertaintyUs: this.#uncertaintyUs(monotonicUs),
      sync: this.#sync(monotonicUs),
    };
  }

  async start(): Promise<ClockReading> {
    this.stop();
    const run = this.#run;
    this.#cancelTick = this.#parts.timers.every(this.#options.tickMs, () => this.#tick());
    await this.#atMost(this.#options.startWaitMs, this.#poll(run, true));
    return this.read();
  }

  #atMost(ms: number, work: Promise<void>): Promise<void> {
    return new Promise((resolve) => {
      const cancelTimer = this.#parts.timers.after(ms, resolve);
      void work.then(() => {
        cancelTimer();
        resolve();
      });
    });
  }

  stop(): void {
    this.#run += 1;
    this.#polling = false;
    this.#cancelTick();
    this.#cancelPoll();
  }

  status(): ClockStatus {
    const monotonicUs = this.#host.monotonicUs();
    const reading = this.#peek();
    const { reference } = this.#belief;
    return {
      ...reading,
      source: reference?.source,
      synchronisedAtUs:
        reference && Math.round(reading.nowUs - Math.max(0, monotonicUs - reference.atUs)),
      correctionUs: Math.round(this.#line.remainingUs(monotonicUs)),
      systemErrorUs: Math.round(monotonicUs + this.#system.offsetUs() - reading.nowUs),
      driftPpm: reference?.driftPpm ?? this.#options.driftPpm,
      frozenUntilUs: this.#frozenUntilUs,
      servers: this.#servers,
      alarms: this.#alarms.list(reading.nowUs),
    };
  }

  freezeUntil(officialUs: number): void {
    if (officialUs <= this.#peek().nowUs) return;
    this.#frozenUntilUs = Math.max(officialUs, this.#frozenUntilUs ?? officialUs);
    this.#line.hold(this.#host.monotonicUs(), true);
  }

  unfreeze(): void {
    this.#frozenUntilUs = undefined;
    this.#line.hold(this.#host.monotonicUs(), false);
  }

  monotonicAt(officialUs: number): number {
    return this.#line.monotonicAt(officialUs);
  }

  #sync(monotonicUs: number): Synchronisation {
    const { reference } = this.#belief;
    if (reference === undefined) return 'unsynchronised';
    return monotonicUs - reference.atUs <= this.#holdoverAfterUs ? 'synchronised' : 'holdover';
  }

  #uncertaintyUs(monotonicUs: number): number {
    return this.#belief.uncertaintyUs(this.#line.offsetUs(monotonicUs), monotonicUs);
  }

  #tick(): void {
    const movedUs = this.#system.observe();
    if (Math.abs(movedUs) > SYSTEM_STEP_US_ALARM) {
      this.#raise('SYSTEM_DATE_STEPPED', `by ${Math.round(movedUs)} µs`);
      void this.#poll(this.#run, true);
    }
    this.#belief.lookAgain();
    this.#aim();
    const monotonicUs = this.#host.monotonicUs();
    if (this.#line.peek(monotonicUs) > (this.#frozenUntilUs ?? Infinity)) this.unfreeze();
    this.#review();
  }

  /** Never rejects: a source that breaks its promise is logged and counts as failed. */
  async #poll(run: number, burst: boolean): Promise<void> {
    if (this.#polling) {
      this.#pollAgain = true;
      return;
    }
    this.#polling = true;
    this.#cancelPoll();
    const { sources, log } = this.#parts;
    const { errorUsGood } = this.#options;
    const answer = await askInOrder(sources, { burst, errorUsGood, log });
    if (run !== this.#run) return;
    this.#polling = false;
    this.#servers = answer.servers;
    if (answer.kind === 'estimate') this.#hear(answer.estimate, answer.source);
    this.#reviewServers(answer);
    this.#review();
    this.#schedule(run, answer.kind === 'estimate' && this.#belief.doubt === undefined);
  }

  #schedule(run: number, succeeded: boolean): void {
    const { pollMs, retryMs } = this.#options;
    const soonMs = this.#pollAgain ? this.#options.tickMs : succeeded ? pollMs : retryMs;
    const burst = this.#pollAgain || !succeeded;
    const spreadMs = this.#parts.random?.integer(Math.floor(soonMs / POLL_SPREAD) + 1) ?? 0;
    this.#pollAgain = false;
    this.#cancelPoll = this.#parts.timers.after(soonMs - spreadMs, () => {
      void this.#poll(run, burst);
    });
  }

  #hear(estimate: Estimate, source: string): void {
    const before = this.#belief.reference;
    this.#belief.hear({ ...estimate, source, driftPpm: this.#options.driftPpm });
    const correctionUs = this.#aim();
    if (before === undefined && this.#belief.reference !== undefined) {
      const { errorUs } = estimate;
      this.#parts.log.info({ source, correctionUs, errorUs }, 'the clock has a reference');
    }
  }

  /** Leads the line to what is believed now; returns the correction that was to be made. */
  #aim(): number {
    const monotonicUs = this.#host.monotonicUs();
    this.#line.aim(monotonicUs, this.#belief.aimUs());
    const correctionUs = this.#line.remainingUs(monotonicUs);
    this.#wasDoubted ||= this.#belief.doubt !== undefined;
    if (this.#maySetForward(correctionUs)) this.#line.stepToTarget(monotonicUs);
    if (Math.abs(correctionUs) < STEP_US_MIN) this.#wasDoubted = this.#belief.doubt !== undefined;
    return correctionUs;
  }

  /**
   * Before anybody has read the clock, any value is a first value and not a step. What was kept
   * back in doubt is made good at once: until then nothing could open by this clock anyhow.
   */
  #maySetForward(correctionUs: number): boolean {
    if (!this.#line.wasRead()) return true;
    if (correctionUs < STEP_US_MIN) return false;
    // A freeze keeps the instant of an opening; in doubt nobody knew that instant.
    if (this.#wasDoubted && this.#belief.doubt === undefined) return true;
    return this.#frozenUntilUs === undefined && (this.#parts.mayStep?.() ?? false);
  }

  #reviewServers(answer: SourceAnswer): void {
    const named = (outcome: ServerReport['outcome']): string | undefined => {
      const reports = answer.servers.filter((report) => report.outcome === outcome);
      return reports.map(({ server }) => server).join(', ') || undefined;
    };
    this.#condition('NO_MAJORITY', named('NO_MAJORITY'));
    this.#condition('SERVER_OUTVOTED', named('outvoted'));
  }

  #review(): void {
    const { sync, uncertaintyUs } = this.#peek();
    const when = (holds: boolean) => (holds ? `uncertainty ${uncertaintyUs} µs` : undefined);
    this.#condition('REFERENCE_DOUBTED', this.#belief.doubt);
    this.#condition('NOT_SYNCHRONISED', when(sync === 'unsynchronised'));
    this.#condition('HOLDOVER', when(sync === 'holdover'));
    this.#condition('UNCERTAINTY_HIGH', when(uncertaintyUs > this.#options.uncertaintyUsAlarm));
    this.#condition('SYSTEM_DATE_DIFFERS', this.#dateDiffers());
    if (sync === this.#shownSync) return;
    this.#shownSync = sync;
    this.#parts.log.info({ sync, uncertaintyUs }, 'the state of the clock changed');
    this.#parts.onChange?.(this.status());
  }

  #dateDiffers(): string | undefined {
    const systemUs = this.#system.offsetUs();
    const aheadUs = systemUs - this.#belief.aimUs();
    if (Math.abs(aheadUs) <= SYSTEM_STEP_US_ALARM) return undefined;
    return `the date is ${Math.round(aheadUs)} µs ahead of it`;
  }

  #condition(code: ClockAlarmCode, detail: string | undefined): void {
    const { nowUs } = this.#peek();
    if (!this.#alarms.condition(code, detail, nowUs)) return;
    if (detail === undefined) this.#parts.log.info({ alarm: code }, 'an alarm of the clock ended');
    else this.#parts.log.warn({ alarm: code, detail }, 'an alarm of the clock began');
  }

  #raise(code: ClockAlarmCode, detail: string): void {
    this.#alarms.event(code, detail, this.#peek().nowUs);
    this.#parts.log.warn({ alarm: code, detail }, 'something happened to the clock');
  }
}

/**
 * The disciplined clock as its owner (the process that starts it) sees it: its options, its parts,
 * its handles and its status. Other rooms see a `Clock`. The behaviour is in `discipline.ts`.
 */
import type { Log } from '#engine/foundation/log.ts';
import type { ClockAlarm } from './alarms.ts';
import type { Clock, ClockReading, HostClock, Timers } from './clock.ts';
import { UNCERTAINTY_US_UNSYNCHRONISED } from './host.ts';
import type { ReferenceMemory } from './kept-reference.ts';
import { DRIFT_PPM } from './ntp-source.ts';
import type { ServerReport, TimeSource } from './source.ts';

export interface DisciplinedClockOptions {
  /** Bound stated for the system's date while no reference was reached; default 50,000. */
  readonly uncertaintyUsUnsynchronised?: number;
  /** Above this uncertainty an alarm is raised; default 100,000. */
  readonly uncertaintyUsAlarm?: number;
  /** Longest time that `start` takes, whatever the references do; default 1500. */
  readonly startWaitMs?: number;
  /** Time between polls; default 64,000. */
  readonly pollMs?: number;
  /** Time to the next poll (a burst) after one that failed; default 16,000. */
  readonly retryMs?: number;
  /** Age of the last estimate from which the state is `holdover`; default 200,000 (3 polls). */
  readonly holdoverAfterMs?: number;
  /** How often the system's date and the alarms are looked at; default 1000. */
  readonly tickMs?: number;
  /** An estimate this good ends a poll; above it the next source is asked too; default 10,000. */
  readonly errorUsGood?: number;
  /** Bound of the monotonic clock's own drift; default 15 (RFC 5905). */
  readonly driftPpm?: number;
  /** Servers, date and last reference that lie further apart contradict; default 1,000,000. */
  readonly doubtUs?: number;
  /** Who is believed when they contradict: neither alone (default), or the one that is named. */
  readonly believe?: 'both' | 'servers' | 'date';
}

export const CLOCK_DEFAULTS: Required<DisciplinedClockOptions> = {
  uncertaintyUsUnsynchronised: UNCERTAINTY_US_UNSYNCHRONISED,
  uncertaintyUsAlarm: 100_000,
  startWaitMs: 1_500,
  pollMs: 64_000,
  retryMs: 16_000,
  holdoverAfterMs: 200_000,
  tickMs: 1_000,
  errorUsGood: 10_000,
  driftPpm: DRIFT_PPM,
  doubtUs: 1_000_000,
  believe: 'both',
};

/** For the control room and `/health`. */
export interface ClockStatus extends ClockReading {
  /** Name of the source of the last estimate; undefined while unsynchronised. */
  readonly source: string | undefined;
  /** Official time of the last estimate; undefined while unsynchronised. */
  readonly synchronisedAtUs: number | undefined;
  /** Signed correction still to be slewed; counted in `uncertaintyUs`. */
  readonly correctionUs: number;
  /** System's date minus official time, within a millisecond. */
  readonly systemErrorUs: number;
  /** Drift assumed for the time since the last estimate, in parts per million. */
  readonly driftPpm: number;
  /** Official time until which the line is frozen; undefined when it is not. */
  readonly frozenUntilUs: number | undefined;
  /** What each server said in the last poll. */
  readonly servers: readonly ServerReport[];
  readonly alarms: readonly ClockAlarm[];
}

/** The official clock with the handles of its owner; other rooms see it as a `Clock`. */
export interface DisciplinedClock extends Clock {
  /**
   * Starts polling; resolves with the first reading after the first poll, successful or not, and
   * at the latest after `startWaitMs`. Who reads the clock only after that gets the first estimate
   * without a slew, in either direction; one that comes later is slewed.
   */
  start(): Promise<ClockReading>;
  /** Ends all timers; readings go on, in holdover. An exchange under way is ignored. */
  stop(): void;
  status(): ClockStatus;
  /**
   * Stops correcting until official time has passed `officialUs`, so that the instant of an
   * opening stays one monotonic instant. Estimates still count in the uncertainty meanwhile.
   */
  freezeUntil(officialUs: number): void;
  /** Ends a freeze at once. */
  unfreeze(): void;
  /** Monotonic time (`HostClock.monotonicUs`) at which the clock will read `officialUs`. */
  monotonicAt(officialUs: number): number;
}

export interface DisciplinedClockParts {
  readonly host: HostClock;
  readonly timers: Timers;
  /** In the order of preference: the first that gives a good estimate in a poll is believed. */
  readonly sources: readonly TimeSource[];
  readonly log: Pick<Log, 'info' | 'warn' | 'error'>;
  /** For the spread of the polls; without it they are not spread. */
  readonly random?: { integer(maxExclusive: number): number };
  readonly options?: DisciplinedClockOptions;
  /** What the process before this one believed; without it a start has one witness less. */
  readonly memory?: ReferenceMemory;
  /** Asked before a forward step: true while nothing depends on this clock yet. Default no. */
  readonly mayStep?: () => boolean;
  /** Called when `sync` changes, outside `read`. */
  readonly onChange?: (status: ClockStatus) => void;
}

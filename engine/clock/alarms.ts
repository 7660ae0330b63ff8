/**
 * What an operator should be told about the clock. Conditions last as long as they hold; events
 * stay listed for an hour, so that a step of the date in the night before is still seen.
 */
export type ClockAlarmCode =
  /** No reference has ever been reached: the system's date with the configured bound is used. */
  | 'NOT_SYNCHRONISED'
  /** No reference for a while; the uncertainty grows. */
  | 'HOLDOVER'
  /** The uncertainty exceeds the configured limit; an opening would be that late. */
  | 'UNCERTAINTY_HIGH'
  /** The servers contradict one another without a majority. */
  | 'NO_MAJORITY'
  /** A server lies outside what the majority says. */
  | 'SERVER_OUTVOTED'
  /** The reference and the system's date differ by more than a second: one of them is wrong. */
  | 'SYSTEM_DATE_DIFFERS'
  /** Nobody confirms what the servers say against the date: opens early by neither, but late. */
  | 'REFERENCE_DOUBTED'
  /** Event: the system's date was set by more than a second, or the machine was suspended. */
  | 'SYSTEM_DATE_STEPPED'
  /** Event: the reference moved further than any clock drifts. */
  | 'REFERENCE_JUMPED';

export interface ClockAlarm {
  readonly code: ClockAlarmCode;
  /** When it began (condition) or happened (event), official time. */
  readonly sinceUs: number;
  /** For a log line or a screen of the operator: numbers and server names. */
  readonly detail: string;
}

export interface Alarms {
  /** Sets a condition, or clears it when `detail` is undefined. True when it began or ended. */
  condition(code: ClockAlarmCode, detail: string | undefined, nowUs: number): boolean;
  /** Notes an event; a later one of the same code replaces it. */
  event(code: ClockAlarmCode, detail: string, nowUs: number): void;
  /** Conditions that hold and events of the last hour. */
  list(nowUs: number): readonly ClockAlarm[];
}

const EVENT_KEPT_US = 3_600_000_000;

export function createAlarms(): Alarms {
  const conditions = new Map<ClockAlarmCode, ClockAlarm>();
  const events = new Map<ClockAlarmCode, ClockAlarm>();
  return {
    condition(code, detail, nowUs) {
      const held = conditions.get(code);
      if (detail === undefined) return conditions.delete(code);
      conditions.set(code, { code, detail, sinceUs: held?.sinceUs ?? nowUs });
      return held === undefined;
    },
    event(code, detail, nowUs) {
      events.set(code, { code, detail, sinceUs: nowUs });
    },
    list(nowUs) {
      const recent = [...events.values()].filter((e) => nowUs - e.sinceUs < EVENT_KEPT_US);
      return [...conditions.values(), ...recent];
    },
  };
}

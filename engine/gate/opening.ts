/**
 * The opening: when a click day changes from shut to open on this gate.
 *
 *     shut ──clock − uncertainty ≥ opensAt──► draining ──one full pass over all sockets──► open
 *
 * What was sent before the opening may still lie in a kernel buffer and would be *read* after it.
 * Therefore, once the instant has passed, one full zero-timeout pass reads every socket and refuses
 * what it finds; only what is read after that pass is let in. With more sockets than one pass of
 * the event loop looks at, several passes are made.
 *
 * Refusals are not written meanwhile (early.ts): their readers would send again into that pass.
 *
 * The last stretch is not left to a timer: it runs pass by pass, so that the opening is met within
 * one pass of the event loop.
 */
import type { ClickDayWindow } from '#engine/calendar/index.ts';
import type { Cancel, Clock, Timers } from '#engine/clock/index.ts';
import { limits } from '../limits.ts';
import { type AdmissionCode, admission } from './admission.ts';

export interface Openings {
  /** Replaces the calendar. A day that is open stays so unless its window says otherwise. */
  setCalendar(days: readonly ClickDayWindow[]): void;
  day(id: string): ClickDayWindow | undefined;
  days(): readonly ClickDayWindow[];
  /** What a frame read in this pass is told at the door. */
  atDoor(dayId: string): AdmissionCode;
  /**
   * Milliseconds, rounded up, until it is worth trying again; 0 while draining. A clock in doubt
   * may be mended at any moment: nobody is sent away for longer than `doubtRetryMsMax` beyond the
   * earliest instant at which the opening may have passed.
   */
  retryAfterMs(day: ClickDayWindow): number;
  /** Whether a day is about to open: milliseconds before, by the clock, and while it drains. */
  isNear(): boolean;
  stop(): void;
}

/** Sockets that one poll of the event loop looks at: 48 rounds of 1,024 events (libuv). */
const SOCKETS_A_PASS = 48 * 1024;
/** From here on every pass of the event loop looks at the clock. */
const WATCH_MS = 3;
const LOOK_AGAIN_MS_MAX = 1000;
const APPROACH_MS = 60_000;

export function createOpenings(options: {
  clock: Clock;
  timers: Timers;
  connections: () => number;
  /** Called once, a minute before `day` opens: its instant must not move any more. */
  onApproach?: (day: ClickDayWindow) => void;
  /** Called when `day` opens, before the first submission is let in. */
  onOpen?: (day: ClickDayWindow) => void;
}): Openings {
  const { clock, timers, connections } = options;
  let days = new Map<string, ClickDayWindow>();
  const open = new Set<string>();
  const approached = new Set<string>();
  let cancel: Cancel = () => undefined;
  let isStopped = false;

  const dueInMs = (day: ClickDayWindow) => {
    const { nowUs, uncertaintyUs } = clock.read();
    return (day.opensAtUs + uncertaintyUs - nowUs) / 1000;
  };
  const shutDays = () => [...days.values()].filter((day) => !open.has(day.id));

  const look = () => {
    const shut = shutDays();
    if (shut.length === 0) return;
    for (const day of shut) approach(day);
    const nextMs = Math.min(...shut.map(dueInMs));
    if (nextMs <= 0) drain(shut.filter((day) => dueInMs(day) <= 0));
    else if (nextMs <= WATCH_MS) cancel = timers.immediate(look);
    else cancel = timers.after(Math.min(nextMs - WATCH_MS, LOOK_AGAIN_MS_MAX), look);
  };

  const approach = (day: ClickDayWindow) => {
    const instant = `${day.id} ${day.opensAtUs}`;
    const dueMs = dueInMs(day);
    if (approached.has(instant) || dueMs > APPROACH_MS || dueMs <= 0) return;
    approached.add(instant);
    options.onApproach?.(day);
  };

  const drain = (due: readonly ClickDayWindow[]) => {
    let passes = 1 + Math.floor(connections() / SOCKETS_A_PASS);
    const pass = () => {
      passes -= 1;
      if (passes > 0) {
        cancel = timers.immediate(pass);
        return;
      }
      for (const day of due) {
        open.add(day.id);
        options.onOpen?.(day);
      }
      look();
    };
    cancel = timers.immediate(pass);
  };

  return {
    setCalendar: (next) => {
      cancel();
      days = new Map(next.map((day) => [day.id, day]));
      for (const id of open) {
        const day = days.get(id);
        if (day === undefined || dueInMs(day) > 0) open.delete(id);
      }
      look();
    },
    day: (id) => days.get(id),
    days: () => [...days.values()],
    atDoor: (dayId) => {
      const day = days.get(dayId);
      // Once it is open its beginning is certain, and the clock's uncertainty is of no account.
      if (open.has(dayId)) return admission(day, clock.nowUs(), 0);
      const { nowUs, uncertaintyUs } = clock.read();
      const code = admission(day, nowUs, uncertaintyUs);
      return code === 'ACCEPT' ? 'TOO_EARLY' : code;
    },
    retryAfterMs: (day) => {
      const { nowUs, uncertaintyUs } = clock.read();
      const soonestMs = Math.max(0, (day.opensAtUs - uncertaintyUs - nowUs) / 1000);
      const waitMs = Math.min(dueInMs(day), soonestMs + limits.doubtRetryMsMax);
      return Math.max(0, Math.ceil(waitMs));
    },
    isNear: () => {
      const { nowUs, uncertaintyUs } = clock.read();
      if (isStopped) return false;
      for (const { id, opensAtUs } of days.values()) {
        if (opensAtUs + uncertaintyUs - nowUs <= WATCH_MS * 1000 && !open.has(id)) return true;
      }
      return false;
    },
    stop: () => {
      isStopped = true;
      cancel();
    },
  };
}

/**
 * The desk's clocks as an operator reads them: how long still, or how late, always in words; the
 * colour only repeats it. What was due when the portal answered may have passed since: the
 * official clock of the page decides.
 */
import type { DeskClock, DeskTicketSummary } from '#protocol/desk-api.ts';
import { msFromIso } from '../../i18n/time-format.ts';
import type { DeskWords } from './texts.ts';

export type Tone = 'neutral' | 'info' | 'success' | 'warning' | 'danger';

export interface ClockView {
  readonly text: string;
  readonly tone: Tone;
}

const MINUTE_MS = 60_000;
const HOUR_MINUTES = 60;
const DAY_HOURS = 24;

/** "12 min", "3 h 5 min", "2 d 4 h": of a time that is not negative. */
export function spanText(ms: number, t: DeskWords): string {
  const minutes = Math.floor(Math.max(0, ms) / MINUTE_MS);
  const hours = Math.floor(minutes / HOUR_MINUTES);
  if (hours === 0) return t.minutes(minutes);
  const isRound = minutes % HOUR_MINUTES === 0;
  if (hours < 2 * DAY_HOURS && isRound) return t.hoursAlone(hours);
  if (hours < 2 * DAY_HOURS) return t.hoursMinutes(hours, minutes % HOUR_MINUTES);
  return t.daysHours(Math.floor(hours / DAY_HOURS), hours % DAY_HOURS);
}

/** How long ago, "now" below a minute. */
export function ageText(iso: string, nowMs: number, t: DeskWords): string {
  const ms = nowMs - msFromIso(iso);
  return ms < MINUTE_MS ? t.now : t.ago(spanText(ms, t));
}

export function isBreached({ due, state }: DeskClock, nowMs: number): boolean {
  const isRunning = state === 'running' || state === 'warning';
  return state === 'breached' || (isRunning && due !== null && msFromIso(due) <= nowMs);
}

export function clockView(clock: DeskClock, nowMs: number, t: DeskWords): ClockView {
  const { due, state } = clock;
  if (isBreached(clock, nowMs)) {
    const late = due === null ? '' : `, ${t.lateBy(spanText(nowMs - msFromIso(due), t))}`;
    return { text: t.clockBreached + late, tone: 'danger' };
  }
  if (state === 'met') return { text: t.clockMet, tone: 'success' };
  if (state === 'stopped' || due === null) return { text: t.clockStopped, tone: 'neutral' };
  const left = t.dueIn(spanText(msFromIso(due) - nowMs, t));
  return state === 'warning'
    ? { text: `${t.clockWarning}, ${left}`, tone: 'warning' }
    : { text: left, tone: 'info' };
}

/** The clock that matters now: the first response until it is given, then the solution. */
export function nextClock(ticket: Pick<DeskTicketSummary, 'firstResponse' | 'solution'>) {
  const isPending = ticket.firstResponse.state !== 'met' && ticket.firstResponse.due !== null;
  return isPending
    ? ({ name: 'firstResponse', clock: ticket.firstResponse } as const)
    : ({ name: 'solution', clock: ticket.solution } as const);
}

/** Breached, or a warning, or escalated: what should be looked at before everything else. */
export function isBurning(ticket: DeskTicketSummary, nowMs: number): boolean {
  const { clock } = nextClock(ticket);
  return isBreached(clock, nowMs) || clock.state === 'warning' || ticket.isEscalated;
}

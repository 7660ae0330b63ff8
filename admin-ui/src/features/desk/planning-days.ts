/** Days to postpone to, as Rome has them: the portal counts so too. */
const DAY_MS = 86_400_000;
const inRome = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Rome', dateStyle: 'short' });

/** The day so many days after the one in which `nowMs` lies, `YYYY-MM-DD`. */
export function dayAfter(nowMs: number, days: number): string {
  const today = Date.parse(inRome.format(nowMs));
  return new Date(today + days * DAY_MS).toISOString().slice(0, 10);
}

/** The Monday after today's day. */
export function nextMonday(nowMs: number): string {
  const weekday = new Date(dayAfter(nowMs, 0)).getUTCDay();
  return dayAfter(nowMs, (8 - weekday) % 7 || 7);
}

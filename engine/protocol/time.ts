/**
 * Instants on the wire: ISO 8601 UTC with microseconds, `2011-01-31T07:00:00.000123Z`.
 *
 * Inside, an instant is an integer of microseconds since the Unix epoch (exact in a double until
 * the year 2255). `Date` keeps milliseconds only, so the last three digits are ours.
 */

const MICROSECONDS_A_MILLISECOND = 1000;
const INSTANT = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,6}))?(?:Z|[+-]\d{2}:\d{2})$/;

/** An instant in the wire's form, always six decimals. `us` is an integer ≥ 0. */
export function isoFromUs(us: number): string {
  const ms = Math.floor(us / MICROSECONDS_A_MILLISECOND);
  const rest = us - ms * MICROSECONDS_A_MILLISECOND;
  const text = new Date(ms).toISOString();
  return `${text.slice(0, -1)}${String(rest).padStart(3, '0')}Z`;
}

/** Microseconds of a wire instant; up to six decimals, `Z` or an offset. NaN when it is none. */
export function usFromIso(iso: string): number {
  const match = INSTANT.exec(iso);
  if (match === null) return Number.NaN;
  const zone = iso.endsWith('Z') ? 'Z' : iso.slice(-6);
  const wholeMs = Date.parse(`${match[1]}${zone}`);
  if (Number.isNaN(wholeMs)) return Number.NaN;
  const fraction = Number((match[2] ?? '').padEnd(6, '0'));
  return wholeMs * MICROSECONDS_A_MILLISECOND + fraction;
}

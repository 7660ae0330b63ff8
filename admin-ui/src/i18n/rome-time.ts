/**
 * From the wall time of Rome, as an administrator types it, to the instant and back. Done with the
 * browser's time-zone tables and two corrections, so that both sides of a daylight-saving change
 * come out right; a wall time that does not exist moves forward by the hour that was skipped.
 */
const romeParts = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Europe/Rome',
  dateStyle: 'short',
  timeStyle: 'medium',
});

/** "2011-01-31T08:00:00" in Rome for an ISO instant; the form of `<input type=datetime-local>`. */
export function romeWallTime(iso: string): string {
  return romeParts.format(Date.parse(iso)).replace(' ', 'T');
}

/** The ISO 8601 UTC instant with microseconds of a Rome wall time, or null when it is no time. */
export function instantFromRome(wall: string): string | null {
  const asUtcMs = Date.parse(`${wall.length === 16 ? `${wall}:00` : wall}Z`);
  if (Number.isNaN(asUtcMs)) return null;
  const once = asUtcMs - offsetMs(asUtcMs);
  const twice = asUtcMs - offsetMs(once);
  return new Date(twice).toISOString().replace('Z', '000Z');
}

function offsetMs(atMs: number): number {
  return (
    Date.parse(`${romeParts.format(atMs).replace(' ', 'T')}Z`) - Math.trunc(atMs / 1000) * 1000
  );
}

/**
 * What a check came to: a traffic light, in words of the person's language. Red: sending would
 * fail, or could not be tried. Yellow: it would work, but look. Shared by the command line, the
 * local page and programs of others.
 */

export type Light = 'green' | 'yellow' | 'red';

export interface CheckResult {
  /** Stable: `portal`, `gate`, `clock`, …; a check of several gates comes once for each. */
  readonly id: string;
  readonly light: Light;
  /** What was found. */
  readonly text: string;
  /** Left out when there is nothing to do. */
  readonly whatToDo?: string;
  /** What was measured, by name with its unit: `roundTripMsMedian`, `freeBytes`, … */
  readonly figures?: Readonly<Record<string, string | number>>;
}

/** The worst light of all; green of none. */
export function verdictOf(results: readonly Pick<CheckResult, 'light'>[]): Light {
  if (results.some(({ light }) => light === 'red')) return 'red';
  return results.some(({ light }) => light === 'yellow') ? 'yellow' : 'green';
}

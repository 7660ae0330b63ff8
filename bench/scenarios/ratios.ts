/** Ratios of two servers that took turns on one machine, turn by turn: both had its mood. */

/** The rates of the runs called `name`, in the order of the turns. */
export function ratesOf(
  runs: readonly { readonly peer: string; readonly result: { readonly ratePerSecond: number } }[],
  name: string,
): number[] {
  return runs.filter(({ peer }) => peer === name).map(({ result }) => result.ratePerSecond);
}

/** `above` ÷ `below` of each turn; a turn that one of them lacks is left out. */
export function ratiosOf(above: readonly number[], below: readonly number[]): number[] {
  const turns = Math.min(above.length, below.length);
  return Array.from({ length: turns }, (_, turn) => above[turn]! / below[turn]!);
}

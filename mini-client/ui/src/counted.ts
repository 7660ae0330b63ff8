/** Words that follow a number, for one and for several: most people send a single application. */

/** `one` of the formatted number 1, or of 1/1 (so many of so many); else `several`. */
export const counted = (count: string, one: string, several: string): string =>
  count === '1' || count === '1/1' ? one : several;

export const secondsIt = (seconds: number): string =>
  seconds === 1 ? '1 secondo' : `${seconds} secondi`;
export const secondsEn = (seconds: number): string =>
  seconds === 1 ? '1 second' : `${seconds} seconds`;

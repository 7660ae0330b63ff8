/**
 * What names are sorted by: their first 22 letters as two numbers. Accents and case do not count;
 * what is no letter counts as a blank, and comes before the letters.
 */

const LETTERS = 11;
/** End, blank, 26 letters: 28^11 < 2^53. */
const SIGNS = 28;
const CODE_A = 65;
const ASCII = /^[\x20-\x7e]*$/;

/** The first 11 letters and the 11 after them. */
export function nameKey(name: string): readonly [number, number] {
  const folded = ASCII.test(name) ? name : name.normalize('NFD').replace(/\p{M}/gu, '');
  return [packed(folded, 0), packed(folded, LETTERS)];
}

function packed(name: string, from: number): number {
  let key = 0;
  for (let at = from; at < from + LETTERS; at += 1) {
    key = key * SIGNS + signOf(name.charCodeAt(at));
  }
  return key;
}

/** `code` is NaN behind the end. */
function signOf(code: number): number {
  if (Number.isNaN(code)) return 0;
  const upper = code >= 97 && code <= 122 ? code - 32 : code;
  return upper >= CODE_A && upper < CODE_A + 26 ? upper - CODE_A + 2 : 1;
}

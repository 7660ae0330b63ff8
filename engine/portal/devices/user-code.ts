/**
 * The short code a person types: eight of 20 letters without vowels (so it spells nothing), 34.5
 * bits (RFC 8628 §6.1). Capitals, spaces and hyphens do not matter.
 */
import type { Random } from '../../foundation/random.ts';

const ALPHABET = 'BCDFGHJKLMNPQRSTVWXZ';
const HALF = 4;

/** A new code as it is shown, `BDWP-HQPK`. */
export function newUserCode(random: Random): string {
  const half = () =>
    Array.from({ length: HALF }, () => ALPHABET[random.integer(ALPHABET.length)]).join('');
  return `${half()}-${half()}`;
}

/** What a person typed in the form it is shown in; undefined when it cannot be one. */
export function tidyUserCode(text: string): string | undefined {
  const letters = text.toUpperCase().replace(/[\s‐-―-]/gu, '');
  if (letters.length !== 2 * HALF) return undefined;
  if (![...letters].every((letter) => ALPHABET.includes(letter))) return undefined;
  return `${letters.slice(0, HALF)}-${letters.slice(HALF)}`;
}

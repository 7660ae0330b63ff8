/**
 * The number of a ticket, for people: eight signs of Crockford's base 32 in two groups, from the
 * system's generator. One of 2^40, so that who knows one, or many, knows none of the others.
 */
import type { Random } from '../../foundation/random.ts';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 8;
const HALF = LENGTH / 2;

/** A new number as it is shown, `7K2M-X9QT`. */
export function newNumber(random: Random): string {
  const signs = [...random.bytes(LENGTH)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('');
  return `${signs.slice(0, HALF)}-${signs.slice(HALF)}`;
}

/** What somebody typed, as it is kept; undefined when it cannot be a number. */
export function tidyNumber(text: string): string | undefined {
  const signs = text
    .toUpperCase()
    .replace(/[\s#[\]‐-―-]/gu, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1');
  if (signs.length !== LENGTH) return undefined;
  if (![...signs].every((sign) => ALPHABET.includes(sign))) return undefined;
  return `${signs.slice(0, HALF)}-${signs.slice(HALF)}`;
}

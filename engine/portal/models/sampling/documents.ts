/**
 * Documents that are valid on the day, company numbers with right check digits, and days.
 */
import type { FormValues } from '#protocol/forms/index.ts';
import type { Dice } from './dice.ts';

const DAY_MS = 86_400_000;
const VALID_YEARS = 10;
const ISSUED_DAYS_AGO_MAX = 3_200;

/** The day `days` after `day` (before, when negative). */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
}

/** Kind, number, issuer and days of a document of ten years, with the field names of `prefix`. */
export function documentValues(
  dice: Dice,
  prefix: string,
  given: { readonly kind: string; readonly issuer: string; readonly todayIso: string },
): FormValues {
  const issued = addDays(given.todayIso, -dice.between(20, ISSUED_DAYS_AGO_MAX));
  return {
    [`${prefix}Kind`]: given.kind,
    [`${prefix}Number`]: `${letters(dice, 2)}${dice.digits(7)}`,
    [`${prefix}Issuer`]: given.issuer,
    [`${prefix}Issued`]: issued,
    [`${prefix}Expires`]: addDays(issued, VALID_YEARS * 365),
  };
}

/** A partita IVA with the right last digit (Luhn). */
export function drawVatNumber(dice: Dice): string {
  const first10 = dice.digits(10);
  let sum = 0;
  for (let index = 0; index < first10.length; index += 1) {
    const digit = Number(first10[index]);
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return `${first10}${(10 - (sum % 10)) % 10}`;
}

function letters(dice: Dice, count: number): string {
  return Array.from({ length: count }, () => String.fromCharCode(65 + dice.integer(26))).join('');
}

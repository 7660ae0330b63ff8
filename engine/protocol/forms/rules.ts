/**
 * The checks over several fields that a definition may name in its `rules`.
 *
 * A check answers "nothing wrong" while an operand is missing or wrong by itself: the message of
 * that field comes first. Operands (`field` is the rule's own field, the rest stands in `with`;
 * a text there names a field, a number is a constant):
 *   cf-checksum, vat-checksum           field
 *   cf-surname, cf-name, cf-birth-date, cf-sex   field (the code), value
 *   cf-place                            field (the code), country, comune
 *   not-in-future, not-before-today     field
 *   dates-ordered                       earlier (field is the later one)
 *   adult                               years; optional: on (a date instead of today)
 *   at-least                            minimum (a field or a constant); optional: factor
 *   sum-at-least-product                plus, amount, months, factor: field + plus ≥ product
 *   different                           other
 *   never                               nothing: wrong whenever the rule's `when` holds
 */
import {
  agreesWithDate,
  hasValidCheckLetter,
  nameCode,
  partsOf,
  surnameCode,
} from './codice-fiscale.ts';
import { conditionsHold } from './conditions.ts';
import { addYears } from './dates.ts';
import type { CodeTables, FieldValue, FormValues, Rule, RuleCheck } from './definition.ts';

/** What a check sees: visible answers, fields already known wrong, the day in Rome, the tables. */
export interface RuleContext {
  readonly values: FormValues;
  readonly wrong: ReadonlySet<string>;
  readonly todayIso: string;
  readonly tables: CodeTables | undefined;
}

interface Operands {
  text(name: string): string | undefined;
  number(name: string): number | undefined;
  readonly own: FieldValue;
  readonly context: RuleContext;
}

type Check = (operands: Operands) => boolean;

const FOREIGN_PLACE = /^Z[0-9]{3}$/;
const CENT = 0.005;

/** True when the rule is kept or cannot be judged yet. */
export function checkRule(rule: Rule, context: RuleContext): boolean {
  const own = context.values[rule.field];
  if (own === undefined || !conditionsHold(rule.when, context.values)) return true;
  return checks[rule.check](operandsOf(rule, own, context));
}

/** Names of all checks, for the test that walks the definitions. */
export function ruleChecks(): readonly string[] {
  return Object.keys(checks);
}

function operandsOf(rule: Rule, own: FieldValue, context: RuleContext): Operands {
  const look = (name: string): FieldValue | undefined => {
    const operand = rule.with?.[name];
    if (typeof operand !== 'string') return operand;
    return context.wrong.has(operand) ? undefined : context.values[operand];
  };
  const text = (name: string) => {
    const value = look(name);
    return typeof value === 'string' ? value : undefined;
  };
  const number = (name: string) => {
    const value = look(name);
    return typeof value === 'number' ? value : undefined;
  };
  return { text, number, own, context };
}

const checks: Readonly<Record<RuleCheck, Check>> = {
  'cf-checksum': ({ own }) => hasValidCheckLetter(String(own)),
  'cf-surname': (operands) =>
    cfPart(operands, (parts, value) => parts.surname === surnameCode(value)),
  'cf-name': (operands) => cfPart(operands, (parts, value) => parts.name === nameCode(value)),
  'cf-birth-date': (operands) => cfPart(operands, agreesWithDate),
  'cf-sex': (operands) => cfPart(operands, (parts, value) => parts.sex === value),
  'cf-place': checkPlace,
  'vat-checksum': ({ own }) => hasValidVatCheckDigit(String(own)),
  'not-in-future': ({ own, context }) => String(own) <= context.todayIso,
  'not-before-today': ({ own, context }) => String(own) >= context.todayIso,
  'dates-ordered': ({ own, text }) => (text('earlier') ?? '') <= String(own),
  adult: ({ own, text, number, context }) =>
    addYears(String(own), number('years') ?? 18) <= (text('on') ?? context.todayIso),
  'at-least': ({ own, number }) => {
    const minimum = number('minimum');
    return minimum === undefined || Number(own) >= minimum * (number('factor') ?? 1) - CENT;
  },
  'sum-at-least-product': checkSum,
  different: ({ own, text }) => String(own) !== text('other'),
  never: () => false,
};

function cfPart(
  { own, text }: Operands,
  agrees: (parts: NonNullable<ReturnType<typeof partsOf>>, value: string) => boolean,
): boolean {
  const parts = partsOf(String(own));
  const value = text('value');
  return parts === undefined || value === undefined || agrees(parts, value);
}

/**
 * Abroad: one of the state's codes (any foreign one without tables). Italy: the comune's code, or
 * one that no comune of today has, since people are born in comuni that have since been merged.
 */
function checkPlace({ own, text, context }: Operands): boolean {
  const place = partsOf(String(own))?.place;
  const country = text('country');
  if (place === undefined || country === undefined) return true;
  if (country === 'IT') return isItalianPlace(place, text('comune'), context.tables);
  const codes = context.tables?.row('countries', country)?.extra.belfiore;
  if (codes === undefined || codes === '') return FOREIGN_PLACE.test(place);
  return codes.split(' ').includes(place);
}

function isItalianPlace(
  place: string,
  comune: string | undefined,
  tables: CodeTables | undefined,
): boolean {
  if (FOREIGN_PLACE.test(place)) return false;
  if (comune === undefined || place === comune || !tables?.has('comuni')) return true;
  return tables.row('comuni', place) === undefined;
}

function checkSum({ own, number }: Operands): boolean {
  const amount = number('amount');
  if (amount === undefined) return true;
  const needed = amount * (number('months') ?? 12) * (number('factor') ?? 1);
  return Number(own) + (number('plus') ?? 0) >= needed - CENT;
}

/** Partita IVA: 11 digits, the last by the Luhn sum. */
export function hasValidVatCheckDigit(text: string): boolean {
  if (!/^[0-9]{11}$/.test(text)) return false;
  let sum = 0;
  for (let index = 0; index < text.length; index += 1) {
    const digit = Number(text[index]);
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

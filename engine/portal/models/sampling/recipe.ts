/**
 * Answers a page of a form by a recipe: steps in order, each drawing some answers. A recipe is
 * data (`samples/<page>.json`), so that a call brings its samples without code.
 *
 * A step names what it makes; `when` (conditions over the answers so far) and `chance` (percent)
 * say whether it happens. A text "=field" stands for an earlier answer, "@nationality",
 * "@province" and "@special" for what the sample shall be; "{field}" inside a text for an earlier
 * answer, "{field|table}" for its name in a table.
 *   set + to | pick | weighted | digits (before, after) | day (from) | between (cents, above)
 *   unset       takes an answer away
 *   person      prefix; born (a state or weighted states), ages: name, birth, codice fiscale
 *   address     prefix; in (a province) or comune: comune, street, number, postcode
 *   document    prefix; kinds, issuer: kind, number, issuer, ten years of validity
 *   vat         fields that get one partita IVA
 * Answers of fields that a form has not, or hides, are dropped afterwards.
 */
import type { Condition, FieldValue, FormValues } from '#protocol/forms/index.ts';
import { conditionsHold } from '#protocol/forms/index.ts';
import type { Models } from '../catalogue.ts';
import type { Recipe } from '../source.ts';
import type { Dice, Weighted } from './dice.ts';
import { addDays, documentValues, drawVatNumber } from './documents.ts';
import { drawPerson, drawTown, personValues } from './people.ts';
import { addressValues, drawAnyPlace, drawPlace, placeOf } from './places.ts';
import { stock } from './stock.ts';

/** What a sample shall be, as far as it is wished. */
export interface Wishes {
  readonly nationality: string | undefined;
  readonly province: string;
  readonly special: boolean;
  /** `YYYY-MM-DD` in Rome. */
  readonly todayIso: string;
}

export interface Kitchen {
  readonly dice: Dice;
  readonly models: Pick<Models, 'table'>;
  readonly wishes: Wishes;
}

/** A step or a value that no recipe may have; the message says which. */
export class RecipeWrong extends Error {
  override name = 'RecipeWrong';
}

type Step = Readonly<Record<string, unknown>>;
type Answers = Record<string, FieldValue>;

const CENTS = 100;

/** Lays the answers of a recipe over `answers`. Throws RecipeWrong. */
export function follow(recipe: Recipe, kitchen: Kitchen, answers: Answers): void {
  for (const step of recipe.steps) {
    const { when, chance } = step;
    if (when !== undefined && !conditionsHold(when as Condition[], answers)) continue;
    if (typeof chance === 'number' && !kitchen.dice.chance(chance)) continue;
    Object.assign(answers, answersOf(step, kitchen, answers));
    if (typeof step.unset === 'string') delete answers[step.unset];
  }
}

function answersOf(step: Step, kitchen: Kitchen, answers: FormValues): FormValues {
  if (typeof step.set === 'string') {
    const value = drawValue(step, kitchen, answers);
    return value === undefined ? {} : { [step.set]: value };
  }
  if (typeof step.unset === 'string') return {};
  if (typeof step.person === 'string') return personAnswers(step.person, step, kitchen, answers);
  if (typeof step.address === 'string') return addressAnswers(step.address, step, kitchen, answers);
  if (typeof step.document === 'string')
    return documentAnswers(step.document, step, kitchen, answers);
  if (Array.isArray(step.vat)) {
    const number = drawVatNumber(kitchen.dice);
    return Object.fromEntries(step.vat.map((field) => [String(field), number]));
  }
  throw new RecipeWrong(`no such step: ${JSON.stringify(step)}`);
}

function drawValue(step: Step, kitchen: Kitchen, answers: FormValues): FieldValue | undefined {
  const { dice } = kitchen;
  if (step.to !== undefined) return meant(step.to, kitchen, answers);
  if (Array.isArray(step.pick)) {
    return meant(step.pick[dice.integer(step.pick.length)], kitchen, answers);
  }
  if (Array.isArray(step.weighted)) {
    return meant(dice.weighted(step.weighted as Weighted[]), kitchen, answers);
  }
  if (typeof step.stock === 'string') return stock(dice, step.stock);
  if (typeof step.digits === 'number') {
    return `${step.before ?? ''}${dice.digits(step.digits)}${step.after ?? ''}`;
  }
  if (Array.isArray(step.day)) return drawDay(step, kitchen, answers);
  if (Array.isArray(step.between)) return drawNumber(step, kitchen, answers);
  throw new RecipeWrong(`${step.set} is given no value`);
}

/** Days from today, or from another answer. */
function drawDay(step: Step, { dice, wishes }: Kitchen, answers: FormValues): string {
  const [from, to] = numbers(step.day, 'day');
  const base = typeof step.from === 'string' ? answers[step.from] : wishes.todayIso;
  if (typeof base !== 'string') throw new RecipeWrong(`${step.from} is not answered yet`);
  return addDays(base, dice.between(from, to));
}

/** `above: {field, factor}`: so much more than the least that another answer asks for. */
function drawNumber(step: Step, { dice }: Kitchen, answers: FormValues): number {
  const [from, to] = numbers(step.between, 'between');
  if (step.cents === true) return dice.between(from * CENTS, to * CENTS) / CENTS;
  const drawn = dice.between(from, to);
  const above = step.above as { field?: string; factor?: number } | undefined;
  if (above === undefined) return drawn;
  return Math.ceil(Number(answers[above.field ?? '']) * (above.factor ?? 1)) + drawn;
}

function personAnswers(
  prefix: string,
  step: Step,
  { dice, models, wishes }: Kitchen,
  answers: FormValues,
): FormValues {
  const born = Array.isArray(step.born)
    ? dice.weighted(step.born as Weighted[])
    : meant(step.born, { dice, models, wishes }, answers);
  const [from, to] = numbers(step.ages, 'ages');
  const wish = { country: String(born ?? 'IT'), ages: [from, to] as const };
  return personValues(prefix, drawPerson(dice, models, { ...wish, todayIso: wishes.todayIso }));
}

function addressAnswers(prefix: string, step: Step, kitchen: Kitchen, answers: FormValues) {
  const { dice } = kitchen;
  if (step.comune !== undefined) {
    return addressValues(dice, prefix, placeOf(String(meant(step.comune, kitchen, answers))));
  }
  const province = meant(step.in ?? '@province', kitchen, answers);
  const place = province === 'any' ? drawAnyPlace(dice) : drawPlace(dice, String(province));
  return addressValues(dice, prefix, place);
}

function documentAnswers(prefix: string, step: Step, kitchen: Kitchen, answers: FormValues) {
  const { dice, wishes } = kitchen;
  const kind = dice.pick((step.kinds as string[] | undefined) ?? ['PAS']);
  const issuer = String(meant(step.issuer ?? '—', kitchen, answers));
  return documentValues(dice, prefix, { kind, issuer, todayIso: wishes.todayIso });
}

function meant(value: unknown, kitchen: Kitchen, answers: FormValues): FieldValue | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value !== 'string') throw new RecipeWrong(`${JSON.stringify(value)} is no value`);
  if (value.startsWith('=')) return answers[value.slice(1)];
  if (value.startsWith('@town ')) {
    const country = meant(value.slice('@town '.length), kitchen, answers);
    return drawTown(kitchen.dice, String(country));
  }
  if (value.startsWith('@')) return wished(value, kitchen.wishes);
  return value.replace(/\{(\w+)(?:\|([\w-]+))?\}/g, (_, field: string, table?: string) => {
    const answer = String(answers[field] ?? '');
    return (table && kitchen.models.table(table)?.row(answer)?.name.it) || answer;
  });
}

function wished(name: string, wishes: Wishes): FieldValue | undefined {
  if (name === '@nationality') return wishes.nationality;
  if (name === '@province') return wishes.province;
  if (name === '@special') return wishes.special;
  throw new RecipeWrong(`there is no ${name}`);
}

function numbers(value: unknown, name: string): readonly [number, number] {
  const [from, to] = Array.isArray(value) ? (value as unknown[]) : [];
  if (typeof from === 'number' && typeof to === 'number' && from <= to) return [from, to];
  throw new RecipeWrong(`${name} must be two numbers, the smaller first`);
}

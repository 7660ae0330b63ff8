/**
 * Made-up but believable people and applications, for the fixture, the rehearsal and tests.
 *
 * What kinds there are and their shares stands in `groups.json` of the call (for the decree of
 * 2010 the published proportions, with sources), how a page is answered in `samples/<page>.json`.
 * Every sample passes `validateAll` on its day and the same source of randomness gives the same
 * samples. What it does not do: keep people apart; two samples may be about the same person.
 */
import type { Random } from '#engine/foundation/random.ts';
import {
  type FieldValue,
  type FormDefinition,
  type FormValues,
  fieldNames,
  plainLetters,
  visibleFields,
} from '#protocol/forms/index.ts';
import type { Models } from './catalogue.ts';
import { type Dice, diceFrom } from './sampling/dice.ts';
import { drawPerson } from './sampling/people.ts';
import { drawProvince } from './sampling/places.ts';
import { follow } from './sampling/recipe.ts';
import type { Groups } from './source.ts';

type Source = Pick<Random, 'integer'>;
type Group = Groups['groups'][number];

/** What the sample must be; the rest is drawn by the proportions of the call. */
export interface SampleWish {
  readonly random: Source;
  /** The day the application is written, `YYYY-MM-DD` in Rome; documents are valid on it. */
  readonly todayIso: string;
  readonly model?: string;
  /** Name of a group of `groups.json`. Default: drawn, or the first that has the model. */
  readonly group?: string;
  /** State code of the citizenship. */
  readonly nationality?: string;
  /** Sigla of the province of the place of work. */
  readonly province?: string;
}

export interface Sample {
  readonly model: string;
  readonly version: number;
  /** Answers of all pages merged; `validateAll` finds nothing wrong. */
  readonly values: FormValues;
  /** The same answers page by page, as the portal stores them. */
  readonly pages: readonly { readonly number: number; readonly values: FormValues }[];
}

export interface SampleAccount {
  readonly email: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly codiceFiscale: string;
}

const SEEDS = 2 ** 32;
/** The ages of account holders are counted on this day: their form asks for no date. */
const ACCOUNT_AGES_ON = '2011-01-17';
const NO_TABLES = { table: () => undefined };

/**
 * One complete, valid application. Takes one draw from `random`; about 0.2 ms.
 * Throws a RangeError for what is not there: group, model, province.
 */
export function sampleApplication(models: Models, wish: SampleWish): Sample {
  const dice = diceFrom(wish.random.integer(SEEDS));
  const group = groupOf(models, wish, dice);
  const model = wish.model ?? dice.weighted(group.models);
  const form = models.get(model);
  if (form === undefined) throw new RangeError(`no model ${model}`);
  const { nationalities = [] } = group;
  const drawn = nationalities.length === 0 ? undefined : dice.weighted(nationalities);
  const wishes = {
    nationality: wish.nationality ?? drawn,
    province: wish.province ?? drawProvince(dice, models.groups?.provinces),
    special: wish.nationality === undefined && group.special === true,
    todayIso: wish.todayIso,
  };
  const answers: Record<string, FieldValue> = {};
  for (const name of models.pageNames(form.code, form.version)) {
    const recipe = models.recipe(name);
    if (recipe !== undefined) follow(recipe, { dice, models, wishes }, answers);
  }
  const pages = split(form, answers);
  const values = Object.assign({}, ...pages.map((page) => page.values)) as FormValues;
  return { model, version: form.version, values, pages };
}

/**
 * One person with a consistent codice fiscale. Two may get the same address unless `serial`, a
 * number of the caller, keeps them apart (six random digits without it).
 */
export function sampleAccount(random: Source, serial?: number): SampleAccount {
  const dice = diceFrom(random.integer(SEEDS));
  const wish = { country: 'IT', ages: [25, 70] as const, todayIso: ACCOUNT_AGES_ON };
  const person = drawPerson(dice, NO_TABLES, wish);
  const local = [person.name, person.surname].map((part) => plainLetters(part).toLowerCase());
  return {
    email: `${local.join('.')}.${serial ?? dice.digits(6)}@example.org`,
    givenName: person.name,
    familyName: person.surname,
    codiceFiscale: person.codiceFiscale,
  };
}

function groupOf({ groups }: Models, { group, model }: SampleWish, dice: Dice): Group {
  const all = groups?.groups ?? [];
  if (group !== undefined || model !== undefined) {
    const found = all.find((one) =>
      group === undefined ? one.models.some(([code]) => code === model) : one.name === group,
    );
    if (found === undefined) throw new RangeError(`no samples of ${group ?? model}`);
    return found;
  }
  const name = dice.weighted(all.map((one) => [one.name, one.weight] as const));
  const drawn = all.find((one) => one.name === name);
  if (drawn === undefined) throw new RangeError('this call has no samples');
  return drawn;
}

/** Page by page what is asked and answered. What one page hides on a later one is hidden there. */
function split(form: FormDefinition, answers: Record<string, FieldValue>): Sample['pages'] {
  return form.pages.map((page) => {
    const asked = new Set(visibleFields(page, answers));
    const values: Record<string, FieldValue> = {};
    for (const field of fieldNames(page)) {
      const answer = answers[field];
      if (!asked.has(field)) delete answers[field];
      else if (answer !== undefined) values[field] = answer;
    }
    return { number: page.number, values };
  });
}

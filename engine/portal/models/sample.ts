/**
 * Made-up but believable people and applications, for the fixture, the rehearsal and tests.
 *
 * Models, nationalities and provinces follow the published proportions of 2011 (data and sources
 * in `samples/proportions.json`); every sample passes `validateAll` on its day and the same source
 * of randomness gives the same samples. What it does not do: keep people apart; two samples may
 * be about the same person.
 */
import type { Random } from '#engine/foundation/random.ts';
import type { FormDefinition, FormValues } from '#protocol/forms/index.ts';
import { fieldNames, plainLetters } from '#protocol/forms/index.ts';
import { getModel } from './registry.ts';
import { type Dice, diceFrom, type Weighted } from './samples/dice.ts';
import { drawPerson } from './samples/people.ts';
import { drawAnyPlace, drawPlace, drawProvince } from './samples/places.ts';
import proportions from './samples/proportions.json' with { type: 'json' };
import {
  closingValues,
  companyValues,
  domesticJobValues,
  employedJobValues,
  partyValues,
  placeValues,
  workerValues,
} from './samples/subjects.ts';

type Source = Pick<Random, 'integer'>;

/**
 * Who the worker is: of a nationality of art. 2 (first click day of 2011), of another one (second
 * day, model A only), or of Italian descent (third day).
 */
export type SampleGroup = 'art2' | 'other' | 'italian-descent';

/** What the sample must be; the rest is drawn by the published proportions. */
export interface SampleWish {
  readonly random: Source;
  /** The day the application is written, `YYYY-MM-DD` in Rome; documents are valid on it. */
  readonly todayIso: string;
  readonly model?: 'A' | 'B';
  /** Default `art2`; ignored when `nationality` is given. */
  readonly group?: SampleGroup;
  /** State code of the worker's citizenship. */
  readonly nationality?: string;
  /** Sigla of the province of the place of work. */
  readonly province?: string;
}

export interface Sample {
  readonly model: 'A' | 'B';
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
const models = proportions.models as unknown as readonly Weighted[];
const groups: Readonly<Record<SampleGroup, readonly Weighted[]>> = {
  art2: proportions.art2 as unknown as readonly Weighted[],
  other: proportions.other as unknown as readonly Weighted[],
  'italian-descent': proportions.italianDescent as unknown as readonly Weighted[],
};

/**
 * One complete, valid application. Takes one draw from `random`; about 20 µs.
 * Throws a RangeError for an unknown province.
 */
export function sampleApplication(wish: SampleWish): Sample {
  const dice = diceFrom(wish.random.integer(SEEDS));
  const group = wish.group ?? 'art2';
  const model = wish.model ?? (group === 'other' ? 'A' : drawModel(dice));
  const nationality = wish.nationality ?? dice.weighted(groups[group]);
  const special = wish.nationality === undefined && group === 'italian-descent';
  const province = wish.province ?? drawProvince(dice);
  const worker = workerValues(dice, nationality, special, wish.todayIso);
  const rest = model === 'A' ? domestic(dice, province, wish.todayIso) : undefined;
  const values = { ...worker, ...(rest ?? employed(dice, province, wish.todayIso)) };
  return byPages(model, values);
}

/**
 * One person with a consistent codice fiscale. Two may get the same address unless `serial`, a
 * number of the caller, keeps them apart (six random digits without it).
 */
export function sampleAccount(random: Source, serial?: number): SampleAccount {
  const dice = diceFrom(random.integer(SEEDS));
  const person = drawPerson(dice, 'IT', [25, 70], ACCOUNT_AGES_ON);
  const local = [person.name, person.surname].map((part) => plainLetters(part).toLowerCase());
  return {
    email: `${local.join('.')}.${serial ?? dice.digits(6)}@example.org`,
    givenName: person.name,
    familyName: person.surname,
    codiceFiscale: person.codiceFiscale,
  };
}

function drawModel(dice: Dice): 'A' | 'B' {
  return dice.weighted(models) === 'B' ? 'B' : 'A';
}

function domestic(dice: Dice, province: string, todayIso: string): FormValues {
  const home = drawPlace(dice, province);
  const job = domesticJobValues(dice, todayIso);
  return {
    ...partyValues(dice, 'employer', home, todayIso),
    ...job,
    ...placeValues(dice, 'A', dice.chance(80) ? home : drawPlace(dice, province), job),
    ...closingValues(dice, 'A', job, todayIso),
  };
}

function employed(dice: Dice, province: string, todayIso: string): FormValues {
  const job = employedJobValues(dice, todayIso);
  const seat = dice.chance(85) ? drawPlace(dice, province) : drawAnyPlace(dice);
  return {
    ...companyValues(dice, seat, todayIso),
    ...partyValues(dice, 'representative', drawPlace(dice, province), todayIso),
    ...job,
    ...placeValues(dice, 'B', drawPlace(dice, province), job),
    ...closingValues(dice, 'B', job, todayIso),
  };
}

function byPages(model: 'A' | 'B', values: FormValues): Sample {
  const definition = getModel(model);
  if (definition === undefined) throw new Error(`no model ${model}`);
  return { model, version: definition.version, values, pages: split(definition, values) };
}

function split(definition: FormDefinition, values: FormValues): Sample['pages'] {
  return definition.pages.map((page) => {
    const answered = fieldNames(page).filter((field) => values[field] !== undefined);
    const entries = answered.map((field) => [field, values[field] ?? ''] as const);
    return { number: page.number, values: Object.fromEntries(entries) };
  });
}

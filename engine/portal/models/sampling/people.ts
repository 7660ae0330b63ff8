/**
 * Made-up people with names of their country, a birth and a codice fiscale that agrees with both.
 */
import { codiceFiscaleOf, type FormValues } from '#protocol/forms/index.ts';
import type { Models } from '../catalogue.ts';
import type { Dice } from './dice.ts';
import people from './people.json' with { type: 'json' };
import { drawAnyPlace } from './places.ts';

export interface Person {
  readonly surname: string;
  readonly name: string;
  readonly sex: 'M' | 'F';
  readonly birthDate: string;
  readonly birthCountry: string;
  /** Code of the comune, for who was born in Italy. */
  readonly birthComune: string | undefined;
  /** Town, for who was born abroad. */
  readonly birthTown: string | undefined;
  readonly codiceFiscale: string;
}

interface Names {
  readonly M: readonly string[];
  readonly F: readonly string[];
  readonly s: readonly string[];
}

const origins: Readonly<Record<string, string>> = people.origins;
const names: Readonly<Record<string, Names>> = people.names;
const towns: Readonly<Record<string, readonly string[]>> = people.towns;

/** A person born in `country`, from `ages[0]` to `ages[1]` years old in the year of `todayIso`. */
export function drawPerson(
  dice: Dice,
  models: Pick<Models, 'table'>,
  wish: {
    readonly country: string;
    readonly ages: readonly [number, number];
    readonly todayIso: string;
  },
): Person {
  const { country, ages, todayIso } = wish;
  const stock = names[origins[country] ?? 'it'] ?? people.names.it;
  const sex = dice.chance(50) ? 'M' : 'F';
  const year = Number(todayIso.slice(0, 4)) - dice.between(ages[0] + 1, ages[1]);
  const birthDate = `${year}-${twoDigits(dice.between(1, 12))}-${twoDigits(dice.between(1, 28))}`;
  const surname = dice.pick(stock.s);
  const name = dice.pick(stock[sex]);
  const birthComune = country === 'IT' ? drawAnyPlace(dice).comune : undefined;
  const birthTown = birthComune === undefined ? dice.pick(towns[country] ?? ['—']) : undefined;
  const place = birthComune ?? foreignPlace(models, country);
  const codiceFiscale = codiceFiscaleOf({ surname, name, sex, birthDate, place });
  return {
    surname,
    name,
    sex,
    birthDate,
    birthCountry: country,
    birthComune,
    birthTown,
    codiceFiscale,
  };
}

/** The answers about a person's name and birth, with the field names of `prefix`. */
export function personValues(prefix: string, person: Person): FormValues {
  return {
    [`${prefix}CodiceFiscale`]: person.codiceFiscale,
    [`${prefix}Surname`]: person.surname,
    [`${prefix}Name`]: person.name,
    [`${prefix}Sex`]: person.sex,
    [`${prefix}BirthDate`]: person.birthDate,
    [`${prefix}BirthCountry`]: person.birthCountry,
    ...(person.birthComune === undefined ? {} : { [`${prefix}BirthComune`]: person.birthComune }),
    ...(person.birthTown === undefined ? {} : { [`${prefix}BirthPlace`]: person.birthTown }),
  };
}

/** A town of that country. */
export function drawTown(dice: Dice, country: string): string {
  return dice.pick(towns[country] ?? ['—']);
}

function foreignPlace(models: Pick<Models, 'table'>, country: string): string {
  return models.table('countries')?.row(country)?.extra.belfiore?.split(' ')[0] ?? '';
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}

/**
 * Addresses in real comuni: the six largest of a province, by their inhabitants.
 */
import type { FormValues } from '#protocol/forms/index.ts';
import groups from '../groups.json' with { type: 'json' };
import type { Dice, Weighted } from './dice.ts';
import people from './people.json' with { type: 'json' };
import places from './places.json' with { type: 'json' };

export interface Place {
  readonly comune: string;
  readonly postcode: string;
}

type Row = readonly [code: string, postcode: string, inhabitants: number];

const FALLBACK_POSTCODE = '00100';
const rows = places.places as unknown as Readonly<Record<string, readonly Row[]>>;
const postcodes = new Map(
  Object.values(rows).flatMap((list) => list.map(([comune, postcode]) => [comune, postcode])),
);
const provinces = groups.provinces as unknown as readonly Weighted[];

/** The province of an application by the proportions of a call, or those of 2011. */
export function drawProvince(dice: Dice, shares: readonly Weighted[] = provinces): string {
  return dice.weighted(shares);
}

/** A comune of that province. Throws a RangeError for an unknown province. */
export function drawPlace(dice: Dice, province: string): Place {
  const list = rows[province];
  if (list === undefined) throw new RangeError(`no province ${province}`);
  const code = dice.weighted(list.map(([comune, , weight]) => [comune, weight] as const));
  const row = list.find(([comune]) => comune === code);
  return { comune: code, postcode: row?.[1] ?? '' };
}

/** A comune by its code, with a postcode of its province when it is none of the six largest. */
export function placeOf(comune: string): Place {
  return { comune, postcode: postcodes.get(comune) ?? FALLBACK_POSTCODE };
}

/** A comune anywhere in Italy. */
export function drawAnyPlace(dice: Dice): Place {
  return drawPlace(dice, drawProvince(dice));
}

/** The four answers of an address, with the field names of `prefix`. */
export function addressValues(dice: Dice, prefix: string, place: Place): FormValues {
  return {
    [`${prefix}Comune`]: place.comune,
    [`${prefix}Street`]: dice.pick(people.streets),
    [`${prefix}Number`]: dice.chance(5) ? 'SNC' : String(dice.between(1, 240)),
    [`${prefix}Postcode`]: place.postcode,
  };
}

/**
 * Addresses in real comuni: the six largest of a province, by their inhabitants.
 */
import type { FormValues } from '#protocol/forms/index.ts';
import type { Dice, Weighted } from './dice.ts';
import people from './people.json' with { type: 'json' };
import places from './places.json' with { type: 'json' };
import proportions from './proportions.json' with { type: 'json' };

export interface Place {
  readonly comune: string;
  readonly postcode: string;
}

type Row = readonly [code: string, postcode: string, inhabitants: number];

const rows = places.places as unknown as Readonly<Record<string, readonly Row[]>>;
const provinces = proportions.provinces as unknown as readonly Weighted[];

/** The province of an application by the published proportions. */
export function drawProvince(dice: Dice): string {
  return dice.weighted(provinces);
}

/** A comune of that province. Throws a RangeError for an unknown province. */
export function drawPlace(dice: Dice, province: string): Place {
  const list = rows[province];
  if (list === undefined) throw new RangeError(`no province ${province}`);
  const code = dice.weighted(list.map(([comune, , weight]) => [comune, weight] as const));
  const row = list.find(([comune]) => comune === code);
  return { comune: code, postcode: row?.[1] ?? '' };
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

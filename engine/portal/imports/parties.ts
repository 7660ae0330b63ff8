/**
 * Whom an application is about, as far as its answers tell: two with a key in common are about the
 * same worker and employer. Only ever a reason to warn: people with one name exist.
 */
import type { FieldAlternatives, FormDefinition, FormValues } from '#protocol/forms/index.ts';

const KEYS_MAX = 8;

/** At most a few keys; none while a party is not answered. */
export function partyKeys(form: FormDefinition, values: FormValues): readonly string[] {
  const parties = form.meaning.facts.map(({ fields }) => fields);
  if (parties.length === 0) return [];
  const ways = parties.map((alternatives) => answered(alternatives, values));
  const keys = ways.reduce<string[]>(
    (heads, tails) => heads.flatMap((head) => tails.map((tail) => `${head}|${tail}`)),
    [''],
  );
  return keys.slice(0, KEYS_MAX);
}

/** The party by each alternative whose fields are all answered. */
function answered(alternatives: FieldAlternatives, values: FormValues): string[] {
  return alternatives.flatMap((fields) => {
    const said = fields.map((field) => values[field]);
    if (said.some((value) => value === undefined)) return [];
    return [JSON.stringify(said.map((value) => String(value).toLocaleUpperCase('it')))];
  });
}

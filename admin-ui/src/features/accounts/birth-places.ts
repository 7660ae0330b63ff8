/** The places a person can be born in, by the code that their codice fiscale carries. */
import { partsOf } from '#protocol/forms/codice-fiscale.ts';
import { type CodeTable, readTable } from '#protocol/forms/index.ts';
import type { ApiClient } from '../../api/client.ts';
import type { Language } from '../../i18n/dictionary.ts';
import type { Choice } from '../forms/choices.ts';

export interface PlaceTables {
  readonly comuni: CodeTable;
  readonly countries: CodeTable;
}

/** Asks for both tables, half a megabyte; a form must work while they are on the way. */
export async function loadPlaces(api: ApiClient): Promise<PlaceTables> {
  const [comuni, countries] = await Promise.all([api.table('comuni'), api.table('countries')]);
  return { comuni: readTable(comuni), countries: readTable(countries) };
}

/** States have one code or several, behind blanks: `Z118 Z153`. */
export function placeChoices({ comuni, countries }: PlaceTables, language: Language): Choice[] {
  const states = countries.rows.flatMap(({ name, extra }) =>
    extra?.belfiore ? [{ code: extra.belfiore, text: name[language] }] : [],
  );
  const towns = comuni.rows.map(({ code, name, extra }) => ({
    code,
    text: extra?.province ? `${name[language]} (${extra.province})` : name[language],
  }));
  return [...towns, ...states];
}

/** Of several codes of a state the one in the codice fiscale, if it is there. */
export function placeToSend(chosen: string, codiceFiscale: string): string | undefined {
  const codes = chosen.split(' ').filter((code) => /^[A-Z]\d{3}$/.test(code));
  const place = partsOf(codiceFiscale.replace(/\s/g, '').toUpperCase())?.place ?? '';
  return codes.includes(place) ? place : codes[0];
}

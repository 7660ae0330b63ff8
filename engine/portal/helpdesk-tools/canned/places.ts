/**
 * The places of a canned answer: `{{name}} {{number}} {{operator}} {{application}} {{protocol}}`.
 * What is put in is taken as it is: a name that looks like a place stays a name. A place that is
 * unknown is left standing, for the operator to see; one of which nothing is known becomes `…`.
 */

export type PlaceName = 'name' | 'number' | 'operator' | 'application' | 'protocol';

const PLACE = /\{\{\s*(\w+)\s*\}\}/g;
const UNKNOWN = '…';

/** The text with its places filled. */
export function fillPlaces(text: string, values: Readonly<Record<PlaceName, string>>): string {
  return text.replace(PLACE, (whole, name: string) => {
    if (!Object.hasOwn(values, name)) return whole;
    return values[name as PlaceName] || UNKNOWN;
  });
}

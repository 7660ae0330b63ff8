/** The answers a question offers: from its code table, or from its own short enumeration. */
import type { CodeTable, FieldSchema } from '#protocol/forms/index.ts';
import type { Language } from '../../i18n/dictionary.ts';

export interface Choice {
  readonly code: string;
  readonly text: string;
}

export function fieldChoices(
  schema: FieldSchema,
  tables: Readonly<Record<string, CodeTable>>,
  language: Language,
): readonly Choice[] {
  const name = schema['x-table'];
  if (name === undefined) {
    return (schema.enum ?? []).map((value) => ({ code: String(value), text: String(value) }));
  }
  const allowed = schema.enum && new Set(schema.enum);
  const rows = tables[name]?.rows ?? [];
  return rows
    .filter((row) => allowed === undefined || allowed.has(row.code))
    .map((row) => {
      const province = row.extra?.province;
      const text = row.name[language];
      return { code: row.code, text: province ? `${text} (${province})` : text };
    });
}

/** A text for searching: no accents, no case, no apostrophes. */
export function searchable(text: string): string {
  return text
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[’'`]/g, ' ')
    .toLowerCase()
    .trim();
}

/** The choices that fit what was typed: those that begin with it first; at most `countMax`. */
export function findChoices(
  choices: readonly Choice[],
  typed: string,
  countMax: number,
): readonly Choice[] {
  const wanted = searchable(typed);
  if (wanted === '') return choices.slice(0, countMax);
  const beginning: Choice[] = [];
  const inside: Choice[] = [];
  for (const choice of choices) {
    const text = searchable(choice.text);
    if (text.startsWith(wanted)) beginning.push(choice);
    else if (text.includes(` ${wanted}`) || choice.code.toLowerCase() === wanted) {
      inside.push(choice);
    }
  }
  const byLength = beginning.toSorted((a, b) => a.text.length - b.text.length);
  return [...byLength, ...inside].slice(0, countMax);
}

/** The choice whose whole text was typed, with or without what stands in brackets. */
export function exactChoice(choices: readonly Choice[], typed: string): Choice | null {
  const wanted = searchable(typed);
  if (wanted === '') return null;
  const fits = choices.filter((choice) => {
    const text = searchable(choice.text);
    return text === wanted || text.replace(/ \([^)]*\)$/, '') === wanted;
  });
  return fits.length === 1 ? (fits[0] ?? null) : null;
}

/**
 * Codes by what people write for them: the code itself, the name in either language, and for a
 * name that several have (there are two Castro) the name with what tells them apart, `Castro (BG)`.
 * Capitals, accents, doubled blanks and the kind of apostrophe do not matter.
 */
import type { CodeTable, TableRow } from '#protocol/forms/index.ts';

/** Why a text is no code. */
export type ListMiss = 'NOT_IN_LIST' | 'NAME_AMBIGUOUS';

export type ListLookup = (text: string) => { readonly code: string } | { readonly miss: ListMiss };

const SEVERAL = null;

/** Looks texts up in a table. Cost: one pass over the table, once. */
export function listLookup(table: CodeTable): ListLookup {
  const byName = new Map<string, string | null>();
  const add = (name: string, code: string) => {
    const key = plainName(name);
    const known = byName.get(key);
    byName.set(key, known === undefined || known === code ? code : SEVERAL);
  };
  for (const row of table.rows) for (const name of namesOf(row)) add(name, row.code);
  return (text) => {
    const exact = table.row(text) ?? table.row(text.toUpperCase());
    if (exact) return { code: exact.code };
    const code = byName.get(plainName(text));
    if (code === undefined) return { miss: 'NOT_IN_LIST' };
    return code === SEVERAL ? { miss: 'NAME_AMBIGUOUS' } : { code };
  };
}

/** The names of a table as its list shows them: each only once. */
export function listNames(table: CodeTable, language: 'it' | 'en'): readonly string[] {
  const counts = new Map<string, number>();
  for (const { name } of table.rows) {
    const key = plainName(name[language]);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return table.rows.map((row) => {
    const name = row.name[language];
    return counts.get(plainName(name)) === 1 ? name : apart(name, row);
  });
}

function namesOf(row: TableRow): string[] {
  const { it, en } = row.name;
  return [it, en, apart(it, row)];
}

/** The province tells comuni apart; elsewhere the code does. */
function apart(name: string, { code, extra }: TableRow): string {
  return `${name} (${extra.province ?? code})`;
}

function plainName(text: string): string {
  const letters = text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[’‘`´]/g, "'");
  return letters.replace(/\s+/g, ' ').trim().toLowerCase();
}

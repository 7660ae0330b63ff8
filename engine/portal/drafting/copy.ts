/**
 * A new draft with the answers of an application: everything, or everything but another person.
 * What holds once (a revenue stamp, a statement ticked) is never copied, nor are files: they prove
 * something of one application. The copy is written in the form as it is now; an answer that this
 * form does not take any more is left out.
 */

import type { FormPage } from '#protocol/forms/index.ts';
import {
  type FieldValue,
  type FormDefinition,
  type FormValues,
  normalisePage,
} from '#protocol/forms/index.ts';

/** The answers of a copy by the number of their page; pages without an answer are left out. */
export function copiedPages(
  form: FormDefinition,
  values: FormValues,
  what: 'all' | 'other-person',
): readonly { readonly number: number; readonly values: FormValues }[] {
  const { once = [], person = [] } = form.meaning.copy ?? {};
  const empty = new Set(what === 'other-person' ? person : []);
  const kept = form.pages
    .filter((page) => !empty.has(page.key))
    .map((page) => ({ number: page.number, values: answersOf(page, values, once) }));
  const all: FormValues = Object.assign({}, ...kept.map((page) => page.values));
  return kept
    .map(({ number, values: own }) => ({ number, values: normalisePage(form, number, own, all) }))
    .filter((page) => Object.keys(page.values).length > 0);
}

function answersOf(page: FormPage, values: FormValues, once: readonly string[]): FormValues {
  const answers: Record<string, FieldValue> = {};
  for (const [field, schema] of Object.entries(page.schema.properties)) {
    const value = values[field];
    if (value !== undefined && !once.includes(field) && hasType(value, schema.type)) {
      answers[field] = value;
    }
  }
  return answers;
}

function hasType(value: FieldValue, type: string): boolean {
  return typeof value === (type === 'integer' ? 'number' : type);
}

/**
 * What a preview says: the answers of an application page by page, in words, codes with their
 * names. Only what is asked and answered; nothing here knows of PDF.
 */
import {
  type FieldSchema,
  type FieldValue,
  type FormDefinition,
  type FormValues,
  visibleFields,
} from '#protocol/forms/index.ts';
import type { Models } from '../models/index.ts';

export type PreviewLanguage = 'it' | 'en';

export interface PreviewSection {
  readonly title: string;
  readonly lines: readonly { readonly label: string; readonly value: string }[];
}

const WORDS = {
  it: { yes: 'sì', no: 'no', missing: '—', attached: 'Documenti' },
  en: { yes: 'yes', no: 'no', missing: '—', attached: 'Documents' },
} as const;
const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;

/** One section a page of the form. */
export function previewSections(
  models: Pick<Models, 'table'>,
  form: FormDefinition,
  values: FormValues,
  language: PreviewLanguage,
): PreviewSection[] {
  return form.pages.map((page) => ({
    title: `${page.number}. ${page.title[language]}`,
    lines: visibleFields(page, values).flatMap((field) => {
      const schema = page.schema.properties[field];
      if (schema === undefined) return [];
      const value = inWords(models, schema, { value: values[field], language });
      return [{ label: schema['x-label'][language], value }];
    }),
  }));
}

/** A file as a preview names it. `sha256` hexadecimal. */
export interface AttachedName {
  readonly kind: string;
  readonly name: string;
  readonly sha256: string;
}

/** The files that were added, each with its digest; no section when there are none. */
export function attachedSection(
  form: FormDefinition,
  attached: readonly AttachedName[],
  language: PreviewLanguage,
): PreviewSection[] {
  if (attached.length === 0) return [];
  const labels = new Map(form.documents.map(({ attach }) => [attach?.kind, attach?.label]));
  const lines = attached.map(({ kind, name, sha256 }) => ({
    label: labels.get(kind)?.[language] ?? kind,
    value: `${name} – SHA-256 ${sha256}`,
  }));
  return [{ title: WORDS[language].attached, lines }];
}

function inWords(
  models: Pick<Models, 'table'>,
  schema: FieldSchema,
  { value, language }: { value: FieldValue | undefined; language: PreviewLanguage },
): string {
  const words = WORDS[language];
  if (value === undefined) return words.missing;
  if (typeof value === 'boolean') return value ? words.yes : words.no;
  if (typeof value === 'number') return numberInWords(schema, value, language);
  const row = schema['x-table'] ? models.table(schema['x-table'])?.row(value) : undefined;
  if (row) return row.name[language] === value ? value : `${row.name[language]} (${value})`;
  const day = schema.format === 'date' ? DAY.exec(value) : null;
  return day ? `${day[3]}/${day[2]}/${day[1]}` : value;
}

function numberInWords(schema: FieldSchema, value: number, language: PreviewLanguage): string {
  const isMoney = schema['x-widget'] === 'money';
  const format = isMoney ? ({ style: 'currency', currency: 'EUR' } as const) : {};
  return new Intl.NumberFormat(language === 'en' ? 'en-GB' : 'it-IT', format).format(value);
}

/** Answers as people read them, and the lines of the error summary of a whole application. */
import type { CodeTable, FieldSchema, FieldValue } from '#protocol/forms/index.ts';
import type { FieldProblem } from '../../api/problem.ts';
import type { SummaryLine } from '../../components/error-summary.svelte';
import { words } from '../../components/words.ts';
import { type Language, localeTag } from '../../i18n/dictionary.ts';
import { formatDate } from '../../i18n/time-format.ts';
import type { FormSession } from './form-session.svelte.ts';

/** One answer in words: names instead of codes, dates by the day first, amounts with the euro. */
export function answerText(options: {
  schema: FieldSchema;
  value: FieldValue | undefined;
  tables: Readonly<Record<string, CodeTable>>;
  language: Language;
}): string {
  const { schema, value, tables, language } = options;
  if (value === undefined || value === '') return '';
  if (typeof value === 'boolean') return value ? words[language].yes : words[language].no;
  const table = schema['x-table'];
  if (table !== undefined) return tables[table]?.row(String(value))?.name[language] ?? `${value}`;
  if (schema['x-widget'] === 'date') return formatDate(String(value));
  if (schema['x-widget'] === 'money' && typeof value === 'number') return euro(value, language);
  return String(value);
}

/** One line a fault, leading to its field on its page. */
export function summaryLines(options: {
  errors: readonly FieldProblem[];
  form: FormSession;
  language: Language;
}): SummaryLine[] {
  const { errors, form, language } = options;
  const base = `/applications/${form.application?.id}/pages`;
  return errors.map((error) => {
    const kind = /^attachment:(.*)$/.exec(error.field)?.[1];
    if (kind !== undefined) return documentLine(kind, { error, form, language });
    const schema = form.page(error.page ?? 1)?.schema.properties[error.field];
    const label = schema?.['x-label'][language];
    const text = error.messages[language];
    return {
      href: `${base}/${error.page ?? 1}#${error.field}`,
      text: label ? `${label}: ${text}` : text,
    };
  });
}

/** A document that is missing: the line leads to where it is added. */
function documentLine(
  kind: string,
  { error, form, language }: { error: FieldProblem; form: FormSession; language: Language },
): SummaryLine {
  const found = form.definition?.documents.find(({ attach }) => attach?.kind === kind);
  return {
    href: `/applications/${form.application?.id}/documents#file-${kind}`,
    text: `${found?.attach?.label[language] ?? kind}: ${error.messages[language]}`,
  };
}

function euro(amount: number, language: Language): string {
  return new Intl.NumberFormat(localeTag(language), { style: 'currency', currency: 'EUR' }).format(
    amount,
  );
}

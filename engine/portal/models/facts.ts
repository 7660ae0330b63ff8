/**
 * What an application is called and what its receipt says about it. Which answers that are is the
 * definition's to say.
 */
import type {
  FieldAlternatives,
  FormDefinition,
  FormValues,
  Texts,
} from '#protocol/forms/index.ts';
import type { Models } from './catalogue.ts';

/** A line of a receipt: label and value, in both languages; the value is empty when unanswered. */
export interface ReceiptLine {
  readonly label: Texts;
  readonly value: Texts;
}

/** The application as a list shows it, "SURNAME Name"; empty while nothing of it is answered. */
export function applicationTitle(form: FormDefinition, values: FormValues): string {
  const [first = '', ...rest] = form.meaning.title.map((field) => text(values, field));
  return [first.toLocaleUpperCase('it'), ...rest].join(' ').trim();
}

/** The lines that a receipt prints, from the answers of all pages. */
export function receiptLines(
  models: Pick<Models, 'table'>,
  form: FormDefinition,
  values: FormValues,
): readonly ReceiptLine[] {
  return form.meaning.facts.map(({ label, fields }) => ({
    label,
    value: {
      it: said(models, form, { fields, values, language: 'it' }),
      en: said(models, form, { fields, values, language: 'en' }),
    },
  }));
}

/** The ground of competence as a receipt says it; its code when the form has it no more. */
export function criterionLabel(form: FormDefinition, criterion: string): Texts {
  const found = form.meaning.office.criteria.find(({ code }) => code === criterion);
  return found?.label ?? { it: criterion, en: criterion };
}

function said(
  models: Pick<Models, 'table'>,
  form: FormDefinition,
  wish: { fields: FieldAlternatives; values: FormValues; language: 'it' | 'en' },
): string {
  const { fields, values, language } = wish;
  const answered = fields.find((group) => group.some((field) => text(values, field) !== ''));
  const parts = (answered ?? []).map((field) => {
    const schema = form.pages.map((page) => page.schema.properties[field]).find(Boolean);
    const row = models.table(schema?.['x-table'] ?? '')?.row(text(values, field));
    return row?.name[language] ?? text(values, field);
  });
  return parts.join(' ').trim();
}

function text(values: FormValues, field: string): string {
  const value = values[field];
  return value === undefined ? '' : String(value);
}

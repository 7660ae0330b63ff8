/**
 * Which office handles an application (art. 22 TUI; domain notes §6).
 *
 * The form's definition lists the grounds on which an office is competent, in order of preference,
 * each with the field that says which; the applicant may choose among those that are answered. The
 * ground is kept with the office so that anyone can see why. What an office is called stands in a
 * table: in Aosta, Trento and Bolzano another body takes the place of the Prefettura, and the
 * name says so while the code stays the province's.
 */
import type { FormDefinition, FormValues, OfficeCriterion, Texts } from '#protocol/forms/index.ts';
import type { Models } from './catalogue.ts';

export interface CompetentOffice {
  /** For example the sigla of a province, `RM`. */
  readonly office: string;
  readonly criterion: string;
  readonly name: Texts;
  /** Every office the applicant may choose, the default first. */
  readonly allowed: readonly { readonly office: string; readonly criterion: string }[];
}

type Tables = Pick<Models, 'table'>;

/**
 * The office of an application with these answers (all pages merged), or undefined while no ground
 * is answered. A chosen ground without an answer gives the first allowed one instead.
 */
export function competentOffice(
  models: Tables,
  form: FormDefinition,
  values: FormValues,
): CompetentOffice | undefined {
  const { criteria, chosenBy } = form.meaning.office;
  const allowed = criteria.flatMap((criterion) => {
    const office = officeBy(models, form, { criterion, values });
    return office === undefined ? [] : [{ office, criterion: criterion.code }];
  });
  const wanted = chosenBy === undefined ? undefined : values[chosenBy];
  const chosen = allowed.find(({ criterion }) => criterion === wanted) ?? allowed[0];
  if (chosen === undefined) return undefined;
  return { ...chosen, name: officeName(models, form, chosen.office), allowed };
}

/** What an office is called; its code for an unknown one. */
export function officeName(models: Tables, form: FormDefinition, office: string): Texts {
  const row = models.table(form.meaning.office.table)?.row(office);
  const name = row?.name ?? { it: office, en: office };
  return { it: row?.extra.officeIt ?? name.it, en: row?.extra.officeEn ?? name.en };
}

function officeBy(
  models: Tables,
  form: FormDefinition,
  { criterion, values }: { criterion: OfficeCriterion; values: FormValues },
): string | undefined {
  const answer = values[criterion.field];
  if (typeof answer !== 'string') return undefined;
  const row = tableOf(models, form, criterion.field)?.row(answer);
  return criterion.column === undefined ? row?.code : row?.extra[criterion.column];
}

function tableOf(models: Tables, form: FormDefinition, field: string) {
  const schema = form.pages.map((page) => page.schema.properties[field]).find(Boolean);
  return models.table(schema?.['x-table'] ?? '');
}

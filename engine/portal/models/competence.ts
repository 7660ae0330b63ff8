/**
 * Which Sportello Unico handles an application (art. 22 TUI; domain notes §6).
 *
 * Allowed are the provinces of the employer's residence (persons) or registered office (companies)
 * and of the place of work; the place of work unless the applicant chooses the other. The criterion
 * is kept with the office so that anyone can see why. In Aosta, Trento and Bolzano another body
 * takes the place of the Prefettura: the office's name says so, its code stays the province's.
 */
import type { FormValues, Texts } from '#protocol/forms/index.ts';
import { codeTable } from './tables.ts';

export type OfficeCriterion = 'workplace' | 'residence' | 'seat';

export interface CompetentOffice {
  /** Sigla of the province, for example `RM`. */
  readonly office: string;
  readonly criterion: OfficeCriterion;
  readonly name: Texts;
  /** Every office the applicant may choose, the default first. */
  readonly allowed: readonly { readonly office: string; readonly criterion: OfficeCriterion }[];
}

const FIELDS: Readonly<Record<OfficeCriterion, string>> = {
  workplace: 'workplaceComune',
  seat: 'seatComune',
  residence: 'employerResidenceComune',
};
const CRITERIA = Object.keys(FIELDS) as readonly OfficeCriterion[];

/**
 * The office of an application with these answers (all pages merged), or undefined while no comune
 * is known. A chosen criterion whose comune is missing gives the first allowed one instead.
 */
export function competentOffice(values: FormValues): CompetentOffice | undefined {
  const allowed = CRITERIA.flatMap((criterion) => {
    const office = provinceOf(values[FIELDS[criterion]]);
    return office === undefined ? [] : [{ office, criterion }];
  });
  const chosen = allowed.find(({ criterion }) => criterion === values.officeCriterion);
  const { office, criterion } = chosen ?? allowed[0] ?? {};
  if (office === undefined || criterion === undefined) return undefined;
  return { office, criterion, name: officeName(office), allowed };
}

/** What the office of a province is called; the sigla itself for an unknown one. */
export function officeName(office: string): Texts {
  const row = codeTable('provinces')?.row(office);
  return { it: row?.extra.officeIt ?? office, en: row?.extra.officeEn ?? office };
}

function provinceOf(comune: FormValues[string] | undefined): string | undefined {
  if (typeof comune !== 'string') return undefined;
  return codeTable('comuni')?.row(comune)?.extra.province;
}

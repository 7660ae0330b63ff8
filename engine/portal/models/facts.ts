/**
 * What an application is called and what its receipt says about it, read from the answers.
 */
import type { FieldValue, FormValues, Texts } from '#protocol/forms/index.ts';
import { competentOffice, type OfficeCriterion } from './competence.ts';
import { codeTable } from './tables.ts';

/** Texts are empty where the answer is missing. `nationality` and `office` are codes. */
export interface ReceiptFacts {
  /** The company's name in model B, else the employer's given name and surname. */
  readonly employer: string;
  readonly employerCodiceFiscale: string;
  readonly worker: string;
  readonly nationality: string;
  readonly nationalityName: Texts;
  readonly office: string;
  readonly officeName: Texts;
  readonly officeCriterion: OfficeCriterion | null;
}

const NOBODY: Texts = { it: '', en: '' };

/** The worker as a list shows it, "SURNAME Name"; empty while neither is answered. */
export function applicationTitle(values: FormValues): string {
  const surname = text(values.workerSurname).toLocaleUpperCase('it');
  return `${surname} ${text(values.workerName)}`.trim();
}

/** The facts printed on a receipt, from the answers of all pages. */
export function receiptFacts(values: FormValues): ReceiptFacts {
  const office = competentOffice(values);
  const nationality = text(values.workerCitizenship);
  const person = `${text(values.employerName)} ${text(values.employerSurname)}`.trim();
  return {
    employer: text(values.companyName) || person,
    employerCodiceFiscale: text(values.companyCodiceFiscale) || text(values.employerCodiceFiscale),
    worker: `${text(values.workerName)} ${text(values.workerSurname)}`.trim(),
    nationality,
    nationalityName: codeTable('countries')?.row(nationality)?.name ?? NOBODY,
    office: office?.office ?? '',
    officeName: office?.name ?? NOBODY,
    officeCriterion: office?.criterion ?? null,
  };
}

function text(value: FieldValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

/**
 * The formal checks of a registration. All wrong fields are named at once, each with a sentence
 * that says how to mend it. What is checked is form, and agreement of the code with the names and
 * with sex, date and place of birth where they are given (the pages ask for them; they are in the
 * code and kept nowhere else). That the address is the person's the confirmation mail shows; that
 * the person exists, nothing.
 */
import {
  agreesWithDate,
  type CodiceFiscaleParts,
  hasValidCheckLetter,
  nameCode,
  partsOf,
  surnameCode,
} from '#protocol/forms/codice-fiscale.ts';
import type { FieldProblem, Registration } from '#protocol/portal-api.ts';
import { fieldProblem } from '../http/refusal.ts';

const EMAIL_LENGTH_MAX = 254;
const LOCAL_PART_MAX = 64;
const LOCAL_PART = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const DOMAIN =
  /^(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])$/;
const NAME = /^\p{L}[\p{L}\p{M} .'’-]{0,79}$/u;

/** A registration in the form it is kept. */
export interface RegistrationFacts {
  readonly email: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly codiceFiscale: string;
  readonly language: string;
  /** Only to compare with the code. `birthPlace` as the code has it: `H501`, `Z249`. */
  readonly birth: {
    readonly sex?: 'M' | 'F' | undefined;
    readonly birthDate?: string | undefined;
    readonly birthPlace?: string | undefined;
  };
}

const DAYS_A_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether this is a mail address as RFC 5321 has it, without quotes or address literals. */
export function isEmail(text: string): boolean {
  const at = text.lastIndexOf('@');
  const [local, domain] = [text.slice(0, at), text.slice(at + 1)];
  if (at < 1 || text.length > EMAIL_LENGTH_MAX || local.length > LOCAL_PART_MAX) return false;
  return LOCAL_PART.test(local) && DOMAIN.test(domain);
}

/** Trims, composes (NFC) and puts letters in the case they are compared in. */
export function tidyRegistration(body: Registration): RegistrationFacts {
  const tidy = (text: string) => text.normalize('NFC').trim().replace(/\s+/gu, ' ');
  return {
    email: body.email.trim().toLowerCase(),
    givenName: tidy(body.givenName),
    familyName: tidy(body.familyName),
    codiceFiscale: body.codiceFiscale.replace(/\s/gu, '').toUpperCase(),
    language: body.language,
    birth: { sex: body.sex, birthDate: body.birthDate, birthPlace: body.birthPlace },
  };
}

/** Everything wrong with a registration; empty when it may be taken. */
export function registrationProblems(
  facts: RegistrationFacts,
  isPrivacyAccepted: boolean,
): FieldProblem[] {
  const problems: FieldProblem[] = [];
  if (!isEmail(facts.email)) problems.push(fieldProblem('email', 'EMAIL_INVALID'));
  if (!NAME.test(facts.givenName)) problems.push(fieldProblem('givenName', 'NAME_INVALID'));
  if (!NAME.test(facts.familyName)) problems.push(fieldProblem('familyName', 'NAME_INVALID'));
  problems.push(...codeProblems(facts));
  if (!isPrivacyAccepted) problems.push(fieldProblem('privacyAccepted', 'PRIVACY_REQUIRED'));
  return problems;
}

function codeProblems(facts: RegistrationFacts): FieldProblem[] {
  const { codiceFiscale, givenName, familyName } = facts;
  const parts = partsOf(codiceFiscale);
  if (!parts || !hasValidCheckLetter(codiceFiscale) || !isDayOfMonth(parts)) {
    return [fieldProblem('codiceFiscale', 'CODICE_FISCALE_INVALID')];
  }
  const names = surnameCode(familyName) + nameCode(givenName);
  const problems = birthProblems(parts, facts.birth);
  if (codiceFiscale.startsWith(names)) return problems;
  return [fieldProblem('codiceFiscale', 'CODICE_FISCALE_MISMATCH'), ...problems];
}

function birthProblems(parts: CodiceFiscaleParts, birth: RegistrationFacts['birth']) {
  const { sex, birthDate, birthPlace } = birth;
  const problems: FieldProblem[] = [];
  const disagree = (field: string) => problems.push(fieldProblem(field, 'BIRTH_MISMATCH'));
  if (sex !== undefined && sex !== parts.sex) disagree('sex');
  if (birthDate !== undefined && !agreesWithDate(parts, birthDate)) disagree('birthDate');
  if (birthPlace !== undefined && birthPlace !== parts.place) disagree('birthPlace');
  return problems;
}

/** A code can have the right check letter and a day that no month has. */
function isDayOfMonth({ day, month }: CodiceFiscaleParts): boolean {
  return day >= 1 && day <= (DAYS_A_MONTH[month - 1] ?? 0);
}

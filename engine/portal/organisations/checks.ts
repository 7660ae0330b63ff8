/**
 * The formal checks of what is asked for an organisation: all wrong fields at once. Whether an
 * address is known already is not told here: that would tell anybody who asks.
 */
import { hasValidCheckLetter } from '#protocol/forms/codice-fiscale.ts';
import { hasValidVatCheckDigit } from '#protocol/forms/rules.ts';
import type {
  AccountsRequest,
  FoundingWish,
  WishedAccount,
  WishedPerson,
} from '#protocol/organisations-api.ts';
import type { FieldProblem } from '#protocol/portal-api.ts';
import { isEmail } from '../accounts/checks.ts';
import { fieldProblem, Refusal } from '../http/refusal.ts';

const NAME_LENGTH_MIN = 2;
const tidy = (text: string) => text.normalize('NFC').trim().replace(/\s+/gu, ' ');

/** The organisation in the form it is kept. Refuses REQUEST_INVALID. */
export function foundingWish(body: FoundingWish): FoundingWish {
  const name = tidy(body.name);
  const taxCode = body.taxCode
    .replace(/\s/gu, '')
    .toUpperCase()
    .replace(/^IT(?=\d{11}$)/, '');
  const errors: FieldProblem[] = [];
  if (name.length < NAME_LENGTH_MIN) {
    errors.push(fieldProblem('name', 'ORGANISATION_NAME_INVALID'));
  }
  if (!hasValidCheckLetter(taxCode) && !hasValidVatCheckDigit(taxCode)) {
    errors.push(fieldProblem('taxCode', 'TAX_CODE_INVALID'));
  }
  refuse(errors);
  return { name, kind: body.kind, taxCode };
}

/** The accounts asked for, one by one: first those of named people. Refuses REQUEST_INVALID. */
export function wishedAccounts({ count, role, people = [] }: AccountsRequest): WishedAccount[] {
  const named = people.map((person) => namedAccount(person, role));
  refuse(named.flatMap((account, at) => problemsOf(account, at, named)));
  const nobody = { role, email: null, givenName: null, familyName: null };
  const unnamed = Math.max(0, count - named.length);
  return [...named, ...Array.from({ length: unnamed }, () => nobody)];
}

function namedAccount(person: WishedPerson, role: WishedAccount['role']): WishedAccount {
  return {
    role: person.role ?? role,
    email: person.email.trim().toLowerCase(),
    givenName: tidy(person.givenName),
    familyName: tidy(person.familyName),
  };
}

function problemsOf(
  { email, givenName, familyName }: WishedAccount,
  at: number,
  all: readonly WishedAccount[],
): FieldProblem[] {
  const field = (name: string) => `people.${at}.${name}`;
  const problems: FieldProblem[] = [];
  if (!isEmail(email ?? '')) problems.push(fieldProblem(field('email'), 'EMAIL_INVALID'));
  if (!givenName) problems.push(fieldProblem(field('givenName'), 'NAME_INVALID'));
  if (!familyName) problems.push(fieldProblem(field('familyName'), 'NAME_INVALID'));
  if (all.findIndex((other) => other.email === email) < at) {
    problems.push(fieldProblem(field('email'), 'ADDRESS_REPEATED'));
  }
  return problems;
}

function refuse(errors: readonly FieldProblem[]): void {
  if (errors.length > 0) throw new Refusal('REQUEST_INVALID', { errors });
}

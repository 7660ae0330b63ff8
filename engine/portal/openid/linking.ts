/**
 * Which account an identity belongs to, once and for all: (issuer, subject) is one account, and an
 * account has one identity of an issuer. What a provider says never gives anybody another's
 * account: an identity joins an existing one only by that account's own session.
 */
import type { OpenIdRegistration } from '#protocol/openid-api.ts';
import { assert } from '../../foundation/assert.ts';
import {
  type RegistrationFacts,
  registrationProblems,
  tidyRegistration,
} from '../accounts/checks.ts';
import { type AccountRow, accountStore } from '../accounts/store.ts';
import { Refusal } from '../http/refusal.ts';
import { linkLetter } from './letters.ts';
import type { OpenIdParts } from './service.ts';
import { openIdStore } from './store.ts';
import type { Newcomer } from './tickets.ts';

type Known = Pick<Newcomer, 'issuer' | 'subject' | 'profile'>;

const RETRY_AFTER_MS = 60_000;

/**
 * Links the identity to the account whose session asks. Refuses FORBIDDEN (staff log in here
 * only), OPENID_OTHER_ACCOUNT, OPENID_OTHER_IDENTITY, OPENID_OTHER_PERSON. Twice is once.
 */
export function linkTo(parts: OpenIdParts, account: AccountRow, identity: Known): void {
  const { database } = parts;
  const { issuer, subject, profile } = identity;
  if (account.role !== 'applicant') throw new Refusal('FORBIDDEN');
  const store = openIdStore(database);
  database.transaction(() => {
    const owner = store.accountOf(issuer, subject);
    if (owner?.id === account.id) return;
    if (owner) throw new Refusal('OPENID_OTHER_ACCOUNT');
    if (store.identityOf(account.id, issuer)) throw new Refusal('OPENID_OTHER_IDENTITY');
    const code = profile.codiceFiscale;
    const known = account.codice_fiscale;
    if (code !== '' && known !== null && known !== code) throw new Refusal('OPENID_OTHER_PERSON');
    if (code !== '' && known === null) {
      accountStore(database).update(account.id, { codice_fiscale: code });
    }
    insert(parts, account.id, identity);
    tell(parts, account, 'linked');
  });
  parts.mail.wake();
}

/** Refuses OPENID_ONLY_WAY_IN, NOT_FOUND. Ends the sessions that came that way, but for `keep`. */
export function unlinkFrom(parts: OpenIdParts, account: AccountRow, keep: string): void {
  const { database, openId } = parts;
  const store = openIdStore(database);
  if (account.password_hash === null) throw new Refusal('OPENID_ONLY_WAY_IN');
  database.transaction(() => {
    if (!store.unlink(account.id, openId.issuer)) throw new Refusal('NOT_FOUND');
    store.endSessions(account.id, keep);
    tell(parts, account, 'unlinked');
  });
  parts.mail.wake();
}

/**
 * A new account of the identity: address, and codice fiscale where given, are the provider's word.
 * A registration of that address that was never confirmed gives way with its password and links:
 * who began it has not shown that the address is theirs.
 */
export function registerBy(
  parts: OpenIdParts,
  identity: Known,
  body: OpenIdRegistration,
): AccountRow {
  const { profile, issuer, subject } = identity;
  const code = profile.codiceFiscale || body.codiceFiscale;
  const facts = tidyRegistration({ ...body, email: profile.email, codiceFiscale: code });
  const errors = registrationProblems(facts, body.privacyAccepted);
  if (errors.length > 0) throw new Refusal('REQUEST_INVALID', { errors });
  return parts.database.transaction(() => {
    if (openIdStore(parts.database).accountOf(issuer, subject)) {
      throw new Refusal('OPENID_OTHER_ACCOUNT');
    }
    const row = accountFor(parts, facts);
    insert(parts, row.id, identity);
    return row;
  });
}

/** Somebody has shown that the address is theirs, or an organisation gave the account to it. */
export function isTaken(account: AccountRow): boolean {
  return account.confirmed_at_us !== null || account.organisation !== null;
}

function accountFor(parts: OpenIdParts, facts: RegistrationFacts): AccountRow {
  const { database, clock, random } = parts;
  const store = accountStore(database);
  const known = store.byEmail(facts.email);
  if (known && known.role !== 'applicant') throw new Refusal('FORBIDDEN');
  if (known && isTaken(known)) throw new Refusal('OPENID_ACCOUNT_EXISTS');
  if (known) store.remove(known.id);
  const id = random.id();
  store.insert({
    id,
    email: facts.email,
    given_name: facts.givenName,
    family_name: facts.familyName,
    codice_fiscale: facts.codiceFiscale,
    role: 'applicant',
    office: null,
    language: facts.language,
    password_hash: null,
    must_change_password: 0,
    applications_max: parts.limits.applicationsMax,
    confirmed_at_us: clock.nowUs(),
    created_at_us: clock.nowUs(),
  });
  const row = store.byId(id);
  assert(row !== undefined, 'the account was inserted above');
  return row;
}

function insert(parts: OpenIdParts, account: string, { issuer, subject }: Known): void {
  const nowUs = parts.clock.nowUs();
  const row = { issuer, subject, account, linked_at_us: nowUs, last_used_at_us: null };
  openIdStore(parts.database).link(row);
}

function tell(parts: OpenIdParts, account: AccountRow, what: 'linked' | 'unlinked'): void {
  if (parts.mail.enqueue(linkLetter(account, what, parts.openId.label)) === null) {
    throw new Refusal('BUSY', { retryAfterMs: RETRY_AFTER_MS });
  }
}

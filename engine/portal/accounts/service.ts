/**
 * What happens to an account: registration, confirmation, login, passwords.
 *
 *   registered ──confirm──► active (one-time password) ──own password──► active
 *
 * Whether an address is known is told to nobody: registering and logging in say the same, after
 * the same work, for known and unknown addresses. What differs goes to the mailbox of the owner.
 */

import type { Proof } from '#protocol/accounts-api.ts';
import type { MemberRole } from '#protocol/organisations-api.ts';
import type { Account, Registration } from '#protocol/portal-api.ts';
import type { Random } from '../../foundation/random.ts';
import type { MailRoom } from '../../mail/index.ts';
import type { Database } from '../../store/database/index.ts';
import { fieldProblem, Refusal } from '../http/refusal.ts';
import type { OpenedSession, SessionKind, Sessions } from '../session/index.ts';
import type { PortalLimits } from '../settings.ts';
import { type RegistrationFacts, registrationProblems, tidyRegistration } from './checks.ts';
import { knownLetter, welcomeLetter } from './letters.ts';
import type { Links } from './links.ts';
import { newHash, type Passwords, weak } from './passwords.ts';
import type { Post } from './post.ts';
import type { SecondFactor } from './second-factor.ts';
import { passwordChangedLetter } from './security-letters.ts';
import { type AccountRow, type AccountStore, accountStore, isActive } from './store.ts';

export interface AccountService {
  register(body: Registration): Promise<void>;
  confirm(token: string): { email: string };
  logIn(options: {
    email: string;
    password: string;
    kind: SessionKind;
    /** A code of the second factor, where the account has one. */
    totp?: string | undefined;
  }): Promise<OpenedSession & { account: AccountRow }>;
  changePassword(
    caller: { account: AccountRow; token: string },
    passwords: { current: string; next: string },
  ): Promise<void>;
  /** Password, and code where there is a second factor. Refuses PASSWORD_WRONG at that field. */
  prove(account: AccountRow, proof: Proof, field?: string): Promise<void>;
  /** Spends a staff account's set-up link. */
  setUp(token: string, password: string): Promise<{ email: string }>;
  sweep(): void;
}

export interface AccountParts {
  readonly database: Database;
  readonly clock: { nowUs(): number };
  readonly random: Random;
  readonly mail: MailRoom;
  readonly post: Post;
  readonly links: Links;
  readonly secondFactor: SecondFactor;
  readonly sessions: Sessions;
  readonly passwords: Passwords;
  readonly limits: PortalLimits;
  readonly publicUrl: () => string;
}

const TOKEN_BYTES = 32;
const US_A_MS = 1000;
const MS_AN_HOUR = 3_600_000;

/** An account as its owner sees it. */
export function accountView(row: AccountRow): Account {
  return {
    id: row.id,
    email: row.email,
    givenName: row.given_name,
    familyName: row.family_name,
    role: row.role as Account['role'],
    ...(row.office === null ? {} : { office: row.office }),
    language: row.language,
    mustChangePassword: row.must_change_password === 1,
    ...(row.organisation === null ? {} : { memberRole: row.member_role as MemberRole }),
  };
}

/** The account room. */
export function createAccountService(parts: AccountParts): AccountService {
  const { database, clock, limits, sessions, passwords } = parts;
  const store = accountStore(database);
  return {
    register: (body) => register(parts, store, body),
    confirm: (token) =>
      database.transaction(() => {
        const account = store.spendToken(token, 'confirm', clock.nowUs());
        if (!account) throw new Refusal('TOKEN_INVALID');
        store.update(account.id, { confirmed_at_us: clock.nowUs() });
        return { email: account.email };
      }),
    logIn: async ({ email, password, kind, totp }) => {
      const account = store.byEmail(email.trim().toLowerCase());
      const usable = account && isActive(account) ? account : undefined;
      const isRight = await passwords.verify(usable?.password_hash ?? null, password);
      if (!usable || !isRight) throw new Refusal('CREDENTIALS_WRONG');
      parts.secondFactor.demand(usable, totp);
      return { ...sessions.open(usable.id, kind), account: usable };
    },
    changePassword: (caller, wanted) => changePassword(parts, store, { ...caller, ...wanted }),
    prove: (account, proof, field) => prove(parts, account, { ...proof, field }),
    setUp: async (token, password) => {
      const passwordHash = await newHash(passwords, password, { email: '' });
      return database.transaction(() => {
        const nowUs = clock.nowUs();
        const account = store.spendToken(token, 'setup', nowUs);
        if (!account) throw new Refusal('TOKEN_INVALID');
        store.update(account.id, { password_hash: passwordHash, confirmed_at_us: nowUs });
        sessions.closeAll(account.id);
        return { email: account.email };
      });
    },
    sweep: () => {
      sessions.sweep();
      parts.links.sweep();
      store.sweep(clock.nowUs(), clock.nowUs() - 2 * limits.linkMs * US_A_MS);
    },
  };
}

async function register(
  parts: AccountParts,
  store: AccountStore,
  body: Registration,
): Promise<void> {
  const facts = tidyRegistration(body);
  const errors = registrationProblems(facts, body.privacyAccepted);
  if (errors.length > 0) throw new Refusal('REQUEST_INVALID', { errors });
  const password = parts.passwords.oneTime();
  const passwordHash = await parts.passwords.hash(password);
  parts.database.transaction(() => {
    const known = store.byEmail(facts.email);
    if (known && known.confirmed_at_us !== null) {
      parts.post(knownLetter(personOf(known), parts.publicUrl()));
      return;
    }
    if (known && known.role !== 'applicant') return;
    const id = writeApplicant(parts, store, { facts, passwordHash, known });
    const link = newLink(parts, store, id);
    const hours = Math.round(parts.limits.linkMs / MS_AN_HOUR);
    parts.post(welcomeLetter(facts, { password, link, hours }));
  });
  parts.mail.wake();
}

function writeApplicant(
  parts: AccountParts,
  store: AccountStore,
  made: { facts: RegistrationFacts; passwordHash: string; known: AccountRow | undefined },
): string {
  const { facts, passwordHash, known } = made;
  const values = {
    given_name: facts.givenName,
    family_name: facts.familyName,
    codice_fiscale: facts.codiceFiscale,
    language: facts.language,
    password_hash: passwordHash,
    must_change_password: 1,
    created_at_us: parts.clock.nowUs(),
  };
  if (known) {
    store.update(known.id, values);
    return known.id;
  }
  const id = parts.random.id();
  store.insert({
    id,
    email: facts.email,
    role: 'applicant',
    office: null,
    applications_max: parts.limits.applicationsMax,
    confirmed_at_us: null,
    ...values,
  });
  return id;
}

function newLink(parts: AccountParts, store: AccountStore, account: string): string {
  const token = parts.random.bytes(TOKEN_BYTES).toString('base64url');
  const expiresAtUs = parts.clock.nowUs() + parts.limits.linkMs * US_A_MS;
  store.setToken({ token, account, purpose: 'confirm', expiresAtUs });
  return `${parts.publicUrl()}/confirm?token=${token}`;
}

async function changePassword(
  parts: AccountParts,
  store: AccountStore,
  wanted: { account: AccountRow; token: string; current: string; next: string },
): Promise<void> {
  const { account, current, next } = wanted;
  await checkPassword(parts, account, { password: current, field: 'current' });
  if (next === current) throw weak('next');
  const passwordHash = await newHash(parts.passwords, next, {
    email: account.email,
    field: 'next',
  });
  parts.database.transaction(() => {
    store.update(account.id, { password_hash: passwordHash, must_change_password: 0 });
    parts.sessions.closeAll(account.id, { keep: wanted.token });
    parts.links.drop(account.id, 'reset');
    if (account.must_change_password === 1) return; // the one-time password was theirs to replace
    parts.post(passwordChangedLetter(account, parts.publicUrl()));
  });
  parts.mail.wake();
}

async function prove(
  parts: AccountParts,
  account: AccountRow,
  { password, totp, field = 'password' }: Proof & { field?: string | undefined },
): Promise<void> {
  await checkPassword(parts, account, { password, field });
  parts.secondFactor.demand(account, totp);
}

async function checkPassword(
  parts: AccountParts,
  account: AccountRow,
  { password, field }: { password: string; field: string },
): Promise<void> {
  if (await parts.passwords.verify(account.password_hash, password)) return;
  throw new Refusal('PASSWORD_WRONG', { errors: [fieldProblem(field, 'PASSWORD_WRONG')] });
}

function personOf(row: AccountRow) {
  return { email: row.email, givenName: row.given_name, language: row.language };
}

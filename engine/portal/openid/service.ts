/**
 * Logging in through an OpenID provider.
 *
 *   begin ──► (the provider's pages) ──► complete ─┬─ identity known ─────────► logged in
 *     │                                            ├─ address has an account ─► log in there, link
 *     │ by a session, to link                      └─ nobody known ───────────► register
 *     └──► (the provider's pages) ──► complete ────► linked
 *
 * An attempt lives in the browser that began it (`tickets.ts`): what comes back to another browser,
 * late, altered or twice is OPENID_INVALID. On the click day nothing depends on the provider: a
 * session opened here in the two days before lasts until the day has closed.
 */
import type {
  OpenIdBeginning,
  OpenIdLink,
  OpenIdOutcome,
  OpenIdRegistration,
} from '#protocol/openid-api.ts';
import { isoFromUs } from '#protocol/time.ts';
import type { Log } from '../../foundation/log.ts';
import type { Random } from '../../foundation/random.ts';
import type { MailRoom } from '../../mail/index.ts';
import type { Database } from '../../store/database/index.ts';
import { accountView } from '../accounts/service.ts';
import { type AccountRow, accountStore } from '../accounts/store.ts';
import type { Calendar } from '../calendar/service.ts';
import { Refusal } from '../http/refusal.ts';
import type { OpenedSession, Sessions } from '../session/index.ts';
import type { OpenIdConfig, PortalLimits } from '../settings.ts';
import { isTaken, linkTo, registerBy, unlinkFrom } from './linking.ts';
import { createProvider, type Identity, type Provider } from './provider.ts';
import { openIdStore } from './store.ts';
import { type Attempt, createTickets, type Newcomer, type Tickets } from './tickets.ts';

export interface OpenIdParts {
  readonly database: Database;
  readonly clock: { nowUs(): number };
  readonly random: Random;
  readonly log: Log;
  readonly mail: MailRoom;
  readonly sessions: Sessions;
  readonly calendar: Pick<Calendar, 'all'>;
  readonly openId: OpenIdConfig;
  readonly limits: PortalLimits;
  readonly publicUrl: () => string;
}

/** What to answer; `ticket` is the browser's from now on, null: it has none. */
export interface Step {
  readonly outcome: OpenIdOutcome;
  readonly ticket: string | null;
  readonly session?: OpenedSession;
}

export interface OpenIdService {
  begin(
    account: AccountRow | null,
    wish: OpenIdBeginning,
  ): Promise<{ url: string; ticket: string }>;
  complete(back: {
    query: string;
    ticket: string | undefined;
    account: AccountRow | null;
  }): Promise<Step>;
  register(ticket: string | undefined, body: OpenIdRegistration): Step;
  /** Links whom the ticket names to the account that has logged in meanwhile. */
  link(ticket: string | undefined, account: AccountRow): Step;
  linkOf(account: AccountRow): OpenIdLink;
  unlink(account: AccountRow, token: string): void;
  /** Ends the session; where to leave the provider as well, null when it did not open it. */
  leave(token: string): Promise<string | null>;
}

const SECRET_BYTES = 32;
const US_A_MS = 1000;
/** A cookie holds 4 KiB; what it names besides takes some 1,200 characters. */
const ID_TOKEN_IN_TICKET_MAX = 1500;
const ID_TOKEN_KEPT_MAX = 8192;

/** The room of one provider. */
export function createOpenId(parts: OpenIdParts): OpenIdService {
  const { database, openId } = parts;
  const provider = createProvider(parts);
  const tickets = createTickets(parts);
  const store = openIdStore(database);
  const room = { ...parts, provider, tickets };
  return {
    begin: (account, wish) => begin(room, account, wish),
    complete: (back) => complete(room, back),
    register: (text, body) => {
      const ticket = newcomerIn(tickets, text);
      const account = registerBy(parts, ticket, body);
      tickets.spend(ticket);
      return enter(parts, account, ticket);
    },
    link: (text, account) => {
      const ticket = newcomerIn(tickets, text);
      // Another address would let a planted ticket open somebody else's account to its maker.
      if (ticket.profile.email !== account.email) throw new Refusal('OPENID_INVALID');
      linkTo(parts, account, ticket);
      tickets.spend(ticket);
      return { outcome: { status: 'linked', next: ticket.next }, ticket: null };
    },
    linkOf: (account) => {
      const found = store.identityOf(account.id, openId.issuer);
      return {
        label: openId.label,
        linkedAt: found ? isoFromUs(found.linked_at_us) : null,
        lastUsedAt: found?.last_used_at_us ? isoFromUs(found.last_used_at_us) : null,
        hasPassword: account.password_hash !== null,
      };
    },
    unlink: (account, token) => unlinkFrom(parts, account, token),
    leave: async (token) => {
      const opened = store.sessionOf(token);
      parts.sessions.close(token);
      if (!opened) return null;
      try {
        return await provider.leavingUrl(opened.id_token);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        return null; // here the person has left, whatever the provider's state
      }
    },
  };
}

interface Room extends OpenIdParts {
  readonly provider: Provider;
  readonly tickets: Tickets;
}

async function begin(room: Room, account: AccountRow | null, wish: OpenIdBeginning) {
  const { provider, tickets, random } = room;
  if (wish.intent === 'link' && account === null) throw new Refusal('UNAUTHENTICATED');
  const secret = () => random.bytes(SECRET_BYTES).toString('base64url');
  const checks = { state: secret(), nonce: secret(), verifier: secret() };
  const url = await provider.authorizationUrl(checks);
  const next = wish.next ?? null;
  const forAccount = wish.intent === 'link' && account !== null ? account.id : null;
  return { url, ticket: tickets.seal({ kind: 'attempt', ...checks, account: forAccount, next }) };
}

async function complete(
  room: Room,
  back: { query: string; ticket: string | undefined; account: AccountRow | null },
): Promise<Step> {
  const { tickets, provider } = room;
  const attempt = tickets.read(back.ticket);
  if (attempt?.kind !== 'attempt') throw new Refusal('OPENID_INVALID');
  // Spent before the first await, so that two at once are one; alive again when nobody answered.
  tickets.spend(attempt);
  try {
    const identity = await provider.identify(back.query, attempt);
    if (attempt.account !== null) return linkFromSession(room, { attempt, identity, back });
    return arrive(room, identity, attempt.next);
  } catch (error) {
    if (error instanceof Refusal && error.code === 'OPENID_UNAVAILABLE') tickets.revive(attempt);
    throw error;
  }
}

function linkFromSession(
  room: Room,
  {
    attempt,
    identity,
    back,
  }: { attempt: Attempt; identity: Identity; back: { account: AccountRow | null } },
): Step {
  const { account } = back;
  if (account === null || account.id !== attempt.account) throw new Refusal('OPENID_INVALID');
  linkTo(room, account, identity);
  return { outcome: { status: 'linked', next: attempt.next }, ticket: null };
}

function arrive(room: Room, identity: Identity, next: string | null): Step {
  const { issuer, subject, profile, idToken } = identity;
  const known = openIdStore(room.database).accountOf(issuer, subject);
  if (known?.deactivated_at_us === null) return enter(room, known, { ...identity, next });
  if (known) throw new Refusal('FORBIDDEN');
  if (profile.email === '') throw new Refusal('OPENID_EMAIL_UNVERIFIED');
  const account = accountStore(room.database).byEmail(profile.email);
  if (account && account.role !== 'applicant') throw new Refusal('FORBIDDEN');
  const hasAccount = account !== undefined && isTaken(account);
  const kept = idToken.length <= ID_TOKEN_IN_TICKET_MAX ? idToken : null;
  const ticket = room.tickets.seal({
    ...{ kind: 'newcomer', issuer, subject, profile, idToken: kept, next },
  });
  const status = hasAccount ? 'log-in-needed' : 'account-needed';
  const shown = hasAccount ? { ...nobody, email: profile.email } : profile;
  return { outcome: { status, next, profile: shown }, ticket };
}

const nobody = { givenName: '', familyName: '', codiceFiscale: '' };

function newcomerIn(tickets: Tickets, text: string | undefined): Newcomer {
  const ticket = tickets.read(text);
  if (ticket?.kind !== 'newcomer') throw new Refusal('OPENID_INVALID');
  return ticket;
}

function enter(
  parts: OpenIdParts,
  account: AccountRow,
  from: { issuer: string; subject: string; idToken: string | null; next: string | null },
): Step {
  const { database, sessions, clock } = parts;
  const store = openIdStore(database);
  const { issuer, subject, idToken, next } = from;
  const session = database.transaction(() => {
    const opened = sessions.open(account.id, 'cookie', { lastsUntilUs: untilClosed(parts) });
    const kept = idToken !== null && idToken.length <= ID_TOKEN_KEPT_MAX ? idToken : null;
    store.keepSession(opened.token, kept);
    store.used(issuer, subject, clock.nowUs());
    return opened;
  });
  const outcome = { status: 'logged-in', next, account: accountView(account) } as const;
  return { outcome, ticket: null, session };
}

/** The close of the last click day that opens within a bearer session's life, within that life. */
function untilClosed({ clock, calendar, limits }: OpenIdParts): number {
  const nowUs = clock.nowUs();
  const latestUs = nowUs + limits.bearerSessionMs * US_A_MS;
  const closes = calendar
    .all()
    .filter((day) => day.closesAtUs > nowUs && day.opensAtUs < latestUs)
    .map((day) => Math.min(day.closesAtUs, latestUs));
  return Math.max(nowUs, ...closes);
}

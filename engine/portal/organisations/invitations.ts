/**
 * Accounts of an organisation that nobody has opened yet: made when an operator grants them, each
 * with a link that sets its password once. An account for nobody in particular is called after the
 * base account (`name+2@…`) and its link goes to that one's mailbox.
 */
import type { MemberRole, WishedAccount } from '#protocol/organisations-api.ts';
import type { AccountsTable } from '../../store/database/index.ts';
import { isEmail } from '../accounts/checks.ts';
import { type AccountStore, accountStore } from '../accounts/store.ts';
import { fieldProblem, Refusal } from '../http/refusal.ts';
import type { InvitationRow } from './invitation-store.ts';
import { inviteKnown } from './joining.ts';
import { invitationLetter } from './letters.ts';
import { type OrganisationParts, post } from './parts.ts';
import type { MemberRow, OrganisationRow } from './store.ts';

const TOKEN_BYTES = 32;
const US_A_MS = 1000;
const MS_AN_HOUR = 3_600_000;
/** A second link to the same account not before this. */
const LINK_AGAIN_MS = 10 * 60_000;
/** Beyond this number a base address is not tried any more. */
const SERIAL_MAX = 10_000;

/**
 * Makes the accounts and mails their links; those who have one are asked to join. Joins the
 * open transaction. Refuses INVITED_ADDRESS_TAKEN.
 */
export function invite(
  parts: OrganisationParts,
  organisation: OrganisationRow,
  { base, wished }: { base: MemberRow; wished: readonly WishedAccount[] },
): string[] {
  const store = accountStore(parts.database);
  const known = inviteAllKnown(parts, organisation, wished);
  const serials = { next: 2 };
  return wished.map((account, at) => {
    const invitation = known[at];
    if (invitation) return invitation.id;
    const email = account.email ?? derivedAddress(store, base, serials);
    const row = invitedRow(parts, { base, account, email, serial: serials.next - 1 });
    store.insert(row);
    const to = account.email === null ? base : row;
    sendLink(parts, { organisation, member: row, to, role: account.role });
    return row.id;
  });
}

/** Another link for an account that was not opened yet. Refuses REQUESTS_TOO_MANY. */
export function inviteAgain(
  parts: OrganisationParts,
  organisation: OrganisationRow,
  member: MemberRow,
): void {
  const { build, first } = parts.database;
  const tokens = build.selectFrom('tokens').select('expires_at_us');
  const last = first(tokens.where('account', '=', member.id).where('purpose', '=', 'setup'));
  if (last) requirePause(parts, last.expires_at_us - parts.limits.linkMs * US_A_MS);
  const role = member.member_role as MemberRole;
  sendLink(parts, { organisation, member, to: mailboxOf(parts, member), role });
}

/** Refuses REQUESTS_TOO_MANY when the last letter went out a moment ago. */
export function requirePause({ clock }: OrganisationParts, sentUs: number): void {
  const waitMs = LINK_AGAIN_MS - Math.floor((clock.nowUs() - sentUs) / US_A_MS);
  if (waitMs > 0) throw new Refusal('REQUESTS_TOO_MANY', { retryAfterMs: waitMs });
}

function sendLink(
  parts: OrganisationParts,
  sent: {
    readonly organisation: OrganisationRow;
    readonly member: Pick<AccountsTable, 'id' | 'email'>;
    readonly to: Pick<AccountsTable, 'email' | 'given_name' | 'language'>;
    readonly role: MemberRole;
  },
): void {
  const { id: account, email } = sent.member;
  const { linkMs } = parts.limits;
  const token = parts.random.bytes(TOKEN_BYTES).toString('base64url');
  const expiresAtUs = parts.clock.nowUs() + linkMs * US_A_MS;
  accountStore(parts.database).setToken({ token, account, purpose: 'setup', expiresAtUs });
  const link = `${parts.publicUrl()}/setup?token=${token}`;
  const hours = Math.round(linkMs / MS_AN_HOUR);
  const { organisation, role } = sent;
  post(
    parts,
    invitationLetter(sent.to, { organisation: organisation.name, email, role, link, hours }),
  );
}

/** Those who have an account are asked to join with it. Refuses staff's and members' by field. */
function inviteAllKnown(
  parts: OrganisationParts,
  organisation: OrganisationRow,
  wished: readonly WishedAccount[],
): (InvitationRow | null | undefined)[] {
  const accounts = accountStore(parts.database);
  const made = wished.map((each) => {
    const account = each.email === null ? undefined : accounts.byEmail(each.email);
    return account && inviteKnown(parts, organisation, { account, wished: each });
  });
  const errors = made.flatMap((row, at) =>
    row === null ? [fieldProblem(`accounts.${at}`, 'INVITED_ADDRESS_TAKEN')] : [],
  );
  if (errors.length > 0) throw new Refusal('INVITED_ADDRESS_TAKEN', { errors });
  return made;
}

function derivedAddress(
  store: AccountStore,
  base: Pick<AccountsTable, 'email'>,
  serials: { next: number },
): string {
  const at = base.email.lastIndexOf('@');
  const [local, domain] = [base.email.slice(0, at).split('+')[0], base.email.slice(at + 1)];
  while (serials.next < SERIAL_MAX) {
    const email = `${local}+${serials.next}@${domain}`;
    serials.next += 1;
    if (!isEmail(email)) break;
    if (!store.byEmail(email)) return email;
  }
  throw new Refusal('INVITED_ADDRESS_TAKEN');
}

/** Who reads the mail of a derived address: the base account, where it is still there. */
function mailboxOf(parts: OrganisationParts, member: MemberRow): AccountsTable {
  const base = member.email.replace(/\+\d+(?=@[^@]*$)/, '');
  const holder = accountStore(parts.database).byEmail(base);
  return holder?.organisation === member.organisation ? holder : member;
}

function invitedRow(
  { random, clock }: OrganisationParts,
  made: { base: MemberRow; account: WishedAccount; email: string; serial: number },
): AccountsTable {
  const { base, account, email, serial } = made;
  return {
    id: random.id(),
    email,
    given_name: account.givenName ?? base.given_name,
    family_name: account.familyName ?? `${base.family_name} ${serial}`,
    codice_fiscale: null,
    role: 'applicant',
    office: null,
    organisation: base.organisation,
    member_role: account.role,
    deactivated_at_us: null,
    language: base.language,
    password_hash: null,
    must_change_password: 0,
    applications_max: null,
    confirmed_at_us: null,
    created_at_us: clock.nowUs(),
  };
}

/**
 * Coming to an organisation with an account that is there already, and going again.
 *
 *   granted for an address ─► invited ─accepts─► member ─leaves, or is removed─► private person
 *   that has an account          └─ declines, is withdrawn, 30 days pass
 *
 * What a member has as a private person stays theirs alone; what they prepared for the organisation
 * stays the organisation's. Reach is decided anew at each request, so whoever goes is out at once,
 * and open pages are told to ask again; sessions go on, since the account is the person's. A
 * passbook that was fetched before stays good until it expires (a gate asks nobody).
 */
import type { InvitationView, MemberRole, WishedAccount } from '#protocol/organisations-api.ts';
import { isoFromUs } from '#protocol/time.ts';
import type { AccountsTable } from '../../store/database/index.ts';
import { accountStore } from '../accounts/store.ts';
import { Refusal } from '../http/refusal.ts';
import { type InvitationRow, type InvitedRow, invitationStore } from './invitation-store.ts';
import { joinedLetter, joinLetter, leftLetter, removedLetter } from './joining-letters.ts';
import { note, type OrganisationParts, post } from './parts.ts';
import { type MemberRow, type OrganisationRow, organisationStore } from './store.ts';

export interface Joining {
  /** The caller's open invitations. */
  invitations(caller: AccountsTable): InvitationView[];
  /** Refuses NOT_FOUND, MEMBER_ALREADY, MEMBERS_LIMIT. */
  accept(caller: AccountsTable, id: string): void;
  /** Refuses NOT_FOUND. */
  decline(caller: AccountsTable, id: string): void;
  /** Refuses NOT_FOUND to who belongs to none, LAST_ADMINISTRATOR. */
  leave(caller: AccountsTable): void;
}

const DAY_US = 24 * 3_600_000_000;
const INVITATION_US = 30 * DAY_US;
/** Administrators who are told of a coming or a going. */
const TOLD_MAX = 5;

export function createJoining(parts: OrganisationParts): Joining {
  const { database, clock } = parts;
  const accounts = accountStore(database);
  const invited = () => invitationStore(database, clock.nowUs());
  const find = (caller: AccountsTable, id: string): InvitationRow => {
    const row = invited()
      .to(caller.id)
      .find((each) => each.id === id);
    if (!row) throw new Refusal('NOT_FOUND');
    return row;
  };
  const inOne = (work: () => void) => {
    database.transaction(work);
    parts.mail.wake();
  };
  return {
    invitations: (caller) => invited().to(caller.id).map(viewOf(parts)),
    accept: (caller, id) =>
      inOne(() => {
        const { organisation, role } = find(caller, id);
        if (accounts.byId(caller.id)?.organisation !== null) throw new Refusal('MEMBER_ALREADY');
        accounts.update(caller.id, { organisation, member_role: role });
        invited().remove(id);
        const detail = { organisation, role };
        note(parts, { account: caller.id, action: 'member.joined', subject: caller.id, detail });
        tell(parts, organisation, (to, name) => joinedLetter(to, { ...name, ...personOf(caller) }));
      }),
    decline: (caller, id) =>
      inOne(() => {
        const { organisation } = find(caller, id);
        invited().remove(id);
        const detail = { organisation };
        note(parts, { account: caller.id, action: 'member.declined', subject: caller.id, detail });
      }),
    leave: (caller) =>
      inOne(() => {
        const { organisation } = caller;
        if (organisation === null) throw new Refusal('NOT_FOUND');
        release(parts, { ...caller, organisation });
        const detail = { organisation };
        note(parts, { account: caller.id, action: 'member.left', subject: caller.id, detail });
        tell(parts, organisation, (to, name) => leftLetter(to, { ...name, ...personOf(caller) }));
      }),
  };
}

/**
 * Asks an account that is there to join; joins the open transaction. Null: it is staff's, or here
 * already. One of another organisation may be asked, and accepts when it has left that.
 */
export function inviteKnown(
  parts: OrganisationParts,
  organisation: OrganisationRow,
  { account, wished }: { account: AccountsTable; wished: WishedAccount },
): InvitationRow | null {
  const nowUs = parts.clock.nowUs();
  const store = invitationStore(parts.database, nowUs);
  store.sweep();
  const isThere = account.organisation === organisation.id;
  const isAsked = store.to(account.id).some((each) => each.organisation === organisation.id);
  if (account.role !== 'applicant' || isThere || isAsked) return null;
  const row = {
    id: parts.random.id(),
    organisation: organisation.id,
    account: account.id,
    role: wished.role,
    given_name: wished.givenName ?? '',
    family_name: wished.familyName ?? '',
    created_at_us: nowUs,
    sent_at_us: nowUs,
    expires_at_us: nowUs + INVITATION_US,
  };
  store.insert(row);
  mailInvitation(parts, organisation, { account, role: row.role });
  return row;
}

/** The same letter once more, and thirty days again. */
export function inviteKnownAgain(
  parts: OrganisationParts,
  organisation: OrganisationRow,
  { id, account, role }: InvitedRow,
): void {
  const nowUs = parts.clock.nowUs();
  const again = { sent_at_us: nowUs, expires_at_us: nowUs + INVITATION_US };
  invitationStore(parts.database, nowUs).update(id, again);
  const row = accountStore(parts.database).byId(account);
  if (row) mailInvitation(parts, organisation, { account: row, role });
}

/** The administrator's side of going: removed, and told so. Joins the open transaction. */
export function removeMember(
  parts: OrganisationParts,
  member: MemberRow,
  caller: AccountsTable,
): void {
  const { organisation, id } = member;
  const name = organisationStore(parts.database).byId(organisation)?.name ?? '';
  if (member.confirmed_at_us === null) accountStore(parts.database).remove(id);
  else {
    release(parts, member);
    const told = { organisation: name, portal: parts.publicUrl() };
    if (caller.id !== id) post(parts, removedLetter(member, told));
  }
  const detail = { organisation };
  note(parts, { account: caller.id, action: 'member.removed', subject: id, detail });
}

/** A private person again, with the bound of one. Refuses LAST_ADMINISTRATOR. */
function release(
  parts: OrganisationParts,
  member: Pick<MemberRow, 'id' | 'organisation' | 'applications_max'>,
): void {
  const { id, organisation, applications_max: max } = member;
  accountStore(parts.database).update(id, {
    ...{ organisation: null, member_role: null, deactivated_at_us: null },
    applications_max: max ?? parts.limits.applicationsMax,
  });
  if (organisationStore(parts.database).administratorCount(organisation) > 0) return;
  throw new Refusal('LAST_ADMINISTRATOR');
}

function viewOf({ database }: OrganisationParts) {
  return ({ id, organisation, role, expires_at_us }: InvitationRow): InvitationView => ({
    id,
    organisation: organisationStore(database).byId(organisation)?.name ?? '',
    role: role as MemberRole,
    expiresAt: isoFromUs(expires_at_us),
  });
}

function mailInvitation(
  parts: OrganisationParts,
  organisation: OrganisationRow,
  { account, role }: { account: AccountsTable; role: string },
): void {
  const link = `${parts.publicUrl()}/organisation`;
  const days = INVITATION_US / DAY_US;
  const said = { organisation: organisation.name, role: role as MemberRole, link, days };
  post(parts, joinLetter(account, said));
}

function tell(
  parts: OrganisationParts,
  organisation: string,
  letter: (
    to: MemberRow,
    said: { organisation: string; portal: string },
  ) => ReturnType<typeof joinedLetter>,
): void {
  const store = organisationStore(parts.database);
  const said = {
    organisation: store.byId(organisation)?.name ?? '',
    portal: parts.publicUrl(),
  };
  const managing = store
    .members(organisation)
    .filter((row) => row.member_role === 'administrator' && row.confirmed_at_us !== null)
    .filter((row) => row.deactivated_at_us === null);
  for (const to of managing.slice(0, TOLD_MAX)) post(parts, letter(to, said));
}

const personOf = ({ given_name, family_name, email }: AccountsTable) => ({
  person: `${given_name} ${family_name}`.trim(),
  email,
});

/**
 * The members of an organisation, as its administrator keeps them: roles, deactivation, handing
 * over, removing. There is always an administrator who can log in: the last one neither loses the
 * role nor is deactivated nor goes. Only an account that was made for the organisation is
 * deactivated: one that somebody registered is theirs, and is removed. A member who is deactivated
 * is logged out at once; a passbook that was fetched before stays good until it expires (a gate
 * asks nobody).
 */
import type { MemberChange, MemberRole, MemberView } from '#protocol/organisations-api.ts';
import type { AccountsTable, Database } from '../../store/database/index.ts';
import { accountStore } from '../accounts/store.ts';
import { Refusal } from '../http/refusal.ts';
import { type InvitedRow, invitationStore } from './invitation-store.ts';
import { inviteAgain, requirePause } from './invitations.ts';
import { inviteKnownAgain, removeMember } from './joining.ts';
import { managedBy, note, type OrganisationParts } from './parts.ts';
import { type MemberRow, type OrganisationRow, organisationStore } from './store.ts';

/** All take the caller, who must manage an organisation: NOT_FOUND or ROLE_INSUFFICIENT else. */
export interface Members {
  list(caller: AccountsTable): MemberView[];
  /** Refuses LAST_ADMINISTRATOR. */
  change(caller: AccountsTable, id: string, change: MemberChange): MemberView;
  /** The member becomes administrator, the caller what they name. Refuses MEMBER_INACTIVE. */
  handOver(caller: AccountsTable, id: string, role: MemberRole): MemberView;
  /** Mails the set-up link again. Refuses MEMBER_CONFIRMED, REQUESTS_TOO_MANY. */
  inviteAgain(caller: AccountsTable, id: string): void;
  /**
   * Whose account it is keeps it and is out; an account that nobody opened is gone, an invitation
   * withdrawn. Refuses LAST_ADMINISTRATOR.
   */
  remove(caller: AccountsTable, id: string): void;
}

/** The members, in `database`. */
export function createMembers(parts: OrganisationParts): Members {
  const { database, clock } = parts;
  const store = organisationStore(database);
  const find = (caller: AccountsTable, id: string) => {
    const member = store.member(managedBy(caller), id);
    if (!member) throw new Refusal('NOT_FOUND');
    return member;
  };
  const invitations = () => invitationStore(database, clock.nowUs());
  const findInvited = (caller: AccountsTable, id: string) =>
    invitations()
      .of(managedBy(caller))
      .find((each) => each.id === id);
  return {
    list: (caller) => {
      const organisation = managedBy(caller);
      const invited = invitations().of(organisation).map(invitedView);
      return [...store.members(organisation).map(memberView), ...invited];
    },
    change: (caller, id, change) =>
      database.transaction(() => {
        const invited = findInvited(caller, id);
        if (invited) return changeInvited(parts, { caller, invited, change });
        const member = find(caller, id);
        const isTheirOwn = memberView(member).isTheirOwn;
        if (isTheirOwn && change.active === false && id !== caller.id) {
          throw new Refusal('MEMBER_ACCOUNT_OWN');
        }
        const values = changed(member, change, clock.nowUs());
        accountStore(database).update(id, values);
        requireAdministrator(database, member);
        if (values.deactivated_at_us) parts.sessions.closeAll(id);
        record(parts, { caller, member, values });
        return memberView({ ...member, ...values } as MemberRow);
      }),
    handOver: (caller, id, role) =>
      database.transaction(() => {
        const member = find(caller, id);
        const isActive = stateOf(member) === 'active';
        if (!isActive || id === caller.id) throw new Refusal('MEMBER_INACTIVE');
        const accounts = accountStore(database);
        accounts.update(id, { member_role: 'administrator' });
        accounts.update(caller.id, { member_role: role });
        const detail = { organisation: member.organisation, formerly: role };
        note(parts, { account: caller.id, action: 'member.handed-over', subject: id, detail });
        return memberView({ ...member, member_role: 'administrator' });
      }),
    inviteAgain: (caller, id) => {
      database.transaction(() => {
        const invited = findInvited(caller, id);
        const member = invited ?? find(caller, id);
        const organisation = store.byId(member.organisation);
        if (invited && organisation) {
          requirePause(parts, invited.sent_at_us);
          inviteKnownAgain(parts, organisation, invited);
        } else {
          inviteUnopened(parts, organisation, member as MemberRow);
        }
        note(parts, { account: caller.id, action: 'member.invited-again', subject: id });
      });
      parts.mail.wake();
    },
    remove: (caller, id) => {
      database.transaction(() => {
        const invited = findInvited(caller, id);
        if (!invited) return removeMember(parts, find(caller, id), caller);
        invitations().remove(id);
        const detail = { organisation: invited.organisation };
        const fact = { account: caller.id, action: 'member.invitation-withdrawn', detail };
        note(parts, { ...fact, subject: invited.account });
      });
      parts.mail.wake();
    },
  };
}

function inviteUnopened(
  parts: OrganisationParts,
  organisation: OrganisationRow | undefined,
  member: MemberRow,
): void {
  if (stateOf(member) !== 'invited' || !organisation) throw new Refusal('MEMBER_CONFIRMED');
  inviteAgain(parts, organisation, member);
}

/** Of who has not answered yet only the role can be another. */
function changeInvited(
  parts: OrganisationParts,
  { caller, invited, change }: { caller: AccountsTable; invited: InvitedRow; change: MemberChange },
): MemberView {
  if (change.active !== undefined) throw new Refusal('MEMBER_INACTIVE');
  const role = change.role ?? invited.role;
  invitationStore(parts.database, parts.clock.nowUs()).update(invited.id, { role });
  const detail = { from: invited.role, to: role };
  note(parts, { account: caller.id, action: 'member.role', subject: invited.account, detail });
  return invitedView({ ...invited, role });
}

/**
 * In the transaction of a change, after it or with who goes left out: somebody must still manage.
 * Refuses LAST_ADMINISTRATOR.
 */
export function requireAdministrator(
  database: Database,
  { organisation, besides = '' }: { readonly organisation: string; readonly besides?: string },
): void {
  if (organisationStore(database).administratorCount(organisation, besides) > 0) return;
  throw new Refusal('LAST_ADMINISTRATOR');
}

function changed(member: MemberRow, change: MemberChange, nowUs: number) {
  const since = member.deactivated_at_us ?? nowUs;
  return {
    ...(change.role === undefined ? {} : { member_role: change.role }),
    ...(change.active === undefined ? {} : { deactivated_at_us: change.active ? null : since }),
  };
}

function record(
  parts: OrganisationParts,
  done: {
    readonly caller: AccountsTable;
    readonly member: MemberRow;
    readonly values: { member_role?: string; deactivated_at_us?: number | null };
  },
): void {
  const { caller, member, values } = done;
  const fact = { account: caller.id, subject: member.id };
  if (values.member_role !== undefined && values.member_role !== member.member_role) {
    const detail = { from: member.member_role, to: values.member_role };
    note(parts, { ...fact, action: 'member.role', detail });
  }
  const wasActive = member.deactivated_at_us === null;
  const isActive = (values.deactivated_at_us ?? null) === null;
  if (values.deactivated_at_us === undefined || wasActive === isActive) return;
  note(parts, { ...fact, action: isActive ? 'member.reactivated' : 'member.deactivated' });
}

function stateOf(row: AccountsTable): MemberView['state'] {
  if (row.deactivated_at_us !== null) return 'deactivated';
  return row.confirmed_at_us === null ? 'invited' : 'active';
}

function memberView(row: MemberRow): MemberView {
  return {
    id: row.id,
    email: row.email,
    givenName: row.given_name,
    familyName: row.family_name,
    role: row.member_role as MemberRole,
    state: stateOf(row),
    isTheirOwn: row.codice_fiscale !== null && row.confirmed_at_us !== null,
  };
}

/** Named as who asked named them: whether there is an account is not theirs to learn. */
function invitedView(row: InvitedRow): MemberView {
  return {
    id: row.id,
    email: row.email,
    givenName: row.given_name,
    familyName: row.family_name,
    role: row.role as MemberRole,
    state: 'invited',
    isTheirOwn: false,
  };
}

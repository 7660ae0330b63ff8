/**
 * Which applications a caller reaches, and what they may do with them. It is decided here alone:
 * lists add `reached` to their query, whatever looks at one application takes `requireReached`.
 *
 *                               read   prepare   send   manage (members)
 *   private person, own          ✓        ✓       ✓
 *   organisation: reader         ✓
 *                 preparer       ✓        ✓
 *                 sender         ✓        ✓       ✓
 *                 administrator  ✓        ✓       ✓       ✓
 *   operator, admin: all         ✓
 *   office: what was forwarded   ✓      decides: writes the outcome
 *           to it, no more
 *
 * Within an organisation the role alone decides: who prepared an application and has become a
 * reader since, reads it. Whoever joined with an account of their own keeps what they had as a
 * private person: a member's lists are of the organisation, or `private`, never both. What is not
 * reached is NOT_FOUND, so that nobody learns that it exists; what is seen but not theirs to change
 * is ROLE_INSUFFICIENT. Both conditions are one look-up in an index (applications_by_account,
 * applications_by_organisation).
 */
import {
  type AccountsTable,
  type ApplicationsTable,
  type Database,
  sql,
} from '../../store/database/index.ts';
import { Refusal } from '../http/refusal.ts';

export type Deed = 'read' | 'prepare' | 'send' | 'manage' | 'decide';

/** What of an account decides. */
export type Reacher = Pick<
  AccountsTable,
  'id' | 'role' | 'office' | 'organisation' | 'member_role'
>;

const OWN: readonly Deed[] = ['read', 'prepare', 'send'];
const STAFF: Readonly<Record<string, readonly Deed[]>> = {
  ...{ operator: ['read'], admin: ['read'], office: ['read', 'decide'] },
};
const MEMBERS: Readonly<Record<string, readonly Deed[]>> = {
  reader: ['read'],
  preparer: ['read', 'prepare'],
  sender: ['read', 'prepare', 'send'],
  administrator: ['read', 'prepare', 'send', 'manage'],
};

/** Of a member's two: those they have as a private person. Others have one kind alone. */
export type Whose = 'private' | undefined;

/** What the caller may do with what is theirs to work on: a member's are the organisation's. */
export function deedsOf(caller: Reacher): readonly Deed[] {
  if (caller.role === 'office' && caller.office === null) return [];
  if (caller.role !== 'applicant') return STAFF[caller.role] ?? [];
  return caller.organisation === null ? OWN : (MEMBERS[caller.member_role ?? ''] ?? []);
}

type Owned = Pick<ApplicationsTable, 'account' | 'organisation'>;

function isPrivateOf({ id, role }: Reacher, row: Owned): boolean {
  return role === 'applicant' && row.organisation === null && row.account === id;
}

/** Refuses ROLE_INSUFFICIENT. For what concerns no single application: beginning one, passbooks. */
export function requireDeed(caller: Reacher, deed: Deed): void {
  if (!deedsOf(caller).includes(deed)) throw new Refusal('ROLE_INSUFFICIENT');
}

/** True for the applications that the caller may read; `table` is how the query calls them. */
export function reached(caller: Reacher, table = 'applications', whose?: Whose) {
  const column = (name: keyof ApplicationsTable) => sql.ref(`${table}.${name}`);
  const own = sql<boolean>`(${column('account')} = ${caller.id}
    and ${column('organisation')} is null)`;
  if (caller.role === 'applicant' && whose === 'private') return own;
  if (!deedsOf(caller).includes('read')) return sql<boolean>`0`;
  if (caller.role === 'office') {
    return sql<boolean>`(${column('office')} = ${caller.office} and exists (
      select 1 from application_events e
      where e.application = ${column('id')} and e.kind = 'forwarded'))`;
  }
  if (caller.role !== 'applicant') return sql<boolean>`1`;
  if (caller.organisation === null) return own;
  return sql<boolean>`${column('organisation')} = ${caller.organisation}`;
}

/** Beside the columns of an application: the name of who began it, for an organisation's. */
export function preparedBy(table = 'applications') {
  const column = (name: keyof ApplicationsTable) => sql.ref(`${table}.${name}`);
  const name = sql`select trim(given_name || ' ' || family_name) from accounts where id = `;
  return sql<string | null>`case when ${column('organisation')} is not null
    then (${name}${column('account')}) end`.as('prepared_by');
}

/** An application with what `preparedBy` adds. */
export type ReachedRow = ApplicationsTable & { readonly prepared_by?: string | null };

/** Whether who applies may read the row at hand, of whichever kind; operators read any. */
export function isReached(caller: Reacher, row: Owned): boolean {
  if (isPrivateOf(caller, row)) return true;
  if (!deedsOf(caller).includes('read')) return false;
  if (caller.role !== 'applicant') return caller.role !== 'office';
  return caller.organisation !== null && row.organisation === caller.organisation;
}

/** Whose changes concern what an applicant reaches, as the database's `Changes` name them. */
export function topicsOf({ id, organisation }: Reacher): readonly string[] {
  return organisation === null ? [id] : [id, organisation];
}

/** The application, when the caller may do that with it. Refuses NOT_FOUND, ROLE_INSUFFICIENT. */
export function requireReached(
  { build, first }: Database,
  caller: Reacher,
  { id, deed }: { readonly id: string; readonly deed: Deed },
): ReachedRow {
  const rows = build.selectFrom('applications').selectAll().select(preparedBy());
  const either = sql<boolean>`(${reached(caller)}
    or ${reached(caller, 'applications', 'private')})`;
  const row = first(rows.where('id', '=', id).where(either));
  if (!row) throw new Refusal('NOT_FOUND');
  const mayAll = isPrivateOf(caller, row) && OWN.includes(deed);
  if (!mayAll) requireDeed(caller, deed);
  return row;
}

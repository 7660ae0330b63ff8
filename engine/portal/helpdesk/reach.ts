/**
 * Which tickets a caller reaches, and what they may do with them. It is decided here alone.
 *
 *                                       read   write (ask, answer, close, reopen, attach)
 *   private person: own                   ✓      ✓
 *   organisation's, for a reader          ✓
 *                   for the others        ✓      ✓
 *   office's, for each account of it      ✓      ✓
 *   operator, admin                     all, at the desk (`/api/desk`) and not here
 *
 * What is not reached is NOT_FOUND, so that nobody learns that it exists. A member keeps reading
 * what they asked as a private person before.
 */
import type { AccountsTable, Database, TicketRow } from '../../store/database/index.ts';
import { Refusal } from '../http/refusal.ts';

export type TicketDeed = 'read' | 'write';

/** What of an account decides. */
export type Asker = Pick<AccountsTable, 'id' | 'role' | 'office' | 'organisation' | 'member_role'>;

/** The column that names the owner, and its value. Each is one look-up in an index. */
export type Owner =
  | { readonly column: 'account'; readonly id: string }
  | { readonly column: 'organisation' | 'office'; readonly id: string };

/** Whose tickets the caller reaches; none for the desk itself. */
export function ownersOf(caller: Asker): readonly Owner[] {
  const own: Owner = { column: 'account', id: caller.id };
  if (caller.role === 'office') {
    return caller.office === null ? [own] : [{ column: 'office', id: caller.office }, own];
  }
  if (caller.role !== 'applicant') return [];
  if (caller.organisation === null) return [own];
  return [{ column: 'organisation', id: caller.organisation }, own];
}

/** Whose a new ticket of this caller is. Refuses FORBIDDEN, ROLE_INSUFFICIENT. */
export function ownerColumns(caller: Asker): Pick<TicketRow, 'organisation' | 'office'> {
  requireDeed(caller, 'write');
  return {
    organisation: caller.role === 'applicant' ? caller.organisation : null,
    office: caller.role === 'office' ? caller.office : null,
  };
}

/** One that is somebody's own belongs to no organisation and no office. */
function isOf(owner: Owner, ticket: TicketRow): boolean {
  if (owner.column !== 'account') return ticket[owner.column] === owner.id;
  const isPrivate = ticket.organisation === null && ticket.office === null;
  return isPrivate && ticket.account === owner.id;
}

export function isReached(caller: Asker, ticket: TicketRow): boolean {
  return ownersOf(caller).some((owner) => isOf(owner, ticket));
}

/** Whether they may do that with this ticket, which they reach. */
export function may(caller: Asker, ticket: TicketRow, deed: TicketDeed): boolean {
  if (deed === 'read' || ticket.organisation === null) return true;
  return caller.member_role !== null && caller.member_role !== 'reader';
}

/** Refuses FORBIDDEN to the desk, ROLE_INSUFFICIENT to a reader. */
function requireDeed(caller: Asker, deed: TicketDeed): void {
  if (ownersOf(caller).length === 0) throw new Refusal('FORBIDDEN');
  const isMember = caller.role === 'applicant' && caller.organisation !== null;
  if (deed === 'write' && isMember && caller.member_role === 'reader') {
    throw new Refusal('ROLE_INSUFFICIENT');
  }
}

/** The ticket, when the caller may do that with it. Refuses NOT_FOUND, ROLE_INSUFFICIENT. */
export function requireTicket(
  { build, first }: Database,
  caller: Asker,
  { id, deed }: { readonly id: string; readonly deed: TicketDeed },
): TicketRow {
  const ticket = first(build.selectFrom('tickets').selectAll().where('id', '=', id));
  if (ticket === undefined || !isReached(caller, ticket)) throw new Refusal('NOT_FOUND');
  if (!may(caller, ticket, deed)) throw new Refusal('ROLE_INSUFFICIENT');
  return ticket;
}

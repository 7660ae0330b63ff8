/**
 * Who is offered to ask the desk. Convenience only: the portal decides (`helpdesk/reach.ts` there).
 * The desk's own people do not ask it, and who may only read an organisation's data only reads its
 * requests; whoever has not logged in is offered it, and logs in.
 */
import type { Account, Role } from '#protocol/portal-api.ts';

export const ASKERS: readonly Role[] = ['applicant', 'office'];

type Asker = Pick<Account, 'role' | 'memberRole'> | null | undefined;

export function mayReadRequests(account: Asker): boolean {
  return account ? ASKERS.includes(account.role) : false;
}

export function mayAsk(account: Asker): boolean {
  return !account || (mayReadRequests(account) && account.memberRole !== 'reader');
}

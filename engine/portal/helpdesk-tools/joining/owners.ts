/**
 * Whether two tickets are of the same person or body, so that who reads one may read the other.
 * Nobody's words are ever shown to somebody else by joining: what is not certain is no.
 */
import type { TicketsTable } from '../../../store/database/index.ts';

type Owned = Pick<
  TicketsTable,
  'account' | 'organisation' | 'office' | 'contact_email' | 'channel'
>;

export function isSameOwner(one: Owned, other: Owned): boolean {
  if (one.organisation !== other.organisation || one.office !== other.office) return false;
  if (one.organisation !== null || one.office !== null) return true;
  if (one.account !== null || other.account !== null) return one.account === other.account;
  // Callers and senders without an account: by their mailbox, which is where letters go.
  const [mailbox, another] = [one.contact_email, other.contact_email];
  return mailbox !== null && mailbox.toLowerCase() === another?.toLowerCase();
}

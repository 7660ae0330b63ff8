/**
 * The way of a ticket, as a table: what may be done in which state, and what it becomes. Pure; who
 * may do it is in `reach.ts`, what goes with it in `actions.ts`.
 *
 *   received ─► accepted ─► in-charge ─► analysis ⇄ waiting ─► answered ─► closed ─► in-charge
 *
 * Whoever works on it need not take every step: what is accepted may be answered at once, for many
 * on a click day are. A message of the user is always welcome, except on what is closed: that is
 * reopened first, so that nobody writes where nobody reads.
 */
import type { TicketStatus } from '#protocol/helpdesk-api.ts';

/** `give` is a message of the user. */
export type TicketAction =
  | 'accept'
  | 'take'
  | 'analyse'
  | 'ask'
  | 'give'
  | 'answer'
  | 'close'
  | 'reopen'
  | 'merge';

type Row = Readonly<Partial<Record<TicketAction, TicketStatus>>>;

const ANY: Row = { close: 'closed', merge: 'merged' };
const WORK: Row = { ...ANY, analyse: 'analysis', ask: 'waiting', answer: 'answered' };

const FLOW: Readonly<Record<TicketStatus, Row>> = {
  received: { ...ANY, accept: 'accepted', give: 'received' },
  accepted: { ...WORK, take: 'in-charge', give: 'accepted' },
  'in-charge': { ...WORK, take: 'in-charge', give: 'in-charge' },
  analysis: { ...WORK, take: 'analysis', give: 'analysis' },
  waiting: { ...WORK, take: 'waiting', give: 'analysis' },
  answered: { ...WORK, take: 'answered', give: 'in-charge' },
  closed: { reopen: 'in-charge' },
  merged: {},
};

/** What the ticket becomes; undefined: not in this state. */
export function next(status: TicketStatus, action: TicketAction): TicketStatus | undefined {
  return FLOW[status][action];
}

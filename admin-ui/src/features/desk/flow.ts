/**
 * What an operator may do with a ticket as it stands, in the order in which it is offered. The
 * portal decides for itself; this only says what to show.
 */
import type { TicketStatus } from '#protocol/helpdesk-api.ts';

/** Actions with an address of their own below a ticket. */
export type ActionName = 'accept' | 'take' | 'analyse' | 'ask' | 'answer' | 'close' | 'reopen';
/** Done by one press, without words for the user. */
export type SilentAction = Extract<ActionName, 'accept' | 'take' | 'analyse'>;
/** What the box of the answer can do. */
export type WrittenAction = Extract<ActionName, 'ask' | 'answer' | 'close' | 'reopen'>;

interface Offer {
  readonly silent: readonly SilentAction[];
  readonly written: readonly WrittenAction[];
}

const atWork: readonly WrittenAction[] = ['answer', 'ask', 'close'];
const offers: Readonly<Record<TicketStatus, Offer>> = {
  received: { silent: ['accept'], written: ['close'] },
  accepted: { silent: ['take', 'analyse'], written: atWork },
  'in-charge': { silent: ['analyse'], written: atWork },
  analysis: { silent: [], written: atWork },
  waiting: { silent: ['analyse'], written: atWork },
  answered: { silent: ['analyse'], written: atWork },
  closed: { silent: [], written: ['reopen'] },
  merged: { silent: [], written: [] },
};

export const offerOf = (status: TicketStatus): Offer => offers[status];

/** Without a text these mean nothing. */
export const needsText = (action: WrittenAction): boolean =>
  action === 'ask' || action === 'answer';

/** Somebody still works on it, or may: it can be assigned, merged, split and the like. */
export const isOpen = (status: TicketStatus): boolean => status !== 'closed' && status !== 'merged';

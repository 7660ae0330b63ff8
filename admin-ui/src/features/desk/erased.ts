/** Tickets that have lost their words: nothing is done to them any more. */
import type { DeskTicketSummary } from '#protocol/desk-api.ts';
import type { DeskWords } from './texts.ts';

type Named = Pick<DeskTicketSummary, 'subject'>;

export const isErased = ({ subject }: Named): boolean => subject === '';

/** What it is called where it is named. */
export const subjectOf = (ticket: Named, d: DeskWords): string =>
  isErased(ticket) ? d.erasedSubject : ticket.subject;

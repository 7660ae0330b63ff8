/** The colour that repeats the word of a ticket's state. */
import type { TicketStatus } from '#protocol/helpdesk-api.ts';
import type { Tone } from './clocks.ts';

export const statusTones: Readonly<Record<TicketStatus, Tone>> = {
  received: 'warning',
  accepted: 'info',
  'in-charge': 'info',
  analysis: 'info',
  waiting: 'neutral',
  answered: 'success',
  closed: 'neutral',
  merged: 'neutral',
};

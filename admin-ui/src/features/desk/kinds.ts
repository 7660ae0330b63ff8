/** What a ticket can be about, in the order in which it is offered; and its shortest subject. */
import type { TicketKind } from '#protocol/helpdesk-api.ts';

export const kinds: readonly TicketKind[] = ['technical', 'functional', 'legal'];
export const SUBJECT_LENGTH_MIN = 3;

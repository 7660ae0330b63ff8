/** What the tools need of the core of the help desk: every change of a ticket goes through it. */
import type { TicketActions } from '../helpdesk/actions.ts';
import type { TicketChanges } from '../helpdesk/change.ts';
import type { Letters } from '../helpdesk/letters.ts';

export interface DeskCore {
  readonly actions: TicketActions;
  readonly changes: TicketChanges;
  readonly letters: Letters;
}

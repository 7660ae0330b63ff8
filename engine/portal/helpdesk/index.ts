/**
 * The door of the help desk: its parts made and given to each other, and its routes. What each part
 * promises stands at the head of its file; the way of a ticket in `flow.ts`.
 *
 * The tools (`helpdesk-tools/`) and the inbound mail change tickets through `actions` and `changes`
 * alone, so that every change has its event, its version and its letter.
 */

import type { Timers } from '../../clock/index.ts';
import type { Log } from '../../foundation/log.ts';
import type { Random } from '../../foundation/random.ts';
import type { MailRoom } from '../../mail/index.ts';
import type { Database } from '../../store/database/index.ts';
import type { Audit } from '../control-room/audit.ts';
import type { Limit } from '../http/limits.ts';
import type { Server } from '../http/server.ts';
import { createActions } from './actions.ts';
import { ticketAttachmentRoutes } from './attachment-routes.ts';
import { createTicketAttachments, type TicketAttachmentParts } from './attachments.ts';
import { callerFinder } from './callers.ts';
import { createChanges } from './change.ts';
import { deskRoutes } from './desk-routes.ts';
import { createDesk } from './desk-service.ts';
import { eraseRoute } from './erase-route.ts';
import { createLetters, type Threading } from './letters.ts';
import type { HelpdeskLimits } from './limits.ts';
import { ownRoutes } from './own-routes.ts';
import { createOwnTickets } from './own-service.ts';
import { createRetention } from './retention.ts';
import { createSubjects } from './subject.ts';
import { type SubjectRouteParts, subjectRoutes } from './subject-routes.ts';
import { createDeskSweep } from './sweep.ts';
import type { DeskTools } from './tools.ts';

export type { Step, TicketActions } from './actions.ts';
export type { TicketAttachments } from './attachments.ts';
export type { Actor, NewMessage, NewTicket, TicketChanges, TicketEvent } from './change.ts';
export { requireOperator } from './desk-service.ts';
export { deskSummaries, deskView } from './desk-view.ts';
export { next, type TicketAction } from './flow.ts';
export { addresseeOf, type LetterKind, type Letters, type Threading } from './letters.ts';
export { type HelpdeskLimits, helpdeskLimits } from './limits.ts';
export { tidyNumber } from './number.ts';
export { accountNames, nameOf, personOf } from './people.ts';
export { isReached, requireTicket } from './reach.ts';
export { type TicketStore, ticketStore } from './store.ts';
export { tidyLine, tidySubject, tidyText } from './text.ts';
export { type Clocks, type DeskTools, type DueTimes, noTools } from './tools.ts';

export interface HelpdeskParts {
  readonly database: Database;
  readonly clock: { nowUs(): number };
  readonly random: Random;
  readonly timers: Timers;
  readonly log: Log;
  readonly mail: MailRoom;
  readonly audit: Audit;
  readonly publicUrl: () => string;
  readonly limits: HelpdeskLimits;
  /** Where files lie, and how many of them. */
  readonly directory: string;
  readonly fileLimits: TicketAttachmentParts['fileLimits'];
  /** `noTools` for none. */
  readonly tools: DeskTools;
  /** What of a letter leads an answer by mail back; default nothing. */
  readonly threading?: Threading;
}

export type Helpdesk = ReturnType<typeof createHelpdesk>;

export function createHelpdesk(parts: HelpdeskParts) {
  const { threading = () => undefined } = parts;
  const letters = createLetters({ ...parts, threading });
  const changes = createChanges(parts);
  const isAcceptedAtOnce = parts.limits.isAcceptedAtOnce;
  const actions = createActions({ ...parts, changes, letters, isAcceptedAtOnce });
  const attachments = createTicketAttachments(parts);
  const made = { ...parts, letters, changes, actions, attachments };
  const times = { sweep: createDeskSweep(made), retention: createRetention(parts) };
  const sides = { own: createOwnTickets(made), desk: createDesk(made) };
  const looks = { subjects: createSubjects(made), findCallers: callerFinder(made) };
  return { ...made, ...sides, ...looks, ...times };
}

export type HelpdeskWeb = Pick<SubjectRouteParts, 'readReceipt' | 'makePreview'> & {
  /** Counts uploads. */
  readonly limit: Limit;
};

/** Adds the routes. */
export async function helpdeskRoutes(
  server: Server,
  helpdesk: Helpdesk,
  web: HelpdeskWeb,
): Promise<void> {
  const { attachments } = helpdesk;
  ownRoutes(server, helpdesk.own);
  deskRoutes(server, helpdesk.desk);
  eraseRoute(server, helpdesk);
  subjectRoutes(server, { ...helpdesk, ...web });
  await ticketAttachmentRoutes(server, { attachments, limit: web.limit });
}

/**
 * What is done to a ticket, one step of its way after the other (`flow.ts`): the state, what goes
 * with it, the message, the letter, all in one transaction. Operators, users, the inbound mail and
 * time come here alike.
 */
import {
  TICKET_MESSAGES_MAX,
  type TicketChannel,
  type TicketStatus,
} from '#protocol/helpdesk-api.ts';
import type { MailRoom } from '../../mail/index.ts';
import type { TicketRow, TicketsTable } from '../../store/database/index.ts';
import { Refusal } from '../http/refusal.ts';
import type { Actor, ChangeParts, NewTicket, TicketChanges } from './change.ts';
import { next, type TicketAction } from './flow.ts';
import type { LetterKind, Letters } from './letters.ts';
import { newNumber } from './number.ts';
import { ticketStore } from './store.ts';

/** `text`: as `tidyText` gives it; what the user is told, or tells. */
export interface Step {
  readonly action: Exclude<TicketAction, 'merge'>;
  readonly actor: Actor;
  readonly text?: string | undefined;
  /** How the text came; the ticket's own channel when left out. */
  readonly channel?: TicketChannel;
  /** Do not write to the user: an answer to many is mailed by who gives it. */
  readonly isQuiet?: boolean;
}

export interface TicketActions {
  /**
   * The ticket after the step. Refuses TICKET_STATE, TICKET_TEXT_MISSING, TICKET_CHANGED, BUSY, and
   * to users TICKET_FULL.
   */
  act(ticket: TicketRow, step: Step): TicketRow;
  /** A new ticket, accepted at once where that is the rule and the outbox has room. */
  open(draft: NewTicket, text: string, actor: Actor): TicketRow;
  /** Accepts at once; the ticket as it is when the outbox is full. */
  tryAccept(ticket: TicketRow): TicketRow;
}

export interface ActionParts extends ChangeParts {
  readonly changes: TicketChanges;
  readonly letters: Letters;
  readonly mail: Pick<MailRoom, 'wake' | 'hasRoom'>;
  readonly isAcceptedAtOnce: boolean;
}

/** Steps of the desk that say something. */
const NEEDS_TEXT: ReadonlySet<TicketAction> = new Set(['ask', 'answer', 'give']);
const LETTERS: Readonly<Partial<Record<TicketAction, LetterKind>>> = {
  accept: 'accepted',
  ask: 'asked',
  answer: 'answered',
  close: 'closed',
  reopen: 'reopened',
};
const NUMBER_TRIES_MAX = 10;
const BY_RULE: Actor = { by: 'desk', account: null };

export function createActions(parts: ActionParts): TicketActions {
  const { database, changes, letters, mail } = parts;
  const act = (ticket: TicketRow, step: Step): TicketRow => {
    const row = database.transaction(() => {
      const changed = walk(parts, ticket, step);
      const kind = letterOf(step);
      if (kind !== undefined && step.isQuiet !== true && changed.number !== null) {
        letters.send(changed, kind, step.actor.by === 'desk' ? step.text : undefined);
      }
      return changed;
    });
    // Not now: who called may be within a transaction, whose letters must not leave before it ends.
    queueMicrotask(() => mail.wake());
    return row;
  };
  const tryAccept = (ticket: TicketRow): TicketRow => {
    try {
      return act(ticket, { action: 'accept', actor: BY_RULE });
    } catch (error) {
      if (error instanceof Refusal && error.code === 'BUSY') return ticket;
      throw error;
    }
  };
  return {
    act,
    tryAccept,
    // One commit for both: half of what opening a ticket costs is waiting for the disk.
    open: (draft, text, actor) =>
      database.transaction(() => {
        const ticket = changes.open(draft, firstMessage(draft, text), actor);
        const isAccepted = parts.isAcceptedAtOnce && mail.hasRoom();
        return isAccepted ? act(ticket, { action: 'accept', actor: BY_RULE }) : ticket;
      }),
  };
}

/** What a caller said on the telephone is the user's word, although an operator typed it. */
function firstMessage(draft: NewTicket, text: string) {
  return {
    ...({ author: draft.account, authorKind: 'user', visibility: 'public', text } as const),
    channel: draft.channel as TicketChannel,
  };
}

function walk(parts: ActionParts, ticket: TicketRow, step: Step): TicketRow {
  const { changes, clock } = parts;
  const { action, actor, text } = step;
  const status = next(ticket.status as TicketStatus, action);
  if (status === undefined) throw new Refusal('TICKET_STATE');
  if (text === undefined && NEEDS_TEXT.has(action)) throw new Refusal('TICKET_TEXT_MISSING');
  if (text !== undefined) {
    if (actor.by === 'user') requireRoom(parts, ticket);
    const authorKind = actor.by === 'user' ? 'user' : 'desk';
    const channel = step.channel ?? 'form';
    changes.say(ticket, { author: actor.account, authorKind, visibility: 'public', channel, text });
  }
  const nowUs = clock.nowUs();
  const values: Partial<TicketsTable> = {
    status,
    ...(isAccepting(ticket, step) ? { number: freeNumber(parts), accepted_at_us: nowUs } : {}),
    ...valuesOf(ticket, step, nowUs),
    ...(ticket.status === 'waiting' && status !== 'waiting' ? { waiting_since_us: null } : {}),
    ...(isUnanswered(status) ? { answered_at_us: null } : {}),
  };
  const detail = { from: ticket.status, to: status };
  return changes.change(ticket, values, {
    ...actor,
    kind: eventOf(ticket, action, status),
    detail,
  });
}

/** A view shows all of a ticket, so there is an end to what may be written into one. */
function requireRoom({ database }: ActionParts, { id }: TicketRow): void {
  if (ticketStore(database).messageCount(id) >= TICKET_MESSAGES_MAX) {
    throw new Refusal('TICKET_FULL');
  }
}

/** Whatever the desk does first with a ticket gives it its number; so does a reopening. */
function isAccepting(ticket: TicketRow, { action, actor }: Step): boolean {
  return ticket.number === null && (actor.by === 'desk' || action === 'reopen');
}

function freeNumber({ database, random }: ActionParts): string {
  for (let tries = 0; tries < NUMBER_TRIES_MAX; tries += 1) {
    const number = newNumber(random);
    if (ticketStore(database).byNumber(number) === undefined) return number;
  }
  throw new Error('no free ticket number: the random source repeats itself');
}

/** It is the desk's move again: the answer was not the end. */
function isUnanswered(status: TicketStatus): boolean {
  return status !== 'answered' && status !== 'closed';
}

function eventOf(ticket: TicketRow, action: TicketAction, status: TicketStatus): string {
  if (action === 'reopen') return 'reopened';
  if (action !== 'give') return status;
  if (ticket.status === 'waiting') return 'given';
  return ticket.status === status ? 'message' : status;
}

function valuesOf(ticket: TicketRow, step: Step, nowUs: number): Partial<TicketsTable> {
  const { by, account } = step.actor;
  const mine = ticket.assignee ?? (by === 'desk' ? account : null);
  const first_response_at_us = ticket.first_response_at_us ?? nowUs;
  switch (step.action) {
    case 'take':
      return { assignee: account };
    case 'analyse':
      return { assignee: mine };
    case 'ask':
      return { assignee: mine, first_response_at_us, waiting_since_us: nowUs };
    case 'answer':
      return { assignee: mine, first_response_at_us, answered_at_us: nowUs };
    case 'close':
      return { closed_at_us: nowUs, closed_by: by };
    case 'reopen':
      return { closed_at_us: null, closed_by: null, reopened: ticket.reopened + 1 };
    default:
      return {};
  }
}

/** Nobody is told of what they did themselves, except of a closing: it can be undone. */
function letterOf({ action, actor, text }: Step): LetterKind | undefined {
  if (action === 'give') return undefined;
  const kind = LETTERS[action];
  if (kind !== undefined) return kind;
  return text !== undefined && actor.by === 'desk' ? 'message' : undefined;
}

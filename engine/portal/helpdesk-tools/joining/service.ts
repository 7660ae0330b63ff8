/**
 * Joining and splitting tickets: messages move with their attachments, each ticket says where they
 * went, and who asked is told. Only tickets of one owner are joined (`owners.ts`).
 *
 *   merge    source ──messages──► target     source: merged, `mergedInto` says where it goes on
 *   unmerge  source ◄──the same── target     while source is merged and target was not merged on
 *   split    source ──some──────► new        a number of its own; at least one message stays
 */
import type { DeskMerge, DeskSplit, DeskVersion } from '#protocol/desk-api.ts';
import type { TicketStatus } from '#protocol/helpdesk-api.ts';
import type { Database, TicketRow } from '../../../store/database/index.ts';
import type { Audit } from '../../control-room/audit.ts';
import type { Actor } from '../../helpdesk/change.ts';
import { isErased } from '../../helpdesk/erasure.ts';
import { next } from '../../helpdesk/flow.ts';
import { ticketStore } from '../../helpdesk/store.ts';
import { tidySubject } from '../../helpdesk/text.ts';
import { Refusal } from '../../http/refusal.ts';
import type { DeskCore } from '../core.ts';
import { isSameOwner } from './owners.ts';
import { messageIds, moveMessages } from './store.ts';
import { mergedWords, splitWords, unmergedWords } from './words.ts';

/** Of both tickets together: what undoes a merge is in one event. */
const MESSAGES_MAX = 2_000;

export interface Joining {
  /** The target. Refuses TICKET_CHANGED, TICKET_STATE, TICKETS_OF_OTHERS, TICKET_TOO_LONG. */
  merge(by: string, id: string, wish: DeskMerge): TicketRow;
  /** The ticket that is its own again. Refuses TICKET_CHANGED, TICKET_STATE. */
  unmerge(by: string, id: string, wish: DeskVersion): TicketRow;
  /** The new ticket. Refuses TICKET_CHANGED, TICKET_STATE, SPLIT_MESSAGES. */
  split(by: string, id: string, wish: DeskSplit): TicketRow;
}

interface Parts {
  readonly database: Database;
  readonly audit: Audit;
  readonly core: DeskCore;
}

interface Pair {
  readonly source: TicketRow;
  readonly target: TicketRow;
  readonly actor: Actor;
}

interface Split {
  readonly source: TicketRow;
  readonly wish: DeskSplit;
  readonly actor: Actor;
}

/** The detail of the event `merged`. */
interface MergeDetail {
  readonly from: TicketStatus;
  readonly to: 'merged';
  readonly into: string;
  readonly messages: readonly string[];
}

export function createJoining({ database, audit, core }: Parts): Joining {
  const ticketOf = (id: string, version?: number) => {
    const row = ticketStore(database).byId(id);
    if (row === undefined) throw new Refusal('NOT_FOUND');
    if (version !== undefined && version !== row.version) throw new Refusal('TICKET_CHANGED');
    return row;
  };
  return {
    merge: (by, id, { version, into }) =>
      database.transaction(() => {
        const [source, target] = [ticketOf(id, version), ticketOf(into)];
        if (id === into || target.side === 'over') throw new Refusal('TICKET_STATE');
        if (!isSameOwner(source, target)) throw new Refusal('TICKETS_OF_OTHERS');
        audit({ account: by, action: 'ticket.merge', subject: id, detail: { into } });
        return mergeInto({ source, target, actor: { by: 'desk', account: by } });
      }),
    unmerge: (by, id, { version }) =>
      database.transaction(() => {
        const source = ticketOf(id, version);
        if (source.merged_into === null || isErased(source)) throw new Refusal('TICKET_STATE');
        const target = ticketOf(source.merged_into);
        if (target.status === 'merged') throw new Refusal('TICKET_STATE');
        audit({ account: by, action: 'ticket.unmerge', subject: id });
        return takeApart({ source, target, actor: { by: 'desk', account: by } });
      }),
    split: (by, id, wish) =>
      database.transaction(() => {
        const source = ticketOf(id, wish.version);
        if (source.status === 'merged') throw new Refusal('TICKET_STATE');
        const own = messageIds(database, id);
        const wanted = [...new Set(wish.messages)];
        const isTheirs = wanted.every((message) => own.includes(message));
        if (!isTheirs || wanted.length >= own.length) throw new Refusal('SPLIT_MESSAGES');
        const { messages } = wish;
        audit({ account: by, action: 'ticket.split', subject: id, detail: { messages } });
        return splitOff({ source, wish, actor: { by: 'desk', account: by } });
      }),
  };

  function say(ticket: TicketRow, text: string, actor: Actor): void {
    core.changes.say(ticket, {
      ...{
        author: actor.account,
        authorKind: 'system',
        visibility: 'public',
        channel: 'form',
        text,
      },
    });
  }

  function mergeInto({ source, target, actor }: Pair): TicketRow {
    const status = next(source.status as TicketStatus, 'merge');
    if (status === undefined) throw new Refusal('TICKET_STATE');
    const messages = messageIds(database, source.id);
    const count = messages.length + messageIds(database, target.id).length;
    if (count > MESSAGES_MAX) throw new Refusal('TICKET_TOO_LONG');
    moveMessages(database, { messages, from: source.id, to: target.id });
    const detail = { from: source.status, to: status, into: target.id, messages };
    core.changes.change(
      source,
      { status, merged_into: target.id },
      { ...actor, kind: status, detail },
    );
    const text = mergedWords(source, target);
    say(target, text, actor);
    const joined = { ...actor, kind: 'joined', detail: { ticket: source.id } };
    const changed = core.changes.change(target, {}, joined);
    core.letters.send(changed, 'message', text);
    return changed;
  }

  function takeApart({ source, target, actor }: Pair): TicketRow {
    const { from: status, messages } = mergeOf(database, source.id);
    moveMessages(database, { messages, from: target.id, to: source.id });
    const detail = { from: 'merged', to: status, outOf: target.id };
    const back = { status, merged_into: null };
    const own = core.changes.change(source, back, { ...actor, kind: 'unmerged', detail });
    const parted = { ...actor, kind: 'parted', detail: { ticket: source.id } };
    core.changes.change(target, {}, parted);
    const text = unmergedWords(source, target);
    say(own, text, actor);
    core.letters.send(own, 'message', text);
    return own;
  }

  function splitOff({ source, wish, actor }: Split): TicketRow {
    const { account, organisation, office, channel, language, application } = source;
    const contact = {
      contact_name: source.contact_name,
      contact_email: source.contact_email,
      contact_phone: source.contact_phone,
    };
    const made = core.changes.open(
      {
        ...{ account, organisation, office, channel, language, application, ...contact },
        ...{ kind: wish.kind, subject: tidySubject(wish.subject) },
      },
      {
        ...({ author: actor.account, authorKind: 'system', visibility: 'public' } as const),
        ...({ channel: 'form', text: splitWords(source) } as const),
      },
      actor,
    );
    moveMessages(database, { messages: wish.messages, from: source.id, to: made.id });
    const told = { ticket: made.id, messages: wish.messages };
    core.changes.change(source, {}, { ...actor, kind: 'split', detail: told });
    const parted = { ...actor, kind: 'split-from', detail: { ticket: source.id } };
    return core.actions.act(core.changes.change(made, {}, parted), { action: 'accept', actor });
  }
}

/** The newest merge among a ticket's events. */
function mergeOf({ build, first }: Database, ticket: string): MergeDetail {
  const merged = build
    .selectFrom('ticket_events')
    .select('detail_json')
    .where('ticket', '=', ticket)
    .where('kind', '=', 'merged');
  const row = first(merged.orderBy('id', 'desc').limit(1));
  if (row === undefined) throw new Refusal('TICKET_STATE');
  return JSON.parse(row.detail_json) as MergeDetail;
}

/**
 * Telling of an incident: first who follows it, then every open ticket that was put to it. A ticket
 * gets the words as a message of the desk; when the incident is over, as its answer. Who follows it
 * and has such a ticket hears of it once, by the ticket.
 */
import type { Database, TicketRow } from '../../../store/database/index.ts';
import { letterIn } from '../../accounts/letter.ts';
import { accountStore, isActive } from '../../accounts/store.ts';
import { ticketStore } from '../../helpdesk/store.ts';
import { Refusal } from '../../http/refusal.ts';
import { accepted, openTicketsOf } from '../bulk/job.ts';
import type { DeskCore } from '../core.ts';
import type { JobKind, Piece } from '../jobs/runner.ts';
import type { JobRow } from '../jobs/store.ts';
import type { JobParts } from '../parts.ts';
import type { IncidentNews } from './service.ts';

interface Item extends Piece {
  readonly account?: string;
  readonly ticket?: string;
}

interface Parts extends Pick<JobParts, 'database' | 'mail'> {
  readonly publicUrl: () => string;
  readonly core: DeskCore;
}

const RETRY_MS = 5000;
const FOLLOWERS = 'f';
const TICKETS = 't';

/** The cursor is `f` and the follower told last, then `t` and the ticket. */
export function incidentJob(parts: Parts): JobKind<Item> {
  const { database } = parts;
  return {
    items: (job, limit) => {
      const { incident } = newsOf(job);
      const [phase, after = ''] = job.cursor === '' ? [FOLLOWERS] : job.cursor.split(' ');
      if (phase === FOLLOWERS) {
        const followers = followersOf(database, { incident, after, limit });
        if (followers.length > 0) return followers;
      }
      const from = phase === TICKETS ? after : '';
      const tickets = openTicketsOf(database, { incident, after: from, limit });
      return tickets.map(({ key }) => ({ key: `${TICKETS} ${key}`, ticket: key }));
    },
    perform: (job, { account, ticket }) => {
      if (account !== undefined) return tellFollower(parts, newsOf(job), account);
      const row = ticket === undefined ? undefined : ticketStore(database).byId(ticket);
      if (row === undefined || row.side === 'over') return false;
      tellTicket(parts.core, row, job);
      return true;
    },
  };
}

const newsOf = (job: JobRow) => JSON.parse(job.detail_json) as IncidentNews;

function followersOf(
  { build, all }: Database,
  { incident, after, limit }: { incident: string; after: string; limit: number },
): Item[] {
  const followers = build
    .selectFrom('incident_followers')
    .select('account')
    .where('incident', '=', incident)
    .where('account', '>', after);
  const rows = all(followers.orderBy('account').limit(limit));
  return rows.map(({ account }) => ({ key: `${FOLLOWERS} ${account}`, account }));
}

/** Refuses BUSY when the outbox is full. */
function tellFollower({ database, mail, publicUrl }: Parts, news: IncidentNews, id: string) {
  const account = accountStore(database).byId(id);
  if (account === undefined || !isActive(account)) return false;
  if (hasOpenTicket(database, id, news.incident)) return false;
  const { title, message, isResolved } = news;
  const link = `${publicUrl()}/help`;
  const letter = letterIn(account, {
    it: [
      `${isResolved ? 'Problema risolto' : 'Aggiornamento'}: ${title.it}`,
      isResolved
        ? 'il problema che segui è stato risolto:'
        : 'ci sono novità sul problema che segui:',
      message.it,
      `L’assistenza si trova qui:\n   ${link}`,
    ],
    en: [
      `${isResolved ? 'Problem solved' : 'Update'}: ${title.en}`,
      isResolved
        ? 'the problem you follow has been solved:'
        : 'there is news of the problem you follow:',
      message.en,
      `The help desk is here:\n   ${link}`,
    ],
  });
  if (mail.enqueue(letter) === null) throw new Refusal('BUSY', { retryAfterMs: RETRY_MS });
  return true;
}

function hasOpenTicket({ build, first }: Database, account: string, incident: string): boolean {
  const open = build
    .selectFrom('tickets')
    .select('id')
    .where('account', '=', account)
    .where('incident', '=', incident)
    .where('side', 'in', ['desk', 'user']);
  return first(open.limit(1)) !== undefined;
}

function tellTicket(core: DeskCore, ticket: TicketRow, job: JobRow): void {
  const { message, isResolved, incident } = newsOf(job);
  const actor = { by: 'desk', account: job.account } as const;
  const text = ticket.language === 'en' ? message.en : message.it;
  const numbered = accepted(core, ticket, actor);
  if (isResolved) {
    core.actions.act(numbered, { action: 'answer', actor, text });
    return;
  }
  core.changes.say(numbered, {
    ...{ author: job.account, authorKind: 'desk', visibility: 'public', channel: 'form', text },
  });
  const told = { ...actor, kind: 'message', detail: { incident } };
  core.letters.send(core.changes.change(numbered, {}, told), 'message', text);
}

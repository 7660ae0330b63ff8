/**
 * How a bulk action is done, ticket by ticket, through the core's own actions: each has its event,
 * its letter, its version. What is closed or merged by now is skipped.
 */
import type { Database, TicketRow } from '../../../store/database/index.ts';
import type { Actor } from '../../helpdesk/change.ts';
import { ticketStore } from '../../helpdesk/store.ts';
import type { DeskCore } from '../core.ts';
import type { JobKind, Piece } from '../jobs/runner.ts';
import type { JobRow } from '../jobs/store.ts';
import type { BulkDetail } from './service.ts';

export function bulkJob(database: Database, core: DeskCore): JobKind {
  return {
    items: (job, limit) => {
      const { tickets, incident } = detailOf(job);
      if (tickets === null) return openTicketsOf(database, { incident, after: job.cursor, limit });
      const rest = tickets.filter((id) => id > job.cursor);
      return rest.slice(0, limit).map((key) => ({ key }));
    },
    perform: (job, { key }) => {
      const ticket = ticketStore(database).byId(key);
      if (ticket === undefined || ticket.side === 'over') return false;
      return performOn(core, ticket, { actor: { by: 'desk', account: job.account }, job });
    },
  };
}

const detailOf = (job: JobRow) => JSON.parse(job.detail_json) as BulkDetail;

function performOn(
  core: DeskCore,
  ticket: TicketRow,
  { actor, job }: { actor: Actor; job: JobRow },
): boolean {
  const { action, assignee, ...detail } = detailOf(job);
  const text = detail.texts?.[ticket.language === 'en' ? 'en' : 'it'] ?? detail.text ?? undefined;
  if (action === 'answer') {
    core.actions.act(accepted(core, ticket, actor), { action, actor, text });
    return true;
  }
  if (action === 'close') {
    core.actions.act(ticket, { action, actor, text });
    return true;
  }
  if (ticket.assignee === assignee) return false;
  const kind = ticket.assignee === null ? 'assigned' : 'handed-over';
  const change = { assignee: { from: ticket.assignee, to: assignee } };
  core.changes.change(ticket, { assignee }, { ...actor, kind, detail: change });
  return true;
}

/** With its number: nothing is answered before. Of that one letter is enough. */
export function accepted(core: DeskCore, ticket: TicketRow, actor: Actor): TicketRow {
  if (ticket.status !== 'received') return ticket;
  return core.actions.act(ticket, { action: 'accept', actor, isQuiet: true });
}

/**
 * Open tickets of an incident by their ids, whichever side they are on. The first of both sides are
 * among the first of each: so it costs the same whether few are left or fifty thousand.
 */
export function openTicketsOf(
  { build, all }: Database,
  { incident, after, limit }: { incident: string | null; after: string; limit: number },
): Piece[] {
  const first = (side: 'desk' | 'user') => {
    const open = build
      .selectFrom('tickets')
      .select('id as key')
      .where('incident', '=', incident)
      .where('side', '=', side)
      .where('id', '>', after);
    return all(open.orderBy('id').limit(limit));
  };
  const both = [...first('desk'), ...first('user')];
  return both.sort((one, other) => (one.key < other.key ? -1 : 1)).slice(0, limit);
}

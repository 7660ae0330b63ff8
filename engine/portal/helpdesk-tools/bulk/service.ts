/**
 * One action on many tickets: those that are named, or all open ones of an incident. It is written
 * down as a job and runs on in the background; a page asks how far it is.
 */
import { BULK_MAX, type DeskBulk, type DeskBulkState } from '#protocol/desk-api.ts';
import type { Texts } from '#protocol/portal-api.ts';
import { requireOperator } from '../../helpdesk/desk-service.ts';
import { tidyText } from '../../helpdesk/text.ts';
import { fieldProblem, Refusal } from '../../http/refusal.ts';
import { type JobStore, jobStore, stateOf } from '../jobs/store.ts';
import type { ToolParts } from '../parts.ts';

/** A job's `detail`: what is done with each ticket. */
export interface BulkDetail {
  readonly action: DeskBulk['action'];
  readonly text: string | null;
  /** Instead of `text`; absent in what was begun before there were any. */
  readonly texts?: Texts | null;
  readonly assignee: string | null;
  /** Null: the open ones of `incident`. */
  readonly tickets: readonly string[] | null;
  readonly incident: string | null;
}

export interface Bulk {
  /** Begins it. Refuses REQUEST_INVALID, NOT_FOUND, TICKET_ASSIGNEE_UNKNOWN, BUSY. */
  begin(by: string, wish: DeskBulk): DeskBulkState;
  state(id: string): DeskBulkState;
}

const RETRY_MS = 10_000;

interface Parts extends ToolParts {
  readonly incidents: { exists(id: string): boolean };
}

export function createBulk(parts: Parts): Bulk {
  const { database, clock, random, audit } = parts;
  const store = jobStore(database);
  return {
    begin: (by, wish) =>
      database.transaction(() => {
        const detail = detailOf(parts, wish);
        const id = random.id();
        const total = totalOf(parts, detail);
        const job = { id, kind: 'bulk', account: by, detail, total, nowUs: clock.nowUs() } as const;
        if (!store.insert(job)) throw new Refusal('BUSY', { retryAfterMs: RETRY_MS });
        const { text: _text, texts: _texts, ...rest } = detail;
        audit({ account: by, action: 'tickets.bulk', subject: id, detail: { ...rest, total } });
        return stateOf(known(store, id));
      }),
    state: (id) => stateOf(known(store, id)),
  };
}

function known(store: JobStore, id: string) {
  const job = store.byId(id);
  if (job === undefined || job.kind !== 'bulk') throw new Refusal('NOT_FOUND');
  return job;
}

function detailOf({ database, incidents }: Parts, wish: DeskBulk): BulkDetail {
  const { action, tickets, incident, assignee } = wish;
  const isOne = (tickets === undefined) !== (incident === undefined);
  const text = wish.text === undefined ? null : tidyText(wish.text);
  const texts = wish.texts === undefined ? null : tidyTexts(wish.texts);
  const told = [text, texts].filter((words) => words !== null).length;
  const missing = [
    ...(isOne ? [] : ['tickets']),
    ...(told > 1 || (action === 'answer' && told === 0) ? ['text'] : []),
    ...(action === 'assign' && assignee === undefined ? ['assignee'] : []),
  ];
  if (missing.length > 0) {
    const errors = missing.map((field) => fieldProblem(field, 'BULK_INCOMPLETE'));
    throw new Refusal('REQUEST_INVALID', { errors });
  }
  if (incident !== undefined && !incidents.exists(incident)) throw new Refusal('NOT_FOUND');
  if (assignee !== undefined) requireOperator(database, assignee);
  const named = tickets === undefined ? null : [...new Set(tickets)].sort();
  return {
    ...{ action, text, texts, tickets: named, incident: incident ?? null },
    assignee: action === 'assign' ? (assignee ?? null) : null,
  };
}

const tidyTexts = ({ it, en }: Texts): Texts => ({ it: tidyText(it), en: tidyText(en) });

function totalOf({ database }: Parts, { tickets, incident }: BulkDetail): number {
  if (tickets !== null) return Math.min(tickets.length, BULK_MAX);
  const open = database.build
    .selectFrom('tickets')
    .where('incident', '=', incident)
    .where('side', 'in', ['desk', 'user']);
  return Number(database.first(open.select((e) => e.fn.countAll().as('n')))?.n ?? 0);
}

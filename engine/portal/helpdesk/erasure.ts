/**
 * What is left of tickets whose words may stay no longer: nothing but a number with its kind and
 * its times, which counts in statistics and tells of nobody. Messages, files, subject, name,
 * address, letters and the details of events go.
 *
 *   a private person's     with its account
 *   an organisation's      stays theirs, as an office's does; without the name of who wrote
 *   nobody's               so many days after its end (`retention.ts`), or when they ask for it
 *
 * Some at a time; asked again until nothing is left.
 */
import type { Random } from '../../foundation/random.ts';
import { type Database, sql, type TicketRow } from '../../store/database/index.ts';
import type { Actor } from './change.ts';

const TICKETS_A_STEP = 20;

export interface ErasureParts {
  readonly database: Database;
  readonly random: Random;
}

/** True when there is more to do. Joins an open transaction. */
export function eraseTickets(parts: ErasureParts, account: string, nowUs: number): boolean {
  const { build, all, run } = parts.database;
  const theirs = build
    .selectFrom('tickets')
    .select(['id', 'organisation', 'office'])
    .where('account', '=', account)
    .orderBy('id')
    .limit(TICKETS_A_STEP);
  const found = all(theirs);
  const isPrivate = (row: (typeof found)[number]) =>
    row.organisation === null && row.office === null;
  const [own, others] = [found.filter(isPrivate), found.filter((row) => !isPrivate(row))];
  if (others.length > 0) {
    const ids = others.map(({ id }) => id);
    const nameless = { account: null, contact_name: '' };
    run(build.updateTable('tickets').set(nameless).where('id', 'in', ids));
  }
  const ids = own.map(({ id }) => id);
  eraseWords(parts, ids, { nowUs, actor: { by: 'time', account: null } });
  return found.length === TICKETS_A_STEP;
}

/** Leaves these tickets without words, and closed. Joins an open transaction. */
export function eraseWords(
  { database, random }: ErasureParts,
  ids: readonly string[],
  { nowUs, actor }: { readonly nowUs: number; readonly actor: Actor },
): void {
  const { build, run } = database;
  if (ids.length === 0) return;
  run(build.deleteFrom('ticket_messages').where('ticket', 'in', ids));
  run(
    build
      .updateTable('ticket_attachments')
      .set({ removed_at_us: nowUs, account: null, name: '' })
      .where('ticket', 'in', ids),
  );
  for (const table of ['incoming_mails', 'ticket_tags', 'ticket_mentions'] as const) {
    run(build.deleteFrom(table).where('ticket', 'in', ids));
  }
  run(build.updateTable('ticket_events').set({ detail_json: '{}' }).where('ticket', 'in', ids));
  run(
    build
      .updateTable('tickets')
      .set({
        ...{ account: null, contact_name: '', contact_email: null, contact_phone: null },
        ...{ subject: '', application: null, updated_at_us: nowUs, waiting_since_us: null },
        postponed_until_us: null,
        status: sql`CASE status WHEN 'merged' THEN 'merged' ELSE 'closed' END`,
        version: sql`version + 1`,
        closed_at_us: sql`coalesce(closed_at_us, ${nowUs})`,
        closed_by: sql`coalesce(closed_by, 'time')`,
      })
      .where('id', 'in', ids),
  );
  const erased = { at_us: nowUs, ...actor, kind: 'erased', detail_json: '{}' };
  const events = ids.map((ticket) => ({ id: random.id(), ticket, ...erased }));
  run(build.insertInto('ticket_events').values(events));
}

/** Whether it has lost its words. It takes no new ones: they would stay. */
export function isErased({ subject }: Pick<TicketRow, 'subject'>): boolean {
  return subject === '';
}

/** How many private ones the account has. */
export function privateTicketCount({ build, first }: Database, account: string): number {
  const found = first(
    build
      .selectFrom('tickets')
      .select((e) => e.fn.countAll<number>().as('count'))
      .where('account', '=', account)
      .where('organisation', 'is', null)
      .where('office', 'is', null),
  );
  return found?.count ?? 0;
}

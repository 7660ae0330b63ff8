/**
 * What becomes of tickets when an account is erased. A private person's lose every word: messages,
 * files, subject, name, address. What stays is a number with its kind and its times, which counts
 * in statistics and tells of nobody. An organisation's or office's stay theirs, without the name.
 *
 * Some at a time; asked again until nothing is left.
 */
import type { Random } from '../../foundation/random.ts';
import { type Database, sql } from '../../store/database/index.ts';

const TICKETS_A_STEP = 20;

/** True when there is more to do. Joins an open transaction. */
export function eraseTickets(
  { database, random }: { readonly database: Database; readonly random: Random },
  account: string,
  nowUs: number,
): boolean {
  const { build, all, run } = database;
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
  const change = (rows: typeof found) => {
    const ids = rows.map(({ id }) => id);
    return build.updateTable('tickets').where('id', 'in', ids);
  };
  if (others.length > 0) run(change(others).set({ account: null, contact_name: '' }));
  if (own.length === 0) return found.length === TICKETS_A_STEP;
  const ids = own.map(({ id }) => id);
  run(build.deleteFrom('ticket_messages').where('ticket', 'in', ids));
  run(
    build
      .updateTable('ticket_attachments')
      .set({ removed_at_us: nowUs, account: null, name: '' })
      .where('ticket', 'in', ids),
  );
  run(build.updateTable('ticket_events').set({ detail_json: '{}' }).where('ticket', 'in', ids));
  run(
    change(own).set({
      ...{ account: null, contact_name: '', contact_email: null, contact_phone: null },
      ...{ subject: '', application: null, updated_at_us: nowUs, waiting_since_us: null },
      status: sql`CASE status WHEN 'merged' THEN 'merged' ELSE 'closed' END`,
      version: sql`version + 1`,
      closed_at_us: sql`coalesce(closed_at_us, ${nowUs})`,
      closed_by: sql`coalesce(closed_by, 'time')`,
    }),
  );
  const erased = { at_us: nowUs, account: null, by: 'time', kind: 'erased', detail_json: '{}' };
  const events = ids.map((ticket) => ({ id: random.id(), ticket, ...erased }));
  run(build.insertInto('ticket_events').values(events));
  return found.length === TICKETS_A_STEP;
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

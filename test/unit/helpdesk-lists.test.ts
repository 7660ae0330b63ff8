/**
 * The operators' lists over many tickets: whatever the filters, paging through gives what a plain
 * look at every ticket gives, in its order, each once; and nobody else waits for it.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { seededRandom } from '#engine/foundation/random.ts';
import { deskPage } from '#engine/portal/helpdesk/desk-list.ts';
import { queuesOf } from '#engine/portal/helpdesk/queues.ts';
import { type Database, openDatabase, type TicketRow } from '#engine/store/database/index.ts';
import type { DeskQuery } from '#protocol/desk-api.ts';

const COUNT = 3_000;
/** Small, so that a list goes through many windows and stops early. */
const walk = { window: 150, windowCovered: 200, max: 700 };
const NOW_US = 5_000_000;
const ME = 'operator-1';

let root: string;
let database: Database;
let tickets: TicketRow[];
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'clickday-lists-'));
  database = openDatabase(join(root, 'portal.sqlite'));
  const random = seededRandom('lists', { nowUs: () => 0 });
  const one = <Value>(values: readonly Value[]) => values[random.integer(values.length)] as Value;
  /** First by when they are due, alone in their language, and one of them postponed. */
  const pair = [null, NOW_US].map((until) => {
    const due = { solution_due_us: 0, postponed_until_us: until };
    return { ...due, language: 'de', status: 'accepted' };
  });
  const { build, run, all } = database;
  database.transaction(() => {
    const names = ['given_name', 'family_name', 'email'].map((name) => [name, '']);
    for (const id of [ME, 'operator-2', 'account-1']) {
      const row = { ...Object.fromEntries(names), id, email: id, role: 'operator' } as const;
      const rest = { language: 'it', must_change_password: 0, created_at_us: 0 };
      run(build.insertInto('accounts').values({ ...row, ...rest } as never));
    }
    for (let at = 0; at < COUNT; at += 1) {
      const status = one(['received', 'accepted', 'accepted', 'analysis', 'waiting', 'closed']);
      const isOpen = status !== 'waiting' && status !== 'closed';
      const row = {
        ...{ id: random.id(), version: 1, contact_name: '', subject: '', created_at_us: at },
        ...{ updated_at_us: at, reopened: 0, channel: at % 1000 === 7 ? 'mail' : 'form' },
        ...{ kind: one(['technical', 'functional', 'legal']), language: one(['it', 'it', 'en']) },
        ...{
          status,
          team: one(['team-1', 'team-2', null]),
          assignee: one([ME, 'operator-2', null, null]),
        },
        ...{ is_escalated: at % 100 === 3 ? 1 : 0, incident: at % 3 === 0 ? 'incident-1' : null },
        ...{ account: at % 20 === 0 ? 'account-1' : null, office: null, organisation: null },
        solution_due_us: random.integer(10_000_000),
        postponed_until_us: isOpen && random.integer(8) === 0 ? NOW_US + at : null,
        ...pair[at],
      };
      run(build.insertInto('tickets').values(row as never));
      if (at % 5 === 0)
        run(build.insertInto('ticket_tags').values({ tag: 'rome', ticket: row.id }));
      if (at % 50 === 1) {
        const mention = { account: ME, ticket: row.id, at_us: at };
        run(build.insertInto('ticket_mentions').values(mention));
      }
    }
  });
  tickets = all(build.selectFrom('tickets').selectAll().orderBy('id'));
});
afterAll(() => {
  database.close();
  rmSync(root, { recursive: true });
});

const isShown = (row: TicketRow) => row.postponed_until_us === null;
const isTagged = ({ created_at_us: at }: TicketRow) => at % 5 === 0;
const QUEUES: Readonly<Record<string, (row: TicketRow) => boolean>> = {
  mine: (row) => row.assignee === ME && row.side !== 'over' && isShown(row),
  unassigned: (row) => row.assignee === null && row.side === 'desk' && isShown(row),
  open: (row) => row.side === 'desk' && isShown(row),
  waiting: (row) => row.side === 'user',
  breached: (row) => row.side === 'desk' && row.due_us < NOW_US,
  closed: (row) => row.side === 'over',
  all: () => true,
  postponed: (row) => row.side === 'desk' && !isShown(row),
  mentioned: ({ created_at_us: at }) => at % 50 === 1,
};

function plain({ queue = 'open', sort = 'oldest', limit: _limit, ...filters }: DeskQuery) {
  const { escalated, tag, ...equal } = filters;
  const fits = (row: TicketRow) =>
    QUEUES[queue]?.(row) === true &&
    (tag === undefined || isTagged(row)) &&
    (escalated === undefined || row.is_escalated === (escalated === 'true' ? 1 : 0)) &&
    Object.entries(equal).every(([name, value]) => row[name as keyof TicketRow] === value);
  const found = tickets.filter(fits);
  const isByDue = sort === 'due' || queue === 'breached';
  if (isByDue) found.sort((one, other) => one.due_us - other.due_us);
  else if (sort === 'newest') found.reverse();
  return found.map(({ id }) => id);
}

async function paged(query: DeskQuery): Promise<{ ids: string[]; pauses: number }> {
  const ids: string[] = [];
  let pauses = 0;
  const pause = async () => {
    pauses += 1;
  };
  let cursor: string | undefined;
  do {
    const wish = { query: { ...query, cursor }, caller: ME, nowUs: NOW_US, pause, walk };
    const page = await deskPage(database, wish as never);
    ids.push(...page.rows.map(({ id }) => id));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return { ids, pauses };
}

const FILTERS: readonly DeskQuery[] = [
  {},
  { kind: 'legal' },
  { channel: 'mail' },
  { language: 'fr', channel: 'form' },
  { escalated: 'true' },
  { status: 'analysis', language: 'en' },
  { team: 'team-1', kind: 'legal', language: 'en', escalated: 'true' },
  { assignee: 'operator-2', channel: 'mail' },
  { incident: 'incident-1', escalated: 'true' },
  { account: 'account-1', kind: 'legal' },
  { tag: 'rome', kind: 'legal' },
];

it('takes a status of any queue when none is named', async () => {
  const { ids } = await paged({ status: 'waiting', limit: '100' });
  expect(ids).toEqual(plain({ queue: 'waiting' }));
});

it.each(FILTERS)('pages through what a plain look gives: %o', async (filters) => {
  for (const queue of Object.keys(QUEUES) as (keyof typeof QUEUES & DeskQuery['queue'])[]) {
    for (const sort of ['oldest', 'newest', 'due'] as const) {
      const query: DeskQuery = { ...filters, queue, sort };
      const { ids } = await paged({ ...query, limit: '100' });
      expect([queue, sort, ids]).toEqual([queue, sort, plain(query)]);
    }
  }
});

it('lets others have their turn while it looks for few of many', async () => {
  const { ids, pauses } = await paged({ queue: 'open', sort: 'due', channel: 'mail' });
  expect(ids.length).toBeLessThan(5);
  expect(pauses).toBeGreaterThan(0);
});

it('looks no further than the last that is not postponed', async () => {
  const { ids, pauses } = await paged({ queue: 'open', sort: 'due', language: 'de' });
  expect(ids).toHaveLength(1);
  expect(pauses).toBe(0);
});

const COUNTED = ['mine', 'unassigned', 'open', 'waiting', 'breached'] as const;

it('counts its queues as a plain look does', () => {
  const queues = queuesOf(database, ME, NOW_US);
  for (const name of [...COUNTED, 'postponed', 'mentioned'] as const) {
    expect([name, queues[name]]).toEqual([name, tickets.filter(QUEUES[name] as never).length]);
  }
  const open = tickets.filter((row) => row.side === 'desk' && isShown(row));
  expect(queues.byTeam).toEqual({
    'team-1': open.filter(({ team }) => team === 'team-1').length,
    'team-2': open.filter(({ team }) => team === 'team-2').length,
  });
});

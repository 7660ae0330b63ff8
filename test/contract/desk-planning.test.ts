/** What the desk plans for its tickets: postponing to a day, tags, mentions of colleagues. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eraseWords } from '#engine/portal/helpdesk/erasure.ts';
import type { DeskQueues, DeskTicket, DeskTicketList } from '#protocol/desk-api.ts';
import type { TicketView } from '#protocol/helpdesk-api.ts';
import { isoFromUs } from '#protocol/time.ts';
import { operatorOf } from '#test/contract/organisation-world.ts';
import {
  applicant,
  type Caller,
  HOUR_US,
  openWorld,
  type World,
} from '#test/contract/portal-world.ts';

const DAY_US = 24 * HOUR_US;
let world: World;
let user: Caller;
let operator: Caller;
let colleague: Caller;
beforeAll(async () => {
  const limits = { cookieSessionMs: 90 * 24 * 3_600_000 };
  world = await openWorld({ helpdesk: { ticketsAnHour: 100 }, limits });
  user = await applicant(world, 'maria@example.it');
  operator = await operatorOf(world);
  colleague = await world.administrator();
});
afterAll(() => world.close());

const DRAFT = { kind: 'technical', subject: 'La pagina resta bianca', text: 'Aiuto.' };
const opened = async () =>
  (await user.call<TicketView>('POST', '/api/tickets', DRAFT)).body as TicketView;
const seen = async (id: string) =>
  (await operator.call<DeskTicket>('GET', `/api/desk/tickets/${id}`)).body;

async function change(id: string, wish: object) {
  const { version } = await seen(id);
  const body = { version, ...wish };
  return operator.call<DeskTicket & { code: string }>('PATCH', `/api/desk/tickets/${id}`, body);
}

async function listed(query: string, caller = operator): Promise<string[]> {
  const path = `/api/desk/tickets?limit=100&${query}`;
  return (await caller.call<DeskTicketList>('GET', path)).body.tickets.map(({ id }) => id);
}

const auditedOf = (subject: string) => {
  const lines = world.database.build.selectFrom('audit').selectAll().orderBy('id');
  return world.database.all(lines.where('subject', '=', subject)).map(({ action }) => action);
};
const counts = async (caller = operator) =>
  (await caller.call<DeskQueues>('GET', '/api/desk/queues')).body;
const kinds = ({ events }: DeskTicket) => events.map(({ kind }) => kind);
const dayIn = (days: number) => isoFromUs(world.clock.nowUs() + days * DAY_US).slice(0, 10);

describe('postponing', () => {
  it('takes a ticket out of the queues, and its day brings it back by itself', async () => {
    const { id } = await opened();
    const { open } = await counts();
    const { status, body } = await change(id, { postponedTo: dayIn(3) });
    expect([status, body.postponedUntil?.slice(0, 10)]).toEqual([200, dayIn(2)]);
    expect(await listed('queue=open')).not.toContain(id);
    expect(await listed('queue=unassigned&kind=technical')).not.toContain(id);
    expect(await listed('queue=postponed')).toEqual([id]);
    expect(await counts()).toMatchObject({ open: open - 1, postponed: 1 });
    world.clock.advance(2 * DAY_US);
    world.portal.sweep();
    expect((await seen(id)).postponedUntil).not.toBeNull();
    world.clock.advance(DAY_US);
    world.portal.sweep();
    const back = await seen(id);
    expect([back.postponedUntil, kinds(back).slice(-2)]).toEqual([null, ['postponed', 'returned']]);
    expect(await listed('queue=open')).toContain(id);
  });

  it('ends at a word of the user, and when it is taken back', async () => {
    const [written, called] = [await opened(), await opened()];
    for (const { id } of [written, called]) await change(id, { postponedTo: dayIn(30) });
    await user.call('POST', `/api/tickets/${written.id}/messages`, { text: 'È urgente!' });
    await change(called.id, { postponedTo: null });
    expect(await listed('queue=postponed')).toEqual([]);
    expect(await listed('queue=open')).toEqual(expect.arrayContaining([written.id, called.id]));
  });

  it('takes a day from tomorrow on, within a year, of what is the desk’s move', async () => {
    const { id } = await opened();
    for (const day of [dayIn(0), '2026-02-30', dayIn(400)]) {
      expect((await change(id, { postponedTo: day })).body.code).toBe('REQUEST_INVALID');
    }
    await operator.call('POST', `/api/desk/tickets/${id}/answer`, {
      ...{ version: (await seen(id)).version, text: 'Ecco.' },
    });
    expect((await change(id, { postponedTo: dayIn(3) })).body.code).toBe('TICKET_STATE');
  });
});

describe('tags', () => {
  it('are one however they are spelt, filter every queue, and stay at the desk', async () => {
    const [one, other] = [await opened(), await opened()];
    const { body } = await change(one.id, { tags: ['  Nulla   OSTA', 'firma', 'FIRMA'] });
    expect([body.tags, kinds(body).at(-1)]).toEqual([['firma', 'nulla osta'], 'tagged']);
    expect(body.events.at(-1)?.detail).toEqual({ tags: { from: '', to: 'firma, nulla osta' } });
    await change(other.id, { tags: ['firma'] });
    expect(await listed('queue=open&tag=Firma&sort=newest')).toEqual([other.id, one.id]);
    expect(await listed('queue=open&tag=nulla%20osta')).toEqual([one.id]);
    expect(await listed('queue=closed&tag=firma')).toEqual([]);
    const { tags } = (await operator.call<{ tags: string[] }>('GET', '/api/desk/tags')).body;
    expect(tags).toEqual(['firma', 'nulla osta']);
    const own = await user.call('GET', `/api/tickets/${one.id}`);
    expect(JSON.stringify(own.body)).not.toContain('nulla osta');
    await change(one.id, { tags: [] });
    expect(await listed('tag=nulla%20osta')).toEqual([]);
  });

  it('are words: no other signs, not too long, ten at most', async () => {
    const { id } = await opened();
    const many = Array.from({ length: 11 }, (_, at) => `parola ${at}`);
    for (const tags of [['<b>'], ['x'], ['a'.repeat(31)], many]) {
      expect((await change(id, { tags })).body.code).toBe('REQUEST_INVALID');
    }
    expect((await seen(id)).tags).toEqual([]);
  });
});

describe('a mention', () => {
  const idOf = async (caller: Caller) =>
    (await caller.call<{ account: { id: string } }>('GET', '/api/session')).body.account.id;

  it('puts a ticket into a colleague’s queue until they have seen it', async () => {
    const { id } = await opened();
    const note = { text: 'Guarda tu?', mentions: [await idOf(colleague)] };
    const path = `/api/desk/tickets/${id}`;
    const { body } = await operator.call<DeskTicket>('POST', `${path}/notes`, note);
    expect(body.mentions.map((person) => person.id)).toEqual(note.mentions);
    expect([await listed('queue=mentioned', colleague), await listed('queue=mentioned')]).toEqual([
      ...[[id], []],
    ]);
    expect([(await counts(colleague)).mentioned, (await counts()).mentioned]).toEqual([1, 0]);
    await operator.call('POST', `${path}/seen`);
    expect(auditedOf(id).at(-1)).toBe('ticket.read');
    expect(await listed('queue=mentioned', colleague)).toEqual([id]);
    const after = await colleague.call<DeskTicket>('POST', `${path}/seen`);
    expect(after.body.mentions).toEqual([]);
    expect(await listed('queue=mentioned', colleague)).toEqual([]);
    expect(auditedOf(id).at(-1)).toBe('ticket.mention-seen');
  });

  it('is of the desk’s own alone; nobody else is told, and nothing is written', async () => {
    const { id } = await opened();
    const wish = { text: 'Guarda tu?', mentions: [await idOf(user)] };
    const { body } = await operator.call('POST', `/api/desk/tickets/${id}/notes`, wish);
    expect(body.code).toBe('TICKET_ASSIGNEE_UNKNOWN');
    expect((await seen(id)).messages).toHaveLength(1);
  });
});

it('goes with the words of a ticket that is erased', async () => {
  const { database } = world;
  const { id } = await opened();
  await change(id, { tags: ['firma'], postponedTo: dayIn(9) });
  const me = (await colleague.call<{ account: { id: string } }>('GET', '/api/session')).body;
  const note = { text: 'Vedi', mentions: [me.account.id] };
  await operator.call('POST', `/api/desk/tickets/${id}/notes`, note);
  const { random } = world;
  const actor = { by: 'time', account: null } as const;
  eraseWords({ database, random }, [id], { nowUs: world.clock.nowUs(), actor });
  expect(await seen(id)).toMatchObject({ tags: [], mentions: [], postponedUntil: null });
});

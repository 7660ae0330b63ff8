/** Looking up a receipt's entry: what anyone gets to see, and what is said when there is none. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PublishedEntry } from '#protocol/portal-api.ts';
import { openWorld, type World } from '#test/contract/portal-world.ts';

const ENTRY: PublishedEntry = {
  protocol: '2011-01-31/g1/000000123',
  application: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
  clickDay: '2011-01-31',
  digest: 'n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg',
  gate: 'g1',
  model: 'A',
  office: 'RM',
  seq: 123,
  stamp: '2011-01-31T07:00:00.000123Z',
  uncertaintyUs: 250,
  leafHash: 'P9DmuMQDQlbuodF0cTHNj15P_SGrTVMsYJzUhXkQ2nE',
  place: 17,
  duplicateOf: null,
};

let world: World;
beforeAll(async () => {
  world = await openWorld({ limits: { entriesPerMinutePerAddress: 12 } });
  world.entries.set(ENTRY.protocol, ENTRY);
});
afterAll(() => world.close());

const look = (protocol: string) =>
  world.nobody.call<PublishedEntry>('GET', `/api/entries?protocol=${protocol}`);
const refused = (protocol: string) =>
  world.nobody.call('GET', `/api/entries?protocol=${encodeURIComponent(protocol)}`);

describe('an entry of the public log', () => {
  it('is found by its protocol number as the QR code writes it', async () => {
    const { status, body } = await look(ENTRY.protocol);
    expect(status).toBe(200);
    expect(body).toEqual(ENTRY);
  });

  it('is found when a person leaves out the zeros or adds a space', async () => {
    expect((await look('2011-01-31/g1/123')).body.protocol).toBe(ENTRY.protocol);
    expect((await look('%202011-01-31%2Fg1%2F000000123%20')).status).toBe(200);
  });

  it('shows nothing but what is published', async () => {
    const { body } = await look(ENTRY.protocol);
    expect(Object.keys(body).sort()).toEqual(Object.keys(ENTRY).sort());
  });

  it('that does not exist is not found', async () => {
    const answer = await refused('2011-01-31/g1/000000124');
    expect([answer.status, answer.body.code]).toEqual([404, 'NOT_FOUND']);
  });

  it.each(['123', '2011-01-31/g1/0', '2011-01-31/../000000123', ''])(
    '%j is answered with how a protocol number looks',
    async (text) => {
      const answer = await refused(text);
      expect([answer.status, answer.body.code]).toEqual([422, 'PROTOCOL_INVALID']);
      expect(answer.body.detail).toContain('2011-01-31/g1/000000123');
    },
  );

  it('is asked for only so often by one address', async () => {
    const statuses = [];
    for (let times = 0; times < 12; times += 1) statuses.push((await look('x')).status);
    expect(statuses.at(-1)).toBe(429);
  });
});

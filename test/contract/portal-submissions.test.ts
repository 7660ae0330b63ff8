/**
 * What the registrar tells the portal: submitted, receipts, facts; exactly once, all or nothing.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createReceiptFacts,
  type FixtureLine,
  type RegisteredEntry,
} from '#engine/portal/index.ts';
import { digestOf } from '#engine/portal/models/index.ts';
import type { Application, PageAnswer } from '#protocol/portal-api.ts';
import { isoFromUs } from '#protocol/time.ts';
import {
  type Caller,
  HOUR_US,
  openWorld,
  START_US,
  type World,
} from '#test/contract/portal-world.ts';
import { models } from '#test/support/models.ts';

let world: World;
let line: FixtureLine;
let owner: Caller;
beforeAll(async () => {
  world = await openWorld();
  [line] = (await world.fixture({ accounts: 1, applications: 12 })) as [FixtureLine];
  owner = await world.bearer(line.email, line.password);
});
afterAll(() => world.close());

const rowOf = (id: string) => {
  const { build } = world.database;
  return world.database.first(build.selectFrom('applications').selectAll().where('id', '=', id))!;
};
const read = async (id: string) =>
  (await owner.call<Application>('GET', `/api/applications/${id}`)).body;

function entryOf(id: string, place: number, more: Partial<RegisteredEntry> = {}): RegisteredEntry {
  const row = rowOf(id);
  return {
    place,
    duplicateOf: null,
    entry: {
      application: id,
      clickDay: row.click_day ?? '',
      digest: row.digest ?? '',
      gate: 'g1',
      model: row.model,
      office: row.office ?? '',
      seq: place,
      stampUs: START_US + HOUR_US + place,
      uncertaintyUs: 250,
    },
    ...more,
  };
}

describe('applying the register', () => {
  it('marks applications submitted with number, stamp and place', async () => {
    const [id] = line.applications as [string];
    world.portal.submissions.apply([entryOf(id, 1)]);
    const day = rowOf(id).click_day;
    expect(await read(id)).toMatchObject({
      status: 'submitted',
      submission: {
        protocol: `${day}/g1/000000001`,
        stamp: isoFromUs(START_US + HOUR_US + 1),
        uncertaintyUs: 250,
        place: 1,
      },
    });
    expect(world.portal.submissions.lastPlace()).toBe(1);
  });

  it('changes nothing but the cursor for duplicates and unknown applications', () => {
    const [first] = line.applications as [string];
    const before = rowOf(first);
    const stranger = { ...entryOf(first, 3).entry, application: '01ARZ3NDEKTSV4RRFFQ69G5FAV' };
    world.portal.submissions.apply([
      entryOf(first, 2, { duplicateOf: 1 }),
      { place: 3, duplicateOf: null, entry: stranger },
    ]);
    expect(rowOf(first)).toEqual(before);
    expect(world.portal.submissions.lastPlace()).toBe(3);
  });

  it('leaves neither rows nor cursor when it fails halfway', () => {
    const [, second] = line.applications as [string, string];
    const broken = entryOf(second, 5);
    const bad = { ...broken, entry: { ...broken.entry, stampUs: 0.5 } };
    const before = rowOf(second);
    expect(() => world.portal.submissions.apply([entryOf(second, 4), bad])).toThrow();
    expect(rowOf(second)).toEqual(before);
    expect(world.portal.submissions.lastPlace()).toBe(3);
  });

  it('can be repeated without a second effect', () => {
    const [, , third] = line.applications as [string, string, string];
    const entry = entryOf(third, 6);
    world.portal.submissions.apply([entry]);
    const once = rowOf(third);
    world.portal.submissions.apply([entry]);
    expect(rowOf(third)).toEqual(once);
  });

  it('goes back to the version that the passbook named', async () => {
    const id = line.applications[3]!;
    const submitted = entryOf(id, 7);
    await owner.call('DELETE', `/api/applications/${id}/ready`);
    const path = `/api/applications/${id}/pages/2`;
    const { body: page } = await owner.call<PageAnswer>('GET', path);
    const values = { ...page.values, workerName: 'Changed', workerSurname: 'Meanwhile' };
    await owner.call('PUT', path, { values, version: page.version });
    expect((await read(id)).title).toBe('MEANWHILE Changed');
    world.portal.submissions.apply([submitted]);
    expect(rowOf(id).digest).toBe(submitted.entry.digest);
    expect((await owner.call<PageAnswer>('GET', path)).body.values).toEqual(page.values);
    expect(await read(id)).toMatchObject({ status: 'submitted', office: submitted.entry.office });
  });

  it('lets nobody take back what was submitted', async () => {
    const [id] = line.applications as [string];
    const answer = await owner.call('DELETE', `/api/applications/${id}/ready`);
    expect(answer.body.code).toBe('NOT_EDITABLE');
  });
});

describe('receipts', () => {
  it('are noted once, and only for what was submitted', async () => {
    const [first, , , , fifth] = line.applications as [string, string, string, string, string];
    const at = (receiptAtUs: number) =>
      world.portal.submissions.markReceipts([first, fifth], receiptAtUs);
    at(START_US + 2 * HOUR_US);
    at(START_US + 3 * HOUR_US);
    expect(await read(first)).toMatchObject({
      status: 'receipt',
      receiptAt: isoFromUs(START_US + 2 * HOUR_US),
    });
    expect((await read(fifth)).status).toBe('ready');
  });

  it('print what the application said, in the owner’s language', () => {
    const [first, second, third] = line.applications as [string, string, string];
    const facts = createReceiptFacts({ database: world.database, models })([third, second, first]);
    const named = facts.map((fact) => fact.application);
    expect(named.toSorted()).toEqual([first, third].toSorted());
    const { build } = world.database;
    for (const fact of facts) {
      expect(Object.values(fact).every((value) => value.length > 0)).toBe(true);
      const version = world.database.first(
        build.selectFrom('versions').selectAll().where('digest', '=', fact.digest),
      );
      expect(digestOf(version!.canonical)).toBe(fact.digest);
      expect(version!.canonical).toContain(`"salt":"${fact.salt}"`);
      expect(fact).toMatchObject({ sender: line.email, language: 'it' });
      expect(fact.protocol).toMatch(/\/g1\/\d{9}$/);
    }
  });
});

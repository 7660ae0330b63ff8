/**
 * The ranking as published and as anybody rebuilds it: a portal, two gates with a log each, one
 * application that both have accepted, and `clickday rank`, which knows the gates' addresses alone.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RankingHistogram, RankingPage } from '#protocol/ranking/api.ts';
import type { RankingRow } from '#protocol/ranking/lines.ts';
import { isoFromUs } from '#protocol/time.ts';
import { callerAt } from '#test/contract/portal-world.ts';
import { ForeignClient } from '#test/support/foreign-client.ts';
import { PATIENCE_MS } from '#test/support/patience.ts';
import {
  clickday,
  clickdayOk,
  eventually,
  fixture,
  type RunningSystem,
  runningSystem,
  submissionsUrl,
  temporaryDirectory,
} from '#test/support/system.ts';

const SHARED = ['A', 'B'];
const APPLICATIONS = 900;
const PASSWORD = 'cavallo batteria graffetta';

const httpOf = (system: RunningSystem) => system.gate!.replace(/^ws/, 'http').replace(/\/$/, '');
const textOf = async (url: string) => {
  const response = await fetch(url);
  expect([response.status, url]).toEqual([200, url]);
  return await response.text();
};

test('the list rebuilt from the logs of two gates is the published one, byte for byte', async () => {
  const folder = temporaryDirectory();
  const data = join(folder, 'data');
  const accounts = await fixture({
    ...{ data, accounts: 3, applications: APPLICATIONS, words: ['--opens-in', '3600'] },
  });
  const one = await runningSystem({ data });
  const two = await runningSystem({ data, words: ['--roles', 'gate', '--gate-id', 'g2'] });
  const portal = one.portal!.replace(/\/$/, '');
  const day = await openNow(data, portal);
  const list = `${portal}/api/rankings/${day}`;
  const before = await textOf(list);
  expect(JSON.parse(before)).toMatchObject({ count: 0, rows: [] });

  // Both gates at once; the first application of the first account is sent to both.
  const [a, b, c] = accounts as [(typeof accounts)[0], (typeof accounts)[0], (typeof accounts)[0]];
  await Promise.all([
    submit(one, a.passbooks, a.applications),
    submit(two, b.passbooks, b.applications),
    submit(two, a.passbooks, a.applications.slice(0, 1)),
    submit(one, c.passbooks, c.applications),
  ]);
  await eventually('all places are final', PATIENCE_MS, async () => {
    const { count } = JSON.parse(await textOf(list)) as RankingPage;
    return count === APPLICATIONS;
  });

  const published = await textOf(`${list}/list.ndjson`);
  const logs = ['--from-log', httpOf(one), '--from-log', `${two.gate}`];
  const rank = (...words: string[]) => clickday(['rank', ...logs, '--click-day', day, ...words]);
  const first = await rank();
  expect(first.stderr).toContain('1 repeats left out');
  expect([first.status, first.stdout === published]).toEqual([0, true]);
  const out = join(folder, 'list.csv');
  expect((await rank('--out', out)).status).toBe(0);
  expect(readFileSync(out, 'utf8') === (await textOf(`${list}/list.csv`))).toBe(true);
  const rows = published
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as RankingRow);
  expect(new Set(rows.map(({ gate }) => gate))).toEqual(new Set(['g1', 'g2']));
  const quotaOf = ({ model }: RankingRow) => (SHARED.includes(model) ? 'shared' : model);
  expect(rows.filter((row) => row.quota !== quotaOf(row))).toEqual([]);
  expect(rows.some(({ quota }) => quota === 'shared')).toBe(true);
  expect(new Set(rows.map(({ application }) => application)).size).toBe(APPLICATIONS);

  // An earlier list is the beginning; a filtered one is itself; a false one is told.
  const { office, stamp } = rows[500]!;
  const words = `quota=shared&office=${office}&to=${stamp}`;
  const filtered = ['--quota', 'shared', '--office', office, '--to', stamp];
  const compared = await rank('--compare', `${list}/list.csv?${words}`, ...filtered);
  expect([compared.status, compared.stderr]).toEqual([0, expect.stringContaining('Identical')]);
  const earlier = join(folder, 'earlier.ndjson');
  writeFileSync(earlier, `${published.split('\n').slice(0, 700).join('\n')}\n`);
  const part = await rank('--compare', earlier, '--json');
  expect([part.status, JSON.parse(part.stdout)]).toMatchObject([
    0,
    { ok: true, places: APPLICATIONS, compared: { same: 700, more: 200, identical: true } },
  ]);
  writeFileSync(earlier, swapped(published));
  const differing = await rank('--compare', earlier);
  expect(differing.status).toBe(1);
  expect(differing.stderr).toContain('line 401 differs');
  expect(differing.stderr).toContain('RANKING_DIFFERS');

  const histogram = JSON.parse(await textOf(`${list}/histogram`)) as RankingHistogram;
  expect(histogram.total).toBe(APPLICATIONS);
  expect(histogram.closePairs).toBeGreaterThan(0);
});

/** Lines 401 and 402 exchanged. */
function swapped(list: string): string {
  const lines = list.split('\n');
  [lines[400], lines[401]] = [lines[401]!, lines[400]!];
  return lines.join('\n');
}

/** The administrator lets all models share one quota and opens the day. */
async function openNow(data: string, portal: string): Promise<string> {
  const staff = ['--email', 'capo@example.it', '--role', 'admin', '--public-url', portal];
  const said = await clickdayOk(['user', 'add', '--data', data, ...staff]);
  const token = /token=([\w-]+)/.exec(said)?.[1];
  const nobody = callerAt(portal, {});
  await nobody.call('POST', '/api/setup', { token, password: PASSWORD });
  const session = await nobody.call<{ token: string }>('POST', '/api/session', {
    ...{ email: 'capo@example.it', password: PASSWORD, kind: 'bearer' },
  });
  const caller = callerAt(portal, { authorization: `Bearer ${session.body.token}` });
  const { body } = await caller.call<{ clickDays: { id: string; name: object }[] }>(
    'GET',
    '/api/admin/click-days',
  );
  const { id, name } = body.clickDays[0]!;
  const opensAtUs = (Date.now() + 1_500) * 1000;
  const times = { opensAt: isoFromUs(opensAtUs), closesAt: isoFromUs(opensAtUs + 3_600_000_000) };
  const rules = [{ quota: 'shared', places: 500, models: SHARED }, {}];
  const change = { name, ...times, rules };
  expect((await caller.call('PUT', `/api/admin/click-days/${id}`, change)).status).toBe(200);
  return id;
}

/** Sends all of them, again and again until the gate is open and has taken each. */
async function submit(system: RunningSystem, passbooks: readonly string[], ids: readonly string[]) {
  const client = await ForeignClient.connect(submissionsUrl(system));
  await client.hello(passbooks);
  await eventually('the gate takes all', PATIENCE_MS, async () => {
    for (let at = 0; at < ids.length; at += 100) await client.submit(ids.slice(at, at + 100));
    const accepted = client.messages.filter(({ type }) => type === 'accepted');
    return new Set(accepted.map(({ application }) => application)).size === ids.length;
  });
  client.close();
}

/** A system whose time servers answer: it starts, and says that its clock is synchronised. */
import { expect, onTestFinished, test } from 'vitest';
import { startResponder } from '#test/fault/clock-responder.ts';
import { runningSystem, temporaryDirectory } from '#test/support/system.ts';

test('starts and is synchronised when time servers answer', async () => {
  const servers = await Promise.all([startResponder(), startResponder(), startResponder()]);
  onTestFinished(async () => {
    await Promise.all(servers.map((server) => server.close()));
  });
  const list = servers.map(({ port }) => `127.0.0.1:${port}`).join(',');
  const environment = { CLICKDAY_NTP_SERVERS: list };
  const system = await runningSystem({ data: temporaryDirectory(), environment });
  const times = await Promise.all([
    fetch(new URL('/api/time', system.portal)),
    fetch(new URL('/v1/time', (system.gate ?? '').replace(/^ws/, 'http'))),
  ]);
  const answers = await Promise.all(times.map((each) => each.json() as Promise<{ sync: string }>));
  expect(answers.map(({ sync }) => sync)).toEqual(['synchronised', 'synchronised']);
}, 60_000);

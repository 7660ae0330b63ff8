/** A system whose time servers answer: it says that its clock is synchronised, and is metered. */
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
  const time = await fetch(new URL('/api/time', system.portal));
  const gate = (system.gate ?? '').replace(/^ws/, 'http');
  const health = await fetch(new URL('/health', gate));
  expect(await time.json()).toMatchObject({ sync: 'synchronised' });
  expect(await health.json()).toMatchObject({ clock: { sync: 'synchronised' } });
  for (const process of [system.portal, gate]) {
    const metrics = await (await fetch(new URL('/metrics', process))).text();
    expect(metrics).toMatch(/^process_resident_memory_bytes [1-9]\d+$/m);
    expect(metrics).toMatch(/^nodejs_heap_size_used_bytes [1-9]\d+$/m);
  }
});

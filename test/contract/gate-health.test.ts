/** What a gate says of itself over HTTP, and what it refuses while its memory is short. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type GateWorld, openGateWorld } from '#test/support/gate-world.ts';
import { applicationId } from '#test/support/register-entries.ts';

let world: GateWorld;
beforeEach(async () => {
  world = await openGateWorld();
});
afterEach(() => world.close());

async function health() {
  const answer = await fetch(`${world.http}/health`);
  return { httpStatus: answer.status, ...((await answer.json()) as Record<string, unknown>) };
}

/** The upgrade as a browser asks for it, answered or refused. */
async function upgradeStatus(): Promise<number | 'upgraded'> {
  try {
    await world.connect();
    return 'upgraded';
  } catch (error) {
    return Number(/\b\d{3}\b/.exec(String(error))?.[0]);
  }
}

it('refuses newcomers with 503 while memory is short, and serves those who are there', async () => {
  const id = applicationId(1);
  const client = await world.greeted({ account: 'early', applications: [id] });
  world.memory.heldBytes = 1_000;
  await world.pass(500);
  expect(await upgradeStatus()).toBe(503);
  client.submit(id);
  expect(await client.next('accepted')).toMatchObject({ seq: 1 });
  const memory = { heldBytes: 1_000, limitBytes: 1_000, isShort: true };
  expect(await health()).toMatchObject({ httpStatus: 200, status: 'ok', alarm: true, memory });
  world.memory.heldBytes = 899;
  await world.pass(500);
  expect(await upgradeStatus()).toBe('upgraded');
  expect(await health()).toMatchObject({ alarm: false });
});

it('shows the alarms of its clock', async () => {
  expect(await health()).toMatchObject({ alarm: false, clock: { alarms: [] } });
  const alarm = { code: 'REFERENCE_DOUBTED', sinceUs: 1, detail: 'servers minus date' } as const;
  world.clockAlarms.push(alarm);
  expect(await health()).toMatchObject({
    httpStatus: 200,
    alarm: true,
    clock: { alarms: [alarm] },
  });
  const metrics = await (await fetch(`${world.http}/metrics`)).text();
  expect(metrics).toContain('clickday_clock_alarms 1');
  expect(metrics).toContain('clickday_memory_short 0');
});

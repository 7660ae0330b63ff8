/**
 * A process that dies is started again, within a second and where clients find it again. The time
 * until then is in the test's hand, the processes are real.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { supervise } from '#engine/commands/supervisor.ts';
import { readConfig } from '#engine/config.ts';
import { silentLog } from '#engine/foundation/log.ts';
import { PATIENCE_MS } from '#test/support/patience.ts';
import { eventually, temporaryDirectory } from '#test/support/system.ts';

const RESTART_MS_MAX = 1_000;
/** Serves on a port of its own choice, and writes down its number and the port it was given. */
const PROGRAM = `
import { appendFileSync } from 'node:fs';
const said = process.pid + ' ' + process.env.CLICKDAY_GATE;
appendFileSync(new URL('said', import.meta.url), said + '\\n');
process.on('disconnect', () => process.exit(0));
process.on('SIGTERM', () => process.exit(0));
process.send({ ready: { role: 'gate', host: '127.0.0.1', port: 4321 } });
`;

function stage(source: string) {
  const folder = temporaryDirectory();
  const program = join(folder, 'program.mjs');
  writeFileSync(program, source);
  const waits: { ms: number; pass: () => void }[] = [];
  const timers = {
    after: (ms: number, pass: () => void) => {
      waits.push({ ms, pass });
      return () => undefined;
    },
    every: () => () => undefined,
    immediate: () => () => undefined,
  };
  const started = supervise({
    ...{ name: 'g1', role: 'gate', program, timers, log: silentLog() },
    config: readConfig({ gate: '127.0.0.1:0' }),
  });
  const said = () => readFileSync(join(folder, 'said'), 'utf8').trim().split('\n');
  return { started, waits, said };
}

async function killed(pid: number, waits: readonly unknown[]): Promise<void> {
  process.kill(pid, 'SIGKILL');
  await eventually('its death is noticed', PATIENCE_MS, () => waits.length === 1);
}

test('a process that dies is started again within a second, on the port that it had', async () => {
  const { started, waits, said } = stage(PROGRAM);
  const gate = await started;
  onTestFinished(() => gate.stop(PATIENCE_MS));
  const first = gate.pid();
  await killed(first, waits);
  expect(waits[0]!.ms).toBeLessThan(RESTART_MS_MAX);
  expect(said()).toEqual([`${first} 127.0.0.1:0`]);
  waits[0]!.pass();
  await eventually('another one serves', PATIENCE_MS, () => said().length === 2);
  expect(gate.pid()).not.toBe(first);
  expect(said()[1]).toBe(`${gate.pid()} 127.0.0.1:4321`);
});

test('nothing is started again once it is to end', async () => {
  const { started, waits } = stage(PROGRAM);
  const gate = await started;
  const first = gate.pid();
  await killed(first, waits);
  await gate.stop(PATIENCE_MS);
  waits[0]!.pass();
  expect(gate.pid()).toBe(first);
});

test('a process that never served is not tried again', async () => {
  const { started, waits } = stage('process.exit(3);');
  await expect(started).rejects.toMatchObject({ code: 'NOT_STARTED' });
  expect(waits).toEqual([]);
});

/** Our mini-client on the click day that is played to clients: it keeps to every rule. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { expect, it, onTestFinished } from 'vitest';
import { systemTimers } from '#engine/clock/index.ts';
import { createFakeDay, judgeClient, serveFakeDay } from '#engine/conformance/index.ts';
import { run } from '../../mini-client/cli.ts';
import { monotonicClock } from '../../mini-client/node/time.ts';
import { fakePassbook } from '../support/fake-gate.ts';
import { application, clickDayView, PASSWORD, serveFakePortal } from '../support/fake-portal.ts';

const DAY = '2011-01-31';
const OPENS_IN_MS = 4_000;
const APPLICATIONS = Array.from({ length: 12 }, (_, at) => `01J00000000000000000000A${10 + at}`);

it('the mini-client keeps to every rule, whatever happens', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'conformance-'));
  const portal = await serveFakePortal();
  const clock = { nowUs: () => monotonicClock.nowUs() };
  const day = createFakeDay({ clock, timers: systemTimers(), opensInMs: OPENS_IN_MS });
  const server = await serveFakeDay(day, { host: '127.0.0.1', port: 0 });
  onTestFinished(() => {
    day.end();
    server.close();
    portal.close();
    rmSync(directory, { recursive: true });
  });
  const { opensAtUs } = day.seen;
  portal.gates = [server.url];
  portal.clickDays = [clickDayView(DAY, opensAtUs, opensAtUs + 3_600_000_000)];
  portal.applications = APPLICATIONS.map((id) => application(id, DAY));
  portal.passbooks = [fakePassbook(APPLICATIONS, DAY)];

  const said: string[] = [];
  const sink = () =>
    new Writable({
      write(chunk, _encoding, done) {
        said.push(String(chunk));
        done();
      },
    });
  const cli = (argv: readonly string[], stdin = '') =>
    run({
      argv: [...argv, '--json', '--directory', directory],
      environment: { CLICKDAY_PORTAL_URL: portal.url },
      stdin: Readable.from([stdin]),
      ...{ stdout: sink(), stderr: sink(), interrupted: new AbortController().signal },
    });
  await cli(['login', '--email', 'a@example.org', '--password-stdin'], `${PASSWORD}\n`);
  expect(await cli(['prepare', '--click-day', DAY])).toBe(0);
  await cli(['send', '--click-day', DAY]);
  const wrong = judgeClient(day.seen).filter(({ ok }) => ok !== true);
  expect(wrong, said.join('')).toEqual([]);
});

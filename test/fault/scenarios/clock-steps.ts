/**
 * The system's date is set by an hour or by 100 ms, forward and back, while the gate runs (its own
 * view of it, through libfaketime): shortly before the opening, and again under load. Nobody is let
 * in early, order and stamps go on, and a step of more than a second raises an alarm. A gate with
 * time servers opens on time all the same; one without has only that date, and opens late.
 */
import { startResponder } from '#test/fault/clock-responder.ts';
import { fakeDate } from '#test/fault/stage/fake-date.ts';
import { type Outcome, type Play, type Scenario, summed } from '#test/fault/stage/scenario.ts';
import { FAR_MS, Siege } from '#test/fault/stage/siege.ts';
import { PATIENCE_MS } from '#test/support/patience.ts';
import { eventually, pause } from '#test/support/processes.ts';
import type { Scope } from '#test/support/scope.ts';

interface Step {
  readonly seconds: number;
  readonly hasServers: boolean;
}

const HOUR = 3_600;
const STEPS: readonly Step[] = [
  ...[HOUR, -HOUR, 0.1, -0.1].map((seconds) => ({ seconds, hasServers: true })),
  ...[0.1, -0.1].map((seconds) => ({ seconds, hasServers: false })),
];
/** Far below the hour that a clock which follows the step would be late. */
const LATE_MS_MAX = 60_000;
const OPENS_IN_MS = 3_000;

/** Three honest servers on loopback, as a configuration value. */
async function timeServers(scope: Scope): Promise<string> {
  const servers = await Promise.all([startResponder(), startResponder(), startResponder()]);
  scope.onEnd(() => Promise.all(servers.map((server) => server.close())));
  return servers.map(({ port }) => `127.0.0.1:${port}`).join(',');
}

async function stepped(play: Play, step: Step): Promise<Outcome> {
  const siege = new Siege(play, { accounts: 8, applications: 400, opensInMs: FAR_MS });
  const date = fakeDate(siege.stage.folder);
  const servers = step.hasServers ? await timeServers(play.scope) : '';
  const environment = { ...date.environment, CLICKDAY_NTP_SERVERS: servers };
  const gate = await siege.gate({ environment });
  const opensAtMs = siege.openIn(OPENS_IN_MS);
  await pause(opensAtMs - 1_000 - Date.now());
  date.set(step.seconds);
  await siege.book.untilNext();
  const lateMs = Math.round(Date.now() - opensAtMs);
  await siege.acknowledged(500, gate);
  date.set(-step.seconds);
  await siege.acknowledged(500, gate);
  const failures: string[] = [];
  const words = `${step.seconds} s ${step.hasServers ? 'with' : 'without'} time servers`;
  if (lateMs > LATE_MS_MAX) failures.push(`${words}: opened ${lateMs} ms late`);
  if (Math.abs(step.seconds) > 1) {
    const isTold = () => gate.said().includes('SYSTEM_DATE_STEPPED');
    await eventually('the step is told', PATIENCE_MS, isTold);
  }
  const outcome = await siege.end();
  await gate.stop();
  const notes = [`${words}: open ${lateMs} ms after the opening`];
  return summed([outcome, { rounds: 1, failures, notes }]);
}

/** With nothing but a date that was set by an hour, it is not known whether it is time. */
async function shutWithoutServers(play: Play, seconds: number): Promise<Outcome> {
  const siege = new Siege(play, { accounts: 4, applications: 50, opensInMs: FAR_MS });
  const date = fakeDate(siege.stage.folder);
  const gate = await siege.gate({ environment: date.environment });
  const opensAtMs = siege.openIn(OPENS_IN_MS);
  await pause(opensAtMs - 1_500 - Date.now());
  date.set(seconds);
  const isTold = () => gate.said().includes('SYSTEM_DATE_STEPPED');
  await eventually('the step is told', PATIENCE_MS, isTold);
  await pause(opensAtMs + 1_000 - Date.now());
  const early = siege.book.acknowledged.size;
  await gate.stop();
  const failures = early > 0 ? [`${early} let in while the time was not known`] : [];
  return summed([{ rounds: 1, failures, notes: ['an hour without time servers: stays shut'] }]);
}

async function play(play: Play): Promise<Outcome> {
  const parts: Outcome[] = [];
  const steps = play.isBrief ? STEPS.slice(0, 1) : STEPS;
  for (const step of steps) {
    play.say(`the date is set by ${step.seconds} s`);
    parts.push(await stepped(play, step));
  }
  if (!play.isBrief) {
    parts.push(await shutWithoutServers(play, HOUR), await shutWithoutServers(play, -HOUR));
  }
  return summed(parts);
}

export const clockSteps: Scenario = {
  name: 'clock-steps',
  title: 'the system’s date is set by ±1 h, ±100 ms before the opening and under load',
  play,
};

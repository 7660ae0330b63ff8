/**
 * Time servers that lie, contradict one another, or vanish, before an opening. A liar in the
 * minority is outvoted; where there is no majority, or no answer, the gate holds to the date of its
 * host and says so; servers that all lie alike, from the start or from some moment on, move its
 * uncertainty and not its clock. It opens late rather than early, each time with an alarm that
 * `/health` shows, and at once when the servers tell the truth.
 */
import { type Responder, startResponder } from '#test/fault/clock-responder.ts';
import { fakeDate } from '#test/fault/stage/fake-date.ts';
import type { GateAlone } from '#test/fault/stage/gate-alone.ts';
import { finished } from '#test/fault/stage/load-client.ts';
import { type Outcome, type Play, type Scenario, summed } from '#test/fault/stage/scenario.ts';
import { FAR_MS, Siege } from '#test/fault/stage/siege.ts';
import { PATIENCE_MS } from '#test/support/patience.ts';
import { eventually, pause } from '#test/support/processes.ts';

interface Lie {
  readonly title: string;
  /** Seconds by which each server is ahead; a silent one says nothing. */
  readonly servers: readonly (number | 'silent')[];
  readonly alarm: string;
}

const LIES: readonly Lie[] = [
  {
    title: 'one of three is 10 s ahead',
    servers: [0, 0, 10],
    alarm: 'SERVER_OUTVOTED',
  },
  {
    title: 'one of three is 10 s behind',
    servers: [0, -10, 0],
    alarm: 'SERVER_OUTVOTED',
  },
  {
    title: 'no two of three agree',
    servers: [0, -10, 10],
    alarm: 'NO_MAJORITY',
  },
  {
    title: 'none answers',
    servers: ['silent', 'silent', 'silent'],
    alarm: 'NOT_SYNCHRONISED',
  },
  {
    title: 'one answers, and it is 10 s behind',
    servers: [-10, 'silent', 'silent'],
    alarm: 'REFERENCE_DOUBTED',
  },
];
const OPENS_IN_MS = 2_500;
const US_A_SECOND = 1_000_000;
const JUST_BEFORE_MS = 100;
const PAST_OPENING_MS = 2_000;
const LATE_MS_MAX = 2_000;

async function serversOf(play: Play, behaviours: Lie['servers']): Promise<Responder[]> {
  const servers = await Promise.all(
    behaviours.map((one) =>
      one === 'silent'
        ? startResponder({ instead: 'silent' })
        : startResponder({ offsetUs: one * US_A_SECOND }),
    ),
  );
  play.scope.onEnd(() => Promise.all(servers.map((server) => server.close())));
  return servers;
}

async function besieged(play: Play, servers: readonly Responder[]) {
  const siege = new Siege(play, { accounts: 4, applications: 100, opensInMs: FAR_MS });
  const list = servers.map(({ port }) => `127.0.0.1:${port}`).join(',');
  const gate = await siege.gate({ environment: { CLICKDAY_NTP_SERVERS: list } });
  return { siege, gate };
}

async function opened(siege: Siege): Promise<number> {
  const opensAtMs = siege.openIn(OPENS_IN_MS);
  await siege.book.untilNext();
  return Math.round(Date.now() - opensAtMs);
}

async function lied(play: Play, lie: Lie): Promise<Outcome> {
  const { siege, gate } = await besieged(play, await serversOf(play, lie.servers));
  await eventually(lie.alarm, PATIENCE_MS, () => gate.said().includes(lie.alarm));
  const note = `open ${await opened(siege)} ms after the opening`;
  await finished(siege.clients);
  const outcome = await siege.judged();
  await gate.stop();
  return summed([outcome, { rounds: 1, notes: [`${lie.title}: ${note}`] }]);
}

/** All that `/health` says of the clock. */
async function alarms(gate: GateAlone): Promise<string[]> {
  const answer = await fetch(`http://127.0.0.1:${gate.port}/health`);
  const { clock } = (await answer.json()) as { clock: { alarms: { code: string }[] } };
  return clock.alarms.map(({ code }) => code);
}

/** The instant of the lie passes, then that of the truth, and nobody has been let in. */
async function staysShut(siege: Siege, opensAtMs: number): Promise<string[]> {
  await pause(opensAtMs + PAST_OPENING_MS - Date.now());
  const early = siege.book.acknowledged.size;
  return early > 0 ? [`${early} let in while the time was in doubt`] : [];
}

/** All lie alike from the start: shut by their time; open once they tell the truth. */
async function liedAlike(play: Play, seconds: number): Promise<Outcome> {
  const servers = await serversOf(play, [seconds, seconds, seconds]);
  const { siege, gate } = await besieged(play, servers);
  const failures: string[] = [];
  if (!(await alarms(gate)).includes('REFERENCE_DOUBTED')) failures.push('no alarm in /health');
  const opensAtMs = siege.openIn(OPENS_IN_MS);
  // By the time of liars who are ahead the day has long begun; by that of others it has not.
  if (seconds < 0) failures.push(...(await staysShut(siege, opensAtMs)));
  else await pause(opensAtMs - JUST_BEFORE_MS - Date.now());
  if (siege.book.acknowledged.size > 0) failures.push('let in by the time of liars');
  for (const { behaviour } of servers) behaviour.offsetUs = 0;
  await siege.book.untilNext();
  const lateMs = Math.round(Date.now() - opensAtMs);
  await finished(siege.clients);
  const isTold = async () => (await alarms(gate)).length === 0;
  // The clock asks its servers every 64 s.
  await eventually('the alarm ends', PATIENCE_MS, isTold);
  const outcome = await siege.judged();
  await gate.stop();
  const notes = [`all are ${seconds} s ahead from the start: open ${lateMs} ms after the opening`];
  return summed([outcome, { rounds: 1, failures, notes }]);
}

/** Killed while honest, started again among liars: what it believed before is its witness. */
async function liedAtRestart(play: Play): Promise<Outcome> {
  const servers = await serversOf(play, [0, 0, 0]);
  const siege = new Siege(play, { accounts: 4, applications: 100, opensInMs: FAR_MS });
  const date = fakeDate(siege.stage.folder);
  const list = servers.map(({ port }) => `127.0.0.1:${port}`).join(',');
  const environment = { ...date.environment, CLICKDAY_NTP_SERVERS: list };
  const first = await siege.gate({ environment });
  first.signal('SIGKILL');
  await first.ended;
  date.set(-3_600);
  const gate = await siege.gate({ environment });
  const failures: string[] = [];
  if ((await alarms(gate)).includes('REFERENCE_DOUBTED')) failures.push('honest servers doubted');
  const lateMs = await opened(siege);
  if (lateMs > LATE_MS_MAX) failures.push(`opened ${lateMs} ms late`);
  await finished(siege.clients);
  const outcome = await siege.judged();
  await gate.stop();
  const notes = [`started again with a date an hour behind: open ${lateMs} ms after the opening`];
  return summed([outcome, { rounds: 1, failures, notes }]);
}

/** Honest at first; then all of them are 10 s ahead, and the gate asks again. */
async function turned(play: Play): Promise<Outcome> {
  const servers = await serversOf(play, [0, 0, 0]);
  const { siege, gate } = await besieged(play, servers);
  for (const { behaviour } of servers) behaviour.offsetUs = 10 * US_A_SECOND;
  const isTold = async () => (await alarms(gate)).includes('REFERENCE_DOUBTED');
  await eventually('it asks again', PATIENCE_MS, isTold);
  const lateMs = await opened(siege);
  await finished(siege.clients);
  const outcome = await siege.judged();
  await gate.stop();
  const notes = [`all turn to 10 s ahead: open ${lateMs} ms after the opening`];
  return summed([outcome, { rounds: 1, notes }]);
}

async function play(play: Play): Promise<Outcome> {
  const parts: Outcome[] = [];
  for (const lie of play.isBrief ? LIES.slice(0, 1) : LIES) {
    play.say(lie.title);
    parts.push(await lied(play, lie));
  }
  for (const seconds of play.isBrief ? [10] : [10, -10]) {
    play.say(`all are ${seconds} s ahead from the start`);
    parts.push(await liedAlike(play, seconds));
  }
  if (!play.isBrief) {
    play.say('a restart with a date an hour behind; then all servers turn to lie');
    parts.push(await liedAtRestart(play), await turned(play));
  }
  return summed(parts);
}

export const timeServers: Scenario = {
  name: 'time-servers',
  title: 'time servers lie, contradict one another, vanish',
  play,
};

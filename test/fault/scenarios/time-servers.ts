/**
 * Time servers that lie, contradict one another, or vanish, before an opening. A liar in the
 * minority is outvoted; where there is no majority, or no answer, the gate holds to the date of its
 * host and says so; servers that all begin to lie while it runs move its uncertainty and not its
 * clock. It opens late rather than early, and each time with an alarm.
 *
 * What nobody on the machine can know is that all servers lied in the same way from the start: then
 * only the alarm is shown.
 */
import { type Responder, startResponder } from '#test/fault/clock-responder.ts';
import { finished } from '#test/fault/stage/load-client.ts';
import { type Outcome, type Play, type Scenario, summed } from '#test/fault/stage/scenario.ts';
import { FAR_MS, Siege } from '#test/fault/stage/siege.ts';
import { eventually } from '#test/support/processes.ts';

interface Lie {
  readonly title: string;
  /** Seconds by which each server is ahead; a silent one says nothing. */
  readonly servers: readonly (number | 'silent')[];
  readonly alarm: string;
  /** Whether it opens within this scenario's patience. */
  readonly isOpening: boolean;
}

const LIES: readonly Lie[] = [
  {
    title: 'one of three is 10 s ahead',
    servers: [0, 0, 10],
    alarm: 'SERVER_OUTVOTED',
    isOpening: true,
  },
  {
    title: 'one of three is 10 s behind',
    servers: [0, -10, 0],
    alarm: 'SERVER_OUTVOTED',
    isOpening: true,
  },
  {
    title: 'no two of three agree',
    servers: [0, -10, 10],
    alarm: 'NO_MAJORITY',
    isOpening: true,
  },
  {
    title: 'none answers',
    servers: ['silent', 'silent', 'silent'],
    alarm: 'NOT_SYNCHRONISED',
    isOpening: true,
  },
  {
    title: 'one answers, and it is 10 s behind',
    servers: [-10, 'silent', 'silent'],
    alarm: 'SYSTEM_DATE_DIFFERS',
    isOpening: true,
  },
  {
    title: 'all are 10 s ahead from the start',
    servers: [10, 10, 10],
    alarm: 'SYSTEM_DATE_DIFFERS',
    isOpening: false,
  },
];
const ALARM_MS_MAX = 30_000;
const OPENS_IN_MS = 2_500;
const US_A_SECOND = 1_000_000;
/** The clock asks its servers every 64 s. */
const NEXT_POLL_MS_MAX = 120_000;

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
  await eventually(lie.alarm, ALARM_MS_MAX, () => gate.said().includes(lie.alarm));
  const note = lie.isOpening ? `open ${await opened(siege)} ms after the opening` : 'alarm only';
  if (lie.isOpening) await finished(siege.clients);
  const outcome = await siege.judged();
  await gate.stop();
  return summed([outcome, { rounds: 1, notes: [`${lie.title}: ${note}`] }]);
}

/** Honest at first; then all of them are 10 s ahead, and the gate asks again. */
async function turned(play: Play): Promise<Outcome> {
  const servers = await serversOf(play, [0, 0, 0]);
  const { siege, gate } = await besieged(play, servers);
  for (const { behaviour } of servers) behaviour.offsetUs = 10 * US_A_SECOND;
  const isTold = () => gate.said().includes('REFERENCE_JUMPED');
  await eventually('it asks again', NEXT_POLL_MS_MAX, isTold);
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
  if (!play.isBrief) parts.push(await turned(play));
  return summed(parts);
}

export const timeServers: Scenario = {
  name: 'time-servers',
  title: 'time servers lie, contradict one another, vanish',
  play,
};

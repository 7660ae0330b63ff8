/**
 * The gate is killed shortly before, at, and shortly after the opening, and started again by its
 * supervisor; the clients are mini-clients, whose own way of coming back is a part of what is
 * shown. Nobody is let in early, numbers have no gap, and everybody ends with an outcome.
 */
import { dayAt } from '#bench/fairness/papers.ts';
import { startSystem } from '#bench/system.ts';
import { createSender, openJournal } from '#mini-client/core/index.ts';
import { openSocket } from '#mini-client/node/socket.ts';
import { monotonicClock, nodeRandom, nodeTimers } from '#mini-client/node/time.ts';
import { Book } from '#test/fault/stage/book.ts';
import { judged } from '#test/fault/stage/judge.ts';
import { type Outcome, type Play, type Scenario, summed } from '#test/fault/stage/scenario.ts';
import { FAR_MS } from '#test/fault/stage/siege.ts';
import { FAULT_DAY, openStage, type StageAccount } from '#test/fault/stage/stage.ts';
import { PATIENCE_MS } from '#test/support/patience.ts';
import { childOfRole, eventually, pause } from '#test/support/processes.ts';

/** From the opening to the kill, in milliseconds. */
const MOMENTS_MS = [-1_500, -600, -100, 5, 50, 300];
const BRIEF_MS = [-100];
const OPENS_IN_MS = 3_500;
const ACCOUNTS = 10;
/** Of each: more than can be through when the last kill comes. */
const APPLICATIONS = 500;

interface Crowd {
  connected(): number;
  readonly pausesMs: number[];
  readonly finished: Promise<number>;
}

/** Mini-clients, each with its journal in memory. */
function crowd(accounts: readonly StageAccount[], gate: string, book: Book): Crowd {
  let connected = 0;
  const pausesMs: number[] = [];
  const senders = accounts.map((account) => {
    let text = '';
    const append = async (more: string) => {
      text += more;
    };
    const sender = createSender({
      applications: account.applications,
      passbooks: account.passbooks,
      gates: [gate],
      journal: openJournal({ read: () => text, append }),
      ...{ openSocket, clock: monotonicClock, timers: nodeTimers, random: nodeRandom },
      onEvent: (event) => {
        if (event.event === 'connected') connected += 1;
        if (event.event === 'disconnected') pausesMs.push(event.retryInMs);
        if (event.event === 'sent') book.sent(event.application);
        if (event.event === 'accepted') book.accepted(event.message);
      },
    });
    sender.start();
    return sender.finished;
  });
  const open = async () => {
    const results = await Promise.all(senders);
    return results.reduce(
      (sum, { open: left, rejected }) => sum + left.length + rejected.length,
      0,
    );
  };
  return { connected: () => connected, pausesMs, finished: open() };
}

async function killedAround(play: Play, momentMs: number): Promise<Outcome> {
  const { scope } = play;
  const size = { accounts: ACCOUNTS, applications: APPLICATIONS, opensInMs: FAR_MS };
  const stage = openStage(scope, size);
  const words = ['--data', stage.data, '--roles', 'gate', '--gate', '127.0.0.1:0'];
  const system = await startSystem(words, { CLICKDAY_NTP_SERVERS: '' });
  scope.onEnd(() => system.stop());
  const book = new Book(stage.opensAtUs);
  const clients = crowd(stage.accounts, `${system.gate}/v1/submissions`, book);
  const areThere = () => clients.connected() >= ACCOUNTS;
  await eventually('all mini-clients are connected', PATIENCE_MS, areThere);
  const opensAtMs = Date.now() + OPENS_IN_MS;
  stage.portal.lay(stage.data, [dayAt(FAULT_DAY, opensAtMs * 1_000)]);
  book.opensAt(opensAtMs * 1_000);
  await pause(opensAtMs + momentMs - Date.now());
  process.kill(childOfRole(system.pid, 'gate')!, 'SIGKILL');
  const killedMs = performance.now();
  await Promise.race([book.untilNext(), clients.finished]);
  const againMs = Math.round(performance.now() - killedMs);
  const open = await clients.finished;
  const outcome = await judged(stage.data, book);
  await system.stop();
  const { pausesMs } = clients;
  return summed([
    outcome,
    {
      rounds: 1,
      servingAgainMs: momentMs < 0 ? [] : [againMs],
      failures: [
        ...(open > 0 ? [`${open} applications without acceptance`] : []),
        ...(new Set(pausesMs).size > 1 ? [] : ['all came back after the same pause']),
      ],
    },
  ]);
}

async function play(play: Play): Promise<Outcome> {
  const parts: Outcome[] = [];
  for (const momentMs of play.isBrief ? BRIEF_MS : MOMENTS_MS.slice(0, play.rounds)) {
    play.say(`killed ${momentMs} ms after the opening`);
    parts.push(await killedAround(play, momentMs));
  }
  return summed(parts);
}

export const restartedOpening: Scenario = {
  name: 'restarted-opening',
  title: 'kill -9 to the gate around the opening, with mini-clients that come back by themselves',
  play,
};

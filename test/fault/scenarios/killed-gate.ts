/**
 * kill -9 after as many acknowledgements as a seed chooses, under load, so that the load lasts
 * however fast the gate is. The supervisor starts the gate again, clients come back and send again
 * what has no outcome, and nothing that was acknowledged is gone.
 */
import { startSystem } from '#bench/system.ts';
import { Book } from '#test/fault/stage/book.ts';
import { judged } from '#test/fault/stage/judge.ts';
import { type LoadClient, startLoad, stopLoad } from '#test/fault/stage/load-client.ts';
import { type Chance, chanceOf } from '#test/fault/stage/random.ts';
import {
  type Outcome,
  type Play,
  roundsOf,
  type Scenario,
  summed,
} from '#test/fault/stage/scenario.ts';
import { openStage } from '#test/fault/stage/stage.ts';
import { PATIENCE_MS } from '#test/support/patience.ts';
import { childOfRole, eventually } from '#test/support/processes.ts';

const ACCOUNTS = 16;
const APPLICATIONS_A_ROUND = 4_000;
/** New acknowledgements before a kill: half a round's, since those on their way come on top. */
const KILLED_AFTER_MAX = APPLICATIONS_A_ROUND / 2;
/** Judged where nothing else has the machine; `npm test` passes the supervisor's time by hand. */
const STARTED_MS_MAX = 1_000;

async function play(play: Play): Promise<Outcome> {
  const rounds = roundsOf(play, { brief: 3, full: 50 });
  const { scope } = play;
  const chance = chanceOf(play.seed);
  const each = Math.ceil((APPLICATIONS_A_ROUND * rounds) / ACCOUNTS);
  const stage = openStage(scope, { accounts: ACCOUNTS, applications: each });
  const words = ['--data', stage.data, '--roles', 'gate', '--gate', '127.0.0.1:0'];
  const system = await startSystem(words, { CLICKDAY_NTP_SERVERS: '' });
  scope.onEnd(() => system.stop());
  const book = new Book(stage.opensAtUs);
  const url = `${system.gate}/v1/submissions`;
  const clients = startLoad(stage.accounts, { url: () => url, book, chance, inFlight: 4 });
  const kills = await killed({ rounds, supervisor: system.pid, book, chance, clients });
  await stopLoad(clients);
  const slow = kills.filter(({ startedMs }) => !play.isBrief && startedMs > STARTED_MS_MAX);
  return summed([
    await judged(stage.data, book),
    {
      rounds,
      servingAgainMs: kills.map(({ servingMs }) => servingMs),
      notes: [`a new process at most ${maximum(kills.map((one) => one.startedMs))} ms after`],
      failures: slow.map(({ startedMs }) => `started again only after ${startedMs} ms`),
    },
  ]);
}

interface Kill {
  /** From the kill to the next process, and to the next acknowledgement. */
  readonly startedMs: number;
  readonly servingMs: number;
}

async function killed(of: {
  rounds: number;
  supervisor: number;
  book: Book;
  chance: Chance;
  clients: readonly LoadClient[];
}): Promise<Kill[]> {
  const { supervisor, book, chance } = of;
  const kills: Kill[] = [];
  for (let round = 0; round < of.rounds; round += 1) {
    const enough = book.acknowledged.size + 1 + chance.integer(KILLED_AFTER_MAX);
    await book.until(() => book.acknowledged.size >= enough);
    const pid = childOfRole(supervisor, 'gate')!;
    process.kill(pid, 'SIGKILL');
    const atMs = performance.now();
    const next = () => {
      const now = childOfRole(supervisor, 'gate');
      return now !== undefined && now !== pid;
    };
    await eventually('the supervisor starts a gate', PATIENCE_MS, next, 5);
    const startedMs = Math.round(performance.now() - atMs);
    await book.untilNext();
    kills.push({ startedMs, servingMs: Math.round(performance.now() - atMs) });
  }
  return kills;
}

function maximum(values: readonly number[]): number {
  return Math.max(0, ...values);
}

export const killedGate: Scenario = {
  name: 'killed-gate',
  title: 'kill -9 to the gate at a chosen moment under load; its supervisor starts it again',
  play,
};

/**
 * kill -9 at every system call of the path of an acknowledgement, one after the other: at the Nth
 * call on the ledger's file (strace kills at its entry, so the call before is the last that had an
 * effect), and at the Nth write to a socket. First while the ledger comes into being, on a fresh
 * directory each; then, on one ledger that grows, in its later life.
 */
import { join } from 'node:path';
import { NotServing } from '#test/fault/stage/gate-alone.ts';
import { type Outcome, type Play, type Scenario, summed } from '#test/fault/stage/scenario.ts';
import { Siege } from '#test/fault/stage/siege.ts';
import { belowStrace } from '#test/fault/stage/strace.ts';

interface Point {
  readonly call: string;
  readonly when: number;
}

/** How many of each call the opening of a new ledger makes, and a little more. */
const OF_CREATION = { openat: 4, pwrite64: 4, writev: 3, lseek: 3, mmap: 2, fdatasync: 4 };
/** Those of opening again, and of some commits. */
const LATER = {
  openat: 4,
  pwrite64: 14,
  writev: 12,
  lseek: 12,
  mmap: 2,
  fdatasync: 12,
  sendto: 12,
};
/** Creation has five of the first, three of the others: one of it, and then the first commits. */
const BRIEF: readonly Point[] = [
  { call: 'pwrite64', when: 2 },
  { call: 'pwrite64', when: 7 },
  { call: 'writev', when: 3 },
  { call: 'fdatasync', when: 4 },
  { call: 'sendto', when: 2 },
];

function pointsOf(calls: Readonly<Record<string, number>>): Point[] {
  return Object.entries(calls).flatMap(([call, count]) =>
    Array.from({ length: count }, (_, at) => ({ call, when: at + 1 })),
  );
}

const ACCOUNTS = 8;
/** A gate that was not killed after so many acknowledgements makes fewer such calls. */
const ENOUGH = 300;

async function killedAt(siege: Siege, point: Point): Promise<Partial<Outcome>> {
  const { data, folder } = siege.stage;
  const injections = [`${point.call}:signal=KILL:when=${point.when}`];
  const trace = join(folder, 'trace');
  const ofSockets = ['strace', '-f', '-o', trace, '-e', `trace=${point.call}`];
  const below =
    point.call === 'sendto'
      ? [...ofSockets, '-e', `inject=${injections[0]}`]
      : belowStrace({ data, trace, injections });
  try {
    const gate = await siege.gate({ below });
    await siege.acknowledged(ENOUGH, gate);
    if (!gate.hasEnded()) {
      await gate.stop();
      return {};
    }
  } catch (error) {
    if (!(error instanceof NotServing)) throw error;
  }
  return { rounds: 1 };
}

async function aliveAgain(siege: Siege): Promise<Outcome> {
  const startMs = performance.now();
  const gate = await siege.gate();
  await siege.acknowledged(10, gate);
  const servingAgainMs = [Math.round(performance.now() - startMs)];
  const outcome = await siege.end();
  await gate.stop();
  return { ...outcome, servingAgainMs };
}

async function play(play: Play): Promise<Outcome> {
  const parts: Partial<Outcome>[] = [];
  for (const point of play.isBrief ? [] : pointsOf(OF_CREATION)) {
    const siege = new Siege(play, { accounts: ACCOUNTS, applications: 200 });
    parts.push(await killedAt(siege, point), await aliveAgain(siege));
  }
  const points = (play.isBrief ? BRIEF : pointsOf(LATER)).slice(0, play.rounds ?? 1_000);
  const siege = new Siege(play, { accounts: ACCOUNTS, applications: 60 * points.length + 200 });
  for (const point of points) {
    play.say(`kill at ${point.call} ${point.when}`);
    const part = await killedAt(siege, point);
    const { lost, reordered, doubled, failures } = await siege.judged();
    parts.push(part, { lost, reordered, doubled, failures });
  }
  parts.push(await aliveAgain(siege));
  return summed(parts);
}

export const killedAtCall: Scenario = {
  name: 'killed-at-call',
  title: 'kill -9 at each system call of the path of an acknowledgement, one after the other',
  play,
};

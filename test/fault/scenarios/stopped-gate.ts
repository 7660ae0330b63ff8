/**
 * SIGSTOP and SIGCONT to the gate: under load, and around the opening. While it stands still,
 * frames of people who send too early pile up in its sockets; when it goes on after the opening,
 * each of them is refused, as if it had been read in time.
 */

import { chanceOf } from '#test/fault/stage/random.ts';
import {
  type Outcome,
  type Play,
  roundsOf,
  type Scenario,
  summed,
} from '#test/fault/stage/scenario.ts';
import { FAR_MS, Siege } from '#test/fault/stage/siege.ts';
import { pause } from '#test/support/processes.ts';

const STOP_MS_MAX = 800;

async function underLoad(play: Play): Promise<Outcome> {
  const rounds = roundsOf(play, { brief: 2, full: 20 });
  const chance = chanceOf(play.seed);
  const siege = new Siege(play, { accounts: 8, applications: 1_000 * rounds });
  const gate = await siege.gate();
  const servingAgainMs: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await siege.acknowledged(1 + chance.integer(200), gate);
    gate.signal('SIGSTOP');
    await pause(chance.between(50, STOP_MS_MAX));
    gate.signal('SIGCONT');
    servingAgainMs.push(Math.round(await siege.book.untilNext()));
  }
  const outcome = await siege.end();
  await gate.stop();
  return summed([outcome, { rounds, servingAgainMs }]);
}

/** Stopped before the opening, goes on after it: `book` knows who was let in too early. */
async function aroundOpening(play: Play): Promise<Outcome> {
  const rounds = roundsOf(play, { brief: 1, full: 5 });
  const parts: Outcome[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const size = { accounts: 8, applications: 100, inFlight: 16 };
    const siege = new Siege(play, { ...size, opensInMs: FAR_MS });
    const gate = await siege.gate();
    const opensAtMs = siege.openIn(2_000);
    await siege.book.until(() => (siege.book.refusals.get('TOO_EARLY') ?? 0) >= 8);
    await pause(opensAtMs - Date.now() - 150 - 50 * round);
    gate.signal('SIGSTOP');
    await pause(opensAtMs + 200 - Date.now());
    const before = siege.book.refusals.get('TOO_EARLY') ?? 0;
    gate.signal('SIGCONT');
    const servingAgainMs = [Math.round(await siege.book.untilNext())];
    await Promise.all(siege.clients.map((client) => client.finished));
    const outcome = await siege.judged();
    await gate.stop();
    const parked = (siege.book.refusals.get('TOO_EARLY') ?? 0) - before;
    parts.push(
      summed([
        outcome,
        {
          rounds: 1,
          servingAgainMs,
          failures: parked > 0 ? [] : ['nothing that was sent too early was refused after it'],
        },
      ]),
    );
  }
  return summed(parts);
}

export const stoppedGate: Scenario = {
  name: 'stopped-gate',
  title: 'SIGSTOP and SIGCONT to the gate, under load and around the opening',
  play: async (play) => summed([await underLoad(play), await aroundOpening(play)]),
};

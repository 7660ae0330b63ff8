/**
 * Answers that never arrive: a line that is cut right after the sending, and one that only seems to
 * live (a relay on the way passes on what is sent, and nothing of what comes back). Whoever asks
 * again, over a new line, gets the place that the first sending got, and no second one. Two devices
 * that submit the same application at once get the same place both.
 */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { GateAlone } from '#test/fault/stage/gate-alone.ts';
import { finished, type LoadClient, startLoad } from '#test/fault/stage/load-client.ts';
import { chanceOf } from '#test/fault/stage/random.ts';
import {
  type Outcome,
  type Play,
  roundsOf,
  type Scenario,
  summed,
} from '#test/fault/stage/scenario.ts';
import { Siege } from '#test/fault/stage/siege.ts';
import { pause } from '#test/support/processes.ts';
import type { Scope } from '#test/support/scope.ts';

/** A relay to the gate that can be made deaf in the one direction. */
async function relayTo(scope: Scope, port: number) {
  let isDeaf = false;
  const lines = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect({ host: '127.0.0.1', port });
    for (const end of [near, far]) {
      lines.add(end);
      end.on('error', () => undefined);
      end.on('close', () => {
        near.destroy();
        far.destroy();
      });
    }
    near.on('data', (bytes) => far.write(bytes));
    far.on('data', (bytes) => void (isDeaf || near.write(bytes)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cutAll = () => {
    for (const line of lines) line.destroy();
    lines.clear();
  };
  scope.onEnd(() => {
    cutAll();
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    deafen: (deaf: boolean) => {
      isDeaf = deaf;
    },
    cutAll,
  };
}

const SPREAD_MS = 60;

async function halfOpen(play: Play, gate: GateAlone, siege: Siege): Promise<LoadClient[]> {
  const rounds = roundsOf(play, { brief: 3, full: 30 });
  const relay = await relayTo(play.scope, gate.port);
  const chance = chanceOf(play.seed);
  const url = () => `ws://127.0.0.1:${relay.port}/v1/submissions`;
  const clients = startLoad(siege.stage.accounts, { url, book: siege.book, chance });
  for (let round = 0; round < rounds; round += 1) {
    await siege.book.untilNext();
    await pause(chance.integer(SPREAD_MS));
    relay.deafen(round % 2 === 0);
    await pause(chance.integer(SPREAD_MS));
    relay.cutAll();
    relay.deafen(false);
  }
  return clients;
}

async function play(play: Play): Promise<Outcome> {
  const rounds = roundsOf(play, { brief: 3, full: 30 });
  const siege = new Siege(play, { accounts: 8, applications: 150 * rounds });
  const gate = await siege.gate({ isLoaded: false });
  // Into the same book, which notices when one application is told two places.
  const { book, stage } = siege;
  const url = () => gate.url;
  const others = startLoad(stage.accounts, { url, book, chance: chanceOf(play.seed + 1) });
  const clients = await halfOpen(play, gate, siege);
  await finished([...clients, ...others]);
  const outcome = await siege.judged();
  await gate.stop();
  return summed([outcome, { rounds }]);
}

export const lostAnswers: Scenario = {
  name: 'lost-answers',
  title: 'lines cut or deaf after the sending, and the same applications from two devices',
  play,
};

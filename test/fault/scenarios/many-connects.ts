/**
 * Thousands of new connections in the second of the opening: those that were connected before lose
 * nothing by it, and every newcomer is either served or refused, none is left hanging.
 */
import { connect, type Socket } from 'node:net';
import { upgradeRequest } from '#bench/drivers/handshake.ts';
import { finished } from '#test/fault/stage/load-client.ts';
import { type Outcome, type Play, type Scenario, summed } from '#test/fault/stage/scenario.ts';
import { FAR_MS, Siege } from '#test/fault/stage/siege.ts';
import { pause } from '#test/support/processes.ts';

const NEWCOMERS = 10_000;
const BRIEF = 500;
/** Spread over the second, in this many bursts. */
const BURSTS = 20;
const OPENS_IN_MS = 3_000;
const BURST_EVERY_MS = 50;

interface Arrivals {
  served: number;
  refused: number;
  readonly sockets: Socket[];
}

/** One newcomer; resolves when it is served or refused. */
function arrive(port: number, arrivals: Arrivals): Promise<void> {
  const socket = connect({ host: '127.0.0.1', port });
  arrivals.sockets.push(socket);
  return new Promise((resolve) => {
    let isOver = false;
    const over = (what: 'served' | 'refused') => {
      if (!isOver) arrivals[what] += 1;
      isOver = true;
      resolve();
    };
    socket.once('connect', () => {
      socket.write(upgradeRequest({ host: '127.0.0.1', port, path: '/v1/submissions' }));
    });
    socket.once('data', (bytes) => over(bytes.includes('101 ') ? 'served' : 'refused'));
    socket.once('error', () => over('refused'));
    socket.once('close', () => over('refused'));
  });
}

async function play(play: Play): Promise<Outcome> {
  const count = play.rounds ?? (play.isBrief ? BRIEF : NEWCOMERS);
  const siege = new Siege(play, { accounts: 20, applications: 200, opensInMs: FAR_MS });
  const gate = await siege.gate();
  const opensAtMs = siege.openIn(OPENS_IN_MS);
  const arrivals: Arrivals = { served: 0, refused: 0, sockets: [] };
  const all: Promise<void>[] = [];
  await pause(opensAtMs - 100 - Date.now());
  for (let burst = 0; burst < BURSTS; burst += 1) {
    for (let at = 0; at < count / BURSTS; at += 1) all.push(arrive(gate.port, arrivals));
    await pause(BURST_EVERY_MS);
  }
  const tookMs = Math.round(Date.now() - opensAtMs);
  await Promise.all(all);
  await finished(siege.clients);
  for (const socket of arrivals.sockets) socket.destroy();
  const outcome = await siege.judged();
  await gate.stop();
  const { served, refused } = arrivals;
  const isCut = siege.clients.some(({ connections }) => connections !== 1);
  return summed([
    outcome,
    {
      rounds: served + refused,
      failures: isCut ? ['a connection from before was cut'] : [],
      notes: [`${served} newcomers served, ${refused} refused; all had come ${tookMs} ms after`],
    },
  ]);
}

export const manyConnects: Scenario = {
  name: 'many-connects',
  title: '10,000 new connections in the second of the opening',
  play,
};

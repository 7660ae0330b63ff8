/**
 * The gate beside its peers: each turn plays the gate behind both doors and every peer behind its
 * own, under each load of the door, all within two minutes. A first run of each, which is thrown
 * away, says how many submissions make a run of the wished length. A peer that cannot be had here
 * becomes a row that says why.
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CLOSED_LOOP, COUNTS } from '#bench/methods.ts';
import { type Door, PEERS } from '#bench/peers/roster.ts';
import { NotDone, type Wishes } from '#bench/peers/store-server.ts';
import type { Outcome, Say } from '#bench/scenario.ts';
import {
  GATE,
  type PeerLoad,
  type PeerRun,
  preparePeerLoad,
  runGateFor,
  runPeer,
  shortened,
} from '#bench/scenarios/peers.ts';
import { peerFigures } from '#bench/scenarios/peers-figures.ts';
import { faultsOf, loadName, runTable } from '#bench/scenarios/run-table.ts';
import type { Shape } from '#bench/scenarios/submissions.ts';

export interface PeersSizes extends Wishes {
  readonly runs: number;
  /** Length of a run that is aimed at; all prepared submissions where it is not said. */
  readonly seconds?: number;
  /** The loads that each server behind a door gets in each turn. */
  readonly shapes: Readonly<Record<Door, readonly Shape[]>>;
}

export const METHOD = `${CLOSED_LOOP} Each peer does the gate's work: takes the submission, checks
the passbook (Ed25519, once), refuses outside the window, gives a number, has it on disk before it
answers, and answers with the members of \`accepted\`. Otherwise it does less than the gate: no
turns, no limits by account, no Merkle log.

A ratio is the median of the turns, each the gate's rate over the peer's of the same turn, each
under that of the loads of its door under which it does most: the gate needs many submissions on
their way at once, while a server of Node's leaves some of many new connections waiting for seconds
and does more with few.
*Own doors*: the gate over WebSocket, the way it is made for, and the peer over HTTP, the way it is.
*Both HTTP*: one generator and one protocol for both. HTTP is autocannon, one submission a request
on keep-alive connections, each with its passbook in the headers; WebSocket is the swarm. Server
CPU is that of the program that answers, without its store's processes. Where the generator's CPU
is near 100 % the server can do more than its row says, and the ratio is too small for the faster
one. ${COUNTS}

Durability: the file with fdatasync a batch; Redis \`appendonly yes\`, \`appendfsync always\`;
PostgreSQL \`fsync=on\`, \`synchronous_commit=on\`, \`full_page_writes=on\`; JetStream
\`sync_interval: always\`, which syncs each message by itself.`;

export const FULL: PeersSizes = {
  ...{ runs: 5, seconds: 5, mayInstall: true },
  shapes: {
    WebSocket: [
      { connections: 400, inFlight: 4, applications: 360_000 },
      { connections: 400, inFlight: 8, applications: 360_000 },
    ],
    HTTP: [
      { connections: 256, inFlight: 1, applications: 153_600 },
      { connections: 1_024, inFlight: 1, applications: 153_600 },
    ],
  },
};
export const QUICK: PeersSizes = {
  ...{ runs: 1, mayInstall: false },
  shapes: {
    WebSocket: [{ connections: 100, inFlight: 4, applications: 4_000 }],
    HTTP: [{ connections: 50, inFlight: 1, applications: 500 }],
  },
};

/** PostgreSQL runs as a user of its own and must reach its folder below this one. */
const PASSABLE = 0o711;
const TRIAL_APPLICATIONS = 8_000;

/** A server behind a door, and how one run of it is made. */
interface Contender {
  readonly name: string;
  readonly load: PeerLoad;
  run(load: PeerLoad): Promise<PeerRun>;
}

function contenders(loads: readonly PeerLoad[], wishes: Wishes): Contender[] {
  return loads.flatMap((load): Contender[] => {
    const peers = PEERS.filter((peer) => peer.door === load.door);
    return [
      { name: GATE, load, run: runGateFor },
      ...peers.map((peer) => ({
        ...{ name: peer.name, load },
        run: (some: PeerLoad) => runPeer(peer, some, wishes),
      })),
    ];
  });
}

function sayRun(run: PeerRun, say: Say) {
  const { ratePerSecond, elapsedMs } = run.result;
  const seconds = (elapsedMs / 1_000).toFixed(1);
  say(`${run.peer}, ${loadName(run)}: ${Math.round(ratePerSecond)}/s over ${seconds} s`);
  for (const fault of faultsOf(run).slice(0, 5)) say(`  FAULT ${fault}`);
}

/** Runs contenders and keeps in `missing` those that cannot be had, with the reason. */
function createAttempts(missing: Map<string, string>, say: Say) {
  return async (one: Contender, load: PeerLoad): Promise<PeerRun[]> => {
    if (missing.has(one.name)) return [];
    try {
      const run = await one.run(load);
      sayRun(run, say);
      return [run];
    } catch (cause) {
      if (!(cause instanceof NotDone)) throw cause;
      missing.set(one.name, cause.message);
      say(`${one.name} not done: ${cause.message}`);
      return [];
    }
  };
}

type Attempt = ReturnType<typeof createAttempts>;

/** The same contenders, each with a load for a run of about `seconds`. */
async function withLength(
  all: readonly Contender[],
  seconds: number,
  attempt: Attempt,
): Promise<Contender[]> {
  const sized: Contender[] = [];
  for (const one of all) {
    for (const { result } of await attempt(one, shortened(one.load, TRIAL_APPLICATIONS))) {
      sized.push({ ...one, load: shortened(one.load, seconds * result.ratePerSecond) });
    }
  }
  return sized;
}

/** Ratios of gate and peers, behind their own doors and behind the same. */
export async function measurePeers(sizes: PeersSizes, say: Say): Promise<Outcome> {
  const directory = mkdtempSync(join(tmpdir(), 'clickday-peers-'));
  chmodSync(directory, PASSABLE);
  const loadsOf = (door: Door) =>
    sizes.shapes[door].map((shape, at) =>
      preparePeerLoad({ door, shape, directory: join(directory, `${door}-${at}`) }),
    );
  try {
    const { seconds, runs } = sizes;
    const missing = new Map<string, string>();
    const attempt = createAttempts(missing, say);
    const all = contenders([...loadsOf('WebSocket'), ...loadsOf('HTTP')], sizes);
    const ready = seconds === undefined ? all : await withLength(all, seconds, attempt);
    const done: PeerRun[] = [];
    for (let turn = 0; turn < runs; turn += 1) {
      for (const one of ready) done.push(...(await attempt(one, one.load)));
    }
    const versions = [...new Set(done.map(({ version }) => version).filter(Boolean))];
    return { figures: peerFigures(done, missing), tables: [runTable(done)], versions };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

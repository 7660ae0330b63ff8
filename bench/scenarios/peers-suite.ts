/**
 * `npm run bench -- --peers`: gate and peers in turns, the limits, the table, and with `--write`
 * the section of RESULTS.md. A peer that cannot be had here becomes a row that says why.
 */
import { chmodSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { type Door, PEERS, type Peer } from '#bench/peers/roster.ts';
import { NotDone } from '#bench/peers/store-server.ts';
import { writeSection } from '#bench/results-page.ts';
import {
  GATE,
  type PeerLoad,
  type PeerRun,
  preparePeerLoad,
  runGateFor,
  runPeer,
} from '#bench/scenarios/peers.ts';
import { measureLimits } from '#bench/scenarios/peers-limits.ts';
import { type Omission, peersSection, peersTable } from '#bench/scenarios/peers-report.ts';
import type { Shape } from '#bench/scenarios/submissions.ts';

const FULL: Readonly<Record<Door, Shape>> = {
  WebSocket: { connections: 400, inFlight: 4, applications: 40_000 },
  HTTP: { connections: 256, inFlight: 1, applications: 15_360 },
};
const QUICK: Readonly<Record<Door, Shape>> = {
  WebSocket: { connections: 100, inFlight: 4, applications: 2_000 },
  HTTP: { connections: 100, inFlight: 1, applications: 2_000 },
};

/** PostgreSQL runs as a user of its own and must reach its folder below this one. */
const PASSABLE = 0o711;

const say = (text: string) => process.stderr.write(`bench: ${text}\n`);

/** Every submission acknowledged on a connection that lived, all of it found in the store. */
function counts({ result, violations }: PeerRun): boolean {
  const { acknowledgements, failures } = result;
  return failures.length === 0 && acknowledgements.length > 0 && violations.length === 0;
}

function sayRun(run: PeerRun) {
  const { ratePerSecond, failures, acknowledgements } = run.result;
  say(
    `${run.peer}, ${run.door}: ${Math.round(ratePerSecond)}/s, ${acknowledgements.length} in all`,
  );
  for (const what of [...failures, ...run.violations].slice(0, 5)) say(`  VIOLATION ${what}`);
}

/** Runs a door's gate and peers in turns. */
async function runDoor(load: PeerLoad, peers: readonly Peer[], runs: number) {
  const done: PeerRun[] = [];
  const missing = new Map<Peer, Omission>();
  for (let turn = 0; turn < runs; turn += 1) {
    done.push(await runGateFor(load));
    sayRun(done.at(-1)!);
    for (const peer of peers.filter((one) => !missing.has(one))) {
      try {
        done.push(await runPeer(peer, load));
        sayRun(done.at(-1)!);
      } catch (cause) {
        if (!(cause instanceof NotDone)) throw cause;
        missing.set(peer, { peer: peer.name, reason: cause.message });
        say(`${peer.name} not done: ${cause.message}`);
      }
    }
  }
  return { done, omissions: [...missing.values()] };
}

/** Measures, prints, writes; true when every run counts. */
export async function comparePeers(options: {
  directory: string;
  machine: string;
  runs: number;
  quick: boolean;
  write: boolean;
}): Promise<boolean> {
  const { directory, runs } = options;
  const machine = `${options.machine} · load average before the first run ${loadavg()[0]!.toFixed(1)}`;
  chmodSync(directory, PASSABLE);
  const all: PeerRun[] = [];
  const omissions: Omission[] = [];
  for (const door of ['WebSocket', 'HTTP'] as const) {
    const shape = (options.quick ? QUICK : FULL)[door];
    say(`making ${shape.applications} ready applications for ${door}`);
    const load = await preparePeerLoad({ door, shape, directory: join(directory, door) });
    const peers = PEERS.filter((peer) => peer.door === door);
    const ran = await runDoor(load, peers, runs);
    all.push(...ran.done);
    omissions.push(...ran.omissions);
  }
  const limits = await measureLimits(directory, runs);
  const figures = { runs: all, omissions, limits };
  process.stdout.write(`${machine}\n\n${peersTable(figures)}\n`);
  if (options.write) {
    const day = new Date().toISOString().slice(0, 10);
    writeSection('Peers', peersSection(figures, { machine, day }));
  }
  return all.every(counts) && all.some(({ peer }) => peer === GATE);
}

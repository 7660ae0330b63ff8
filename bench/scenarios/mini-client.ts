/**
 * The mini-client: how soon after the opening its first frame arrives over simulated networks, how
 * much memory the real process takes, and whether it keeps its slots full.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkRun } from '#bench/check.ts';
import { buildExecutable } from '#bench/drivers/executable.ts';
import type { Acknowledgement } from '#bench/drivers/swarm.ts';
import { peakResidentMiB } from '#bench/fairness/gate.ts';
import { atMost, type Figure, noneOf, reported } from '#bench/figures.ts';
import type { Say } from '#bench/scenario.ts';
import { type LoadedGate, loadGate, startLoadedGate } from '#bench/scenarios/gate-load.ts';
import { arrivalFigures } from '#bench/scenarios/mini-client-arrival.ts';
import { layReadyLoad, type ReadyLoad } from '#bench/scenarios/ready-load.ts';
import type { FixtureAccount } from '#bench/system.ts';
import {
  layPreparation,
  type MiniClientProcess,
  startSending,
  type ToldEvent,
} from '#test/support/mini-client-process.ts';

export interface MiniClientSizes {
  readonly runs: number;
  /** Simulated networks. */
  readonly networks: number;
  /** Applications of the client that waits, and whose memory is told. */
  readonly waiting: number;
  /** Applications of the client that sends as quickly as it may. */
  readonly sent: number;
  /** Whether the executable is built and measured as well. */
  readonly hasExecutable: boolean;
}

export const FULL: MiniClientSizes = {
  ...{ runs: 5, networks: 200, waiting: 500, sent: 5_000, hasExecutable: true },
};
export const QUICK: MiniClientSizes = {
  ...{ runs: 1, networks: 40, waiting: 100, sent: 1_000, hasExecutable: false },
};

export const METHOD = `Arrival: the client's core against a simulated gate and line, seed by seed
(\`test/support/arrival-networks.ts\`): delays of 1 to 300 ms, ways uneven by up to 50 ms, four
kinds of jitter up to 40 ms, in half of them up to 3 % of packets lost (TCP sends them again after
200 ms or more), the gate's clock wrong by up to what it says, the client's by 100 ppm. Lateness is
counted from the instant at which the gate lets in. The control aims at the slowest way it saw.

Memory and slots: the real process, prepared as \`prepare\` leaves it, and a real gate on the same
cores. Memory is the peak (VmHWM) over waiting and sending; the target is that of the executable
that people download: from the sources Node takes the types out first. The time that the in-flight
limit allows is applications ÷ limit × mean time from a frame to its answer, commit included; beside
it stands a bare socket that does nothing but send (one connection, as many in flight, before each
run). Every acknowledgement must be in the verified ledger.`;

const IN_FLIGHT = 8;
const OPENS_IN_US = 7_000_000;
const MEMORY_MB_MAX = 120;
const MEMORY_TARGET = { target: `≤ ${MEMORY_MB_MAX}`, ...atMost(MEMORY_MB_MAX) };
const SLOT_SHARE_MAX = 0.1;
const LOOK_MS = 20;
const MIB = 2 ** 20;

/** All figures of the mini-client. */
export async function measureMiniClient(sizes: MiniClientSizes, say: Say): Promise<Figure[]> {
  return [...(await arrivalFigures(sizes.networks, say)), ...(await processFigures(sizes, say))];
}

/** A form in which people have the mini-client; `path` undefined: run from the sources. */
interface Program {
  readonly kind: string;
  readonly path: string | undefined;
}

interface Stage {
  readonly directory: string;
  readonly load: ReadyLoad;
  readonly gate: LoadedGate;
  readonly acknowledgements: Acknowledgement[];
  readonly faults: string[];
}

async function processFigures(sizes: MiniClientSizes, say: Say): Promise<Figure[]> {
  const directory = mkdtempSync(join(tmpdir(), 'clickday-mini-client-'));
  try {
    const programs: Program[] = [{ kind: 'from the sources', path: undefined }];
    if (sizes.hasExecutable) {
      programs.push({ kind: 'one executable file', path: await buildExecutable(directory) });
    }
    const waiting = { directory, name: 'waiting', opensInUs: OPENS_IN_US };
    const sending = { directory, name: 'sending', opensInUs: undefined };
    return [
      ...(await measured(waiting, (stage) => waitingRuns(stage, sizes.waiting, programs))),
      ...(await measured(sending, (stage) => sendingRuns(stage, sizes, say))),
    ];
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** One client for each program, all waiting for one opening, and the peak of its memory. */
async function waitingRuns(
  stage: Stage,
  waiting: number,
  programs: readonly Program[],
): Promise<Figure[]> {
  const peaks = await Promise.all(
    programs.map(async ({ path }) => {
      const client = clientOf(stage, stage.load.accounts(1, waiting)[0]!, path);
      let mib = 0;
      await finished(stage, client, waiting, () => {
        mib = Math.max(mib, peakResidentMiB(client.pid) || 0);
      });
      return mib;
    }),
  );
  return programs.map(({ kind, path }, at) => ({
    scenario: `${waiting} applications, resident memory at most, ${kind}, MB`,
    ...(path === undefined ? reported : MEMORY_TARGET),
    values: [(peaks[at]! * MIB) / 1e6],
  }));
}

/** Does `work` beside a gate on a ledger of its own, and checks all that was acknowledged. */
async function measured(
  {
    directory,
    name,
    opensInUs,
  }: { directory: string; name: string; opensInUs: number | undefined },
  work: (stage: Stage) => Promise<Figure[]>,
): Promise<Figure[]> {
  const data = join(directory, name);
  const opensAtUs = opensInUs === undefined ? undefined : Date.now() * 1_000 + opensInUs;
  const load = layReadyLoad(data, opensAtUs);
  const gate = await startLoadedGate(data);
  const stage: Stage = { directory: data, load, gate, acknowledgements: [], faults: [] };
  try {
    const figures = await work(stage);
    await gate.stop();
    stage.faults.push(...(await checkRun(data, stage.acknowledgements)));
    return [...figures, noneOf(`${name}: lost, doubled or refused`, [stage.faults.length])];
  } finally {
    await gate.stop();
  }
}

function clientOf(stage: Stage, account: FixtureAccount, program?: string): MiniClientProcess {
  const directory = join(stage.directory, account.account);
  const gates = [`ws://127.0.0.1:${stage.gate.port}/v1/submissions`];
  const { passbooks, applications } = account;
  layPreparation(directory, { clickDay: stage.load.clickDays[0]!, gates, passbooks, applications });
  return startSending({ directory, ...(program !== undefined && { program }) });
}

/** Waits for the end of a client, looking at it now and then, and keeps what it was told. */
async function finished(
  stage: Stage,
  client: MiniClientProcess,
  wanted: number,
  look: () => void,
): Promise<ToldEvent[]> {
  const looking = setInterval(() => {
    try {
      look();
    } catch {
      // It has just ended.
    }
  }, LOOK_MS);
  const status = await client.ended;
  clearInterval(looking);
  const accepted = client.events.filter(({ event }) => event === 'accepted');
  for (const { application, seq, stamp } of accepted) {
    stage.acknowledgements.push({ application, seq, stamp } as Acknowledgement);
  }
  if (status !== 0 || accepted.length !== wanted) {
    stage.faults.push(`exit ${status}, ${accepted.length} of ${wanted}: ${client.stderr()}`);
  }
  return accepted;
}

async function sendingRuns(stage: Stage, sizes: MiniClientSizes, say: Say): Promise<Figure[]> {
  const [shares, beside, ratesPerSecond]: [number[], number[], number[]] = [[], [], []];
  for (let run = 0; run < sizes.runs; run += 1) {
    const bare = await loadGate(stage.gate, {
      ...{ accounts: stage.load.accounts(1, sizes.sent), inFlight: IN_FLIGHT },
    });
    stage.acknowledgements.push(...bare.result.acknowledgements);
    const client = clientOf(stage, stage.load.accounts(1, sizes.sent)[0]!);
    const accepted = await finished(stage, client, sizes.sent, () => undefined);
    const { elapsedMs, expectedMs } = timesOf(accepted);
    shares.push(elapsedMs / expectedMs - 1);
    beside.push(elapsedMs / bare.result.elapsedMs);
    ratesPerSecond.push((sizes.sent / elapsedMs) * 1_000);
    say(`${sizes.sent} in ${elapsedMs.toFixed(0)} ms, allowed ${expectedMs.toFixed(0)} ms`);
  }
  const name = `${sizes.sent.toLocaleString('en')} applications of one client`;
  return [
    {
      ...{ scenario: `${name}: longer than the in-flight limit allows, share`, digits: 3 },
      ...{ target: `≤ ${SLOT_SHARE_MAX}`, ...atMost(SLOT_SHARE_MAX), values: shares },
    },
    { scenario: `${name}: time ÷ that of a bare socket`, ...reported, digits: 2, values: beside },
    {
      scenario: `${name}: accepted a second`,
      ...reported,
      worst: 'lowest',
      values: ratesPerSecond,
    },
  ];
}

/** From the first frame to the last answer, and what the limit allows at the mean answer time. */
export function timesOf(accepted: readonly ToldEvent[]): {
  readonly elapsedMs: number;
  readonly expectedMs: number;
} {
  const sent = accepted.map(({ sentAtUs }) => Number(sentAtUs) / 1_000);
  const latencies = accepted.map(({ latencyMs }) => Number(latencyMs));
  const answered = sent.map((ms, at) => ms + latencies[at]!);
  const elapsedMs = answered.reduce((one, other) => Math.max(one, other)) - Math.min(...sent);
  const meanMs = latencies.reduce((sum, ms) => sum + ms, 0) / latencies.length;
  return { elapsedMs, expectedMs: (accepted.length / IN_FLIGHT) * meanMs };
}

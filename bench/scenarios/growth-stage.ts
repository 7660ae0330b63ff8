/**
 * The ledgers of the growth scenario: how they are filled through a gate, and what a gate that has
 * just been started on one of them does. Every acknowledgement is looked up in the ledger at once.
 */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { checkTail } from '#bench/check.ts';
import { residentMiB } from '#bench/fairness/gate.ts';
import type { Say } from '#bench/scenario.ts';
import { watchCheckpoints } from '#bench/scenarios/checkpoints.ts';
import {
  type LoadedGate,
  loadGate,
  startLoadedGate,
  unanswered,
} from '#bench/scenarios/gate-load.ts';
import type { ReadyLoad } from '#bench/scenarios/ready-load.ts';

export interface GrowthSizes {
  readonly runs: number;
  /** Entries of the large ledger, and of the small one. */
  readonly many: number;
  readonly few: number;
  /** Submissions of a round while filling, and of a load that counts. */
  readonly round: number;
  readonly probe: number;
  readonly connections: number;
  readonly inFlight: number;
}

export const GATE = 'g1';

/** A data directory and how many entries its ledger must hold. */
export interface Ledger {
  readonly data: string;
  held: number;
}

/** What the scenario works with, and all that went wrong so far. */
export interface Stage {
  readonly directory: string;
  readonly sizes: GrowthSizes;
  readonly load: ReadyLoad;
  readonly say: Say;
  readonly faults: string[];
}

/** An empty ledger on a copy of the papers. */
export function emptyLedger({ directory, load }: Stage, name: string): Ledger {
  const data = join(directory, name);
  cpSync(load.data, data, { recursive: true });
  return { data, held: 0 };
}

/** New submissions through a gate, each found in the ledger afterwards. */
async function submit(stage: Stage, at: { gate: LoadedGate; ledger: Ledger }, amount: number) {
  const { sizes, load, faults } = stage;
  const { gate, ledger } = at;
  const each = Math.ceil(amount / sizes.connections);
  const accounts = load.accounts(sizes.connections, each);
  const { result } = await loadGate(gate, { accounts, inFlight: sizes.inFlight });
  const { acknowledgements } = result;
  const from = { data: ledger.data, gate: GATE, fromSeq: ledger.held + 1 };
  faults.push(...unanswered(result, each * sizes.connections));
  faults.push(...(await checkTail({ ...from, acknowledgements })));
  ledger.held += acknowledgements.length;
  return { rate: result.ratePerSecond, generatorShare: result.cpuShare };
}

/** Fills a ledger and tells rate and memory of each round. */
export async function fill(stage: Stage, ledger: Ledger) {
  const { many, round } = stage.sizes;
  const gate = await startLoadedGate(ledger.data);
  const rates: number[] = [];
  const memory: [number, number][] = [[0, residentMiB(gate.pid)]];
  try {
    while (ledger.held < many && stage.faults.length === 0) {
      const amount = Math.min(round, many - ledger.held);
      rates.push((await submit(stage, { gate, ledger }, amount)).rate);
      memory.push([ledger.held, residentMiB(gate.pid)]);
      stage.say(`${ledger.held} entries: ${Math.round(rates.at(-1)!)}/s`);
    }
  } finally {
    await gate.stop();
  }
  return { rates, memory };
}

/**
 * Waits until a gate's log has signed all that its ledger holds: before, its thread still reads and
 * hashes what was there at the start, weeks before an opening. Returns the time that took, s.
 */
async function signedSeconds({ port }: LoadedGate, { held }: Ledger): Promise<number> {
  const beginMs = performance.now();
  const watch = watchCheckpoints(port);
  watch.begin();
  watch.loadEnded();
  await watch.until(held);
  return (performance.now() - beginMs) / 1_000;
}

/** A gate that was started anew: its first load, the rate of the second, what it costs. */
export async function probe(stage: Stage, ledger: Ledger) {
  const { few, probe: counted } = stage.sizes;
  const gate = await startLoadedGate(ledger.data);
  const at = { gate, ledger };
  try {
    const startedMiB = residentMiB(gate.pid);
    const signedAfter = await signedSeconds(gate, ledger);
    await submit(stage, at, few);
    const { rate, generatorShare } = await submit(stage, at, counted);
    const { held } = ledger;
    stage.say(
      `${Math.round(rate)}/s at ${held} entries, started in ${Math.round(gate.startMs)} ms`,
    );
    return { rate, generatorShare, startSeconds: gate.startMs / 1_000, signedAfter, startedMiB };
  } finally {
    await gate.stop();
  }
}

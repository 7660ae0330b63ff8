/**
 * Plays one scenario: a real gate or two, the real mini-client behind the lines, and a judgement
 * from what the client told, its journal and the verified ledgers.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkRun } from '#bench/check.ts';
import { layReadyLoad } from '#bench/scenarios/ready-load.ts';
import { usFromIso } from '#protocol/time.ts';
import { faultsOf, toldIn } from '#test/mini-client/judge.ts';
import { refusalsIn } from '#test/mini-client/network-early.ts';
import type { NetworkScenario, Scene } from '#test/mini-client/network-scenarios.ts';
import { type NetworkStage, openNetworkStage, type Seen } from '#test/mini-client/network-stage.ts';
import {
  layPreparation,
  type MiniClientProcess,
  startSending,
  type ToldEvent,
} from '#test/support/mini-client-process.ts';
import { eventually, pause } from '#test/support/processes.ts';
import type { Scope } from '#test/support/scope.ts';

/** What came of a scenario. Times are microseconds of the gate's clock, from the opening. */
export interface Findings extends Seen {
  /** What was not kept, as sentences. */
  readonly faults: readonly string[];
  /** By the gate's clock: refused because it was not time (network-early.ts), or stamped so. */
  readonly early: number;
  /** Refused because they were read in the pass over all sockets with which the gate opens. */
  readonly withIt: number;
  /** Applications accepted in the end, and those that were not. */
  readonly accepted: number;
  readonly lost: number;
  readonly firstUs: number;
  readonly lastUs: number;
  /** Within what the client said that it would arrive when it left, and the round trip it saw. */
  readonly statedUs: number;
  readonly roundTripUs: number;
  readonly connected: number;
  /** Packets over all lines. */
  readonly passed: number;
  readonly dropped: number;
}

/** From the client's being connected to the opening. */
const OPENS_IN_MS = 12_000;
/** Connecting may take half a minute when a gate cannot be reached, and others use the machine. */
const CONNECTED_MS_MAX = 300_000;
const FAR_US = 3_600_000_000;
const TIME_LIMIT_S = 600;

export async function played(
  scenario: NetworkScenario,
  applicationCount: number,
  scope: Scope,
): Promise<Findings> {
  const stage = openNetworkStage(scope, scenario.gates);
  const directory = mkdtempSync(join(tmpdir(), 'clickday-network-'));
  scope.onEnd(() => rmSync(directory, { recursive: true, force: true }));
  const data = join(directory, 'data');
  const home = join(directory, 'client');
  const load = layReadyLoad(data, Date.now() * 1_000 + FAR_US);
  const gates: { url: string; id: string }[] = [];
  for (let number = 1; number <= scenario.gates; number += 1) {
    gates.push(await stage.startGate(data, number));
  }
  const urls = gates.map(({ url }) => url);
  const [account] = load.accounts(1, applicationCount);
  const { passbooks, applications } = account!;
  layPreparation(home, { clickDay: load.clickDays[0]!, gates: urls, passbooks, applications });
  scenario.prepare(stage);
  const roundTripMs = () => stage.line(1).soonestMs('there') + stage.line(1).soonestMs('back');
  const roundTripMsBefore = roundTripMs();
  const lives: MiniClientProcess[] = [];
  const start = () => {
    const words = ['--time-limit', String(TIME_LIMIT_S), ...(scenario.words ?? [])];
    const life = startSending({ directory: home, words, command: stage.inside });
    scope.onEnd(() => life.kill('SIGKILL'));
    lives.push(life);
  };
  start();
  const scene = sceneOf({ stage, urls, lives, start });
  await scenario.whileConnecting?.(scene);
  await scene.heard('connected');
  const opensAtMs = Date.now() + OPENS_IN_MS;
  load.openAt(opensAtMs * 1_000);
  for (const { atMs, act } of scenario.acts ?? []) {
    await pause(opensAtMs + atMs - Date.now());
    await act(scene);
  }
  const exitStatus = await lives.at(-1)!.ended;
  const events = lives.map((life) => life.events);
  const journal = readFileSync(join(home, 'journal.ndjson'), 'utf8');
  const roundTripMsMin = Math.min(roundTripMsBefore, roundTripMs());
  const soonestMs = gates.map((_, at) => stage.line(at + 1).soonestMs('there'));
  const facts = factsOf(events, {
    ...{ opensAtUs: opensAtMs * 1_000, soonestUs: Math.min(...soonestMs) * 1_000 },
    applicationCount: applications.length,
  });
  const counts = countsOf(stage, scenario.gates);
  const faults = faultsOf({ applications, lives: events, exitStatus, journal });
  for (const { id } of gates) {
    const told = events.flatMap(toldIn).filter(({ protocol }) => protocol.includes(`/${id}/`));
    faults.push(...(await checkRun(data, told, id)));
  }
  faults.push(...broken(scenario, { ...facts, ...counts }, { events, roundTripMsMin }));
  return { ...facts, ...counts, faults };
}

function sceneOf(parts: {
  stage: NetworkStage;
  urls: readonly string[];
  lives: readonly MiniClientProcess[];
  start: () => void;
}): Scene {
  const { stage, urls, lives, start } = parts;
  const life = () => lives.at(-1)!;
  const told = async (wanted: string): Promise<ToldEvent> => {
    const last = () => life().events.findLast(({ event }) => event === wanted);
    const what = () => `the client tells of "${wanted}": ${life().stderr()}`;
    await eventually(what(), CONNECTED_MS_MAX, () => last() !== undefined, 5);
    return last()!;
  };
  return {
    stage,
    heard: async (event) => urls.indexOf(String((await told(event)).gate)) + 1,
    firstAccepted: async () => void (await told('accepted')),
    restartClient: async () => {
      life().kill('SIGKILL');
      await life().ended;
      start();
    },
  };
}

type Facts = Omit<Findings, 'faults' | keyof Counts>;
type Counts = Seen & Pick<Findings, 'passed' | 'dropped'>;

function factsOf(
  lives: readonly (readonly ToldEvent[])[],
  at: { opensAtUs: number; soonestUs: number; applicationCount: number },
): Facts {
  const { opensAtUs, soonestUs, applicationCount } = at;
  const events = lives.flat();
  const stampsUs = events
    .filter(({ event }) => event === 'accepted')
    .map(({ stamp }) => usFromIso(String(stamp)) - opensAtUs);
  const refusals = lives.map((life) => refusalsIn(life, { opensAtUs, soonestUs }));
  const early = refusals.reduce((sum, life) => sum + life.early, 0);
  const departed = events.find(({ event }) => event === 'departed');
  const accepted = new Set(toldIn(lives.at(-1) ?? []).map(({ application }) => application)).size;
  return {
    early: early + stampsUs.filter((us) => us < 0).length,
    withIt: refusals.reduce((sum, life) => sum + life.withIt, 0),
    ...{ accepted, lost: applicationCount - accepted },
    ...{ firstUs: Math.min(...stampsUs), lastUs: Math.max(...stampsUs) },
    statedUs: Number(departed?.arrivesWithinUs),
    roundTripUs: Number(departed?.roundTripUs),
    connected: events.filter(({ event }) => event === 'connected').length,
  };
}

function countsOf(stage: NetworkStage, lineCount: number): Counts {
  const lines = Array.from({ length: lineCount }, (_, at) => stage.line(at + 1).counts());
  const passed = lines.reduce((sum, line) => sum + line.passed, 0);
  const dropped = lines.reduce((sum, line) => sum + line.dropped, 0);
  return { ...stage.seen(), passed, dropped };
}

/** Promises of the scenario, and whether the network was what it was to be. */
function broken(
  scenario: NetworkScenario,
  found: Facts & Counts,
  other: { events: readonly (readonly ToldEvent[])[]; roundTripMsMin: number },
): string[] {
  const { isEarly = false, changesGate = false, shows } = scenario;
  const { early, roundTripUs } = found;
  const isChanged = other.events.flat().some(({ event }) => event === 'gate-changed');
  return [
    ...(early > 0 && !isEarly ? [`${early} frames were early`] : []),
    ...(early === 0 && isEarly ? ['nothing was early, though it had to be'] : []),
    ...(changesGate && !isChanged ? ['it told of no other gate'] : []),
    ...(roundTripUs < other.roundTripMsMin * 1_000
      ? [`a round trip of ${roundTripUs} µs is quicker than the line`]
      : []),
    ...(shows !== undefined && found[shows] === 0 ? [`no packet was ${shows}`] : []),
  ];
}

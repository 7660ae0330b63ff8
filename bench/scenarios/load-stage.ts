/**
 * The stage of the load scenarios: a real gate on a fresh ledger, whoever has something to submit,
 * and the check that makes a run count. Every acknowledgement of every load played here MUST be in
 * the verified ledger with its number and stamp, and every submission MUST have an answer.
 */
import { isAcknowledged } from '#bench/drivers/answer-figures.ts';
import { ACCEPTED, type Answers, NO_SUBMISSION } from '#bench/drivers/answers.ts';
import { connectionsWithin, openFilesMax } from '#bench/drivers/descriptors.ts';
import { type LoadHooks, type LoadPlan, type LoadResult, playLoad } from '#bench/drivers/load.ts';
import type { ConnectionPlan } from '#bench/drivers/swarm.ts';
import {
  type FairGate,
  type LedgerContent,
  startGate,
  type Unfairness,
} from '#bench/fairness/gate.ts';
import { dayAt, type Portal } from '#bench/fairness/papers.ts';
import { cpuSecondsOf } from '#bench/machine.ts';
import { NotDone } from '#bench/peers/store-server.ts';

/** One connection's applications and whose they are. */
export interface Sender {
  readonly account: string;
  readonly applications: readonly string[];
}

/** The part of a plan that a scenario decides. */
export type Load = Pick<LoadPlan, 'load'> & Partial<Pick<LoadPlan, 'refs'>>;

/** `gateShare`: CPU time of the gate over the time of playing; 1 is one whole core. */
export type StageResult = LoadResult & { readonly gateShare: number };

/** What was answered, and which applications were sent. */
export interface Played {
  readonly answers: Answers;
  readonly applications: readonly string[];
}

/** What all scenarios are told. `directory` is where the ledger lies, by default the system's. */
export interface ScenarioSizes {
  readonly runs: number;
  readonly directory?: string | undefined;
}

/** What a connection may have unanswered (protocol §3). */
export const IN_FLIGHT_LIMIT = 8;

const DAY = 'day';
const NOTICE_MS = 600;
const NOTICE_MS_A_CONNECTION = 0.075;
const MINUTE_US = 60_000_000;
const DAY_US = 86_400_000_000;
const SOURCE_ADDRESSES = ['127.0.0.1', '127.0.0.2', '127.0.0.3', '127.0.0.4'];

/** An identifier of the length that real ones have. */
export function applicationId(name: string): string {
  return name.padStart(26, '0');
}

/** What each sender's connection brings. */
export function connectionPlans(portal: Portal, senders: readonly Sender[]): ConnectionPlan[] {
  return senders.map(({ account, applications }) => {
    const lines = [...new Set(applications)].map((id) => ({ id, clickDay: DAY }));
    return { applications, passbooks: portal.passbooks(account, lines) };
  });
}

/** `connections` accounts of their own with `each` applications, named after `name`. */
export function singleSenders(name: string, connections: number, each: number): Sender[] {
  return Array.from({ length: connections }, (_, sender) => ({
    account: `${name}-${sender}`,
    applications: Array.from({ length: each }, (__, at) =>
      applicationId(`${name}-${sender}-${at}`),
    ),
  }));
}

/**
 * From a new calendar to the first send, ms: the gate has read it by then and told so many
 * connections, and the senders have looked at the date.
 */
export function noticeMs(connections: number): number {
  return NOTICE_MS + NOTICE_MS_A_CONNECTION * connections;
}

/** `wanted`, or a little fewer where files are limited. Throws `NotDone` when it is much less. */
export function connectionsPossible(wanted: number): number {
  const possible = connectionsWithin(wanted);
  if (possible !== undefined) return possible;
  throw new NotDone(`${wanted} connections need more open files than ${openFilesMax()}`);
}

export class LoadStage {
  readonly gate: FairGate;
  readonly portal: Portal;
  readonly played: Played[] = [];

  constructor(gate: FairGate, portal: Portal) {
    this.gate = gate;
    this.portal = portal;
  }

  /** Lets the click day open so many ms from now; returns the instant, the date's µs. */
  openIn(ms: number): number {
    const opensAtUs = Math.round(Date.now() + ms) * 1_000;
    this.gate.setCalendar([dayAt(DAY, opensAtUs)]);
    return opensAtUs;
  }

  /** Plays a load over these connections, and keeps its answers for the check at the end. */
  async play(
    connections: readonly ConnectionPlan[],
    load: Load,
    hooks: Omit<LoadHooks, 'started'> = {},
  ): Promise<StageResult> {
    const { port, pid } = this.gate;
    const target = { host: '127.0.0.1', port, path: '/v1/submissions' };
    const plan = { ...target, sourceAddresses: SOURCE_ADDRESSES, refs: false, connections };
    const meter = { before: Number.NaN, after: Number.NaN };
    const started = () => {
      meter.before = cpuSecondsOf(pid);
    };
    const finished = () => {
      meter.after = cpuSecondsOf(pid);
      hooks.finished?.();
    };
    const result = await playLoad({ ...plan, ...load }, { ...hooks, started, finished });
    const applications = connections.flatMap((one) => one.applications);
    this.played.push({ answers: result.answers, applications });
    const { startedAtMs, finishedAtMs } = result.playing;
    const gateShare = (meter.after - meter.before) / ((finishedAtMs - startedAtMs) / 1_000);
    return { ...result, gateShare };
  }
}

/**
 * Does `work` on a gate whose only click day opened a minute ago, or opens when the stage is told
 * to; then ends the gate, whatever happened, and checks all that was played against its ledger.
 */
export async function onStage<T extends object>(
  options: Pick<ScenarioSizes, 'directory'> & {
    readonly portal: Portal;
    readonly isOpen: boolean;
    readonly unfair?: Unfairness | undefined;
  },
  work: (stage: LoadStage) => Promise<T>,
): Promise<T & { readonly faults: number }> {
  const { portal, isOpen, directory, unfair } = options;
  const opensAtUs = Date.now() * 1_000 + (isOpen ? -MINUTE_US : DAY_US);
  const gate = await startGate([dayAt(DAY, opensAtUs)], {
    ...{ portal, directory },
    ...(unfair && { unfair }),
  });
  const stage = new LoadStage(gate, portal);
  let content: LedgerContent | undefined;
  const told = await work(stage).finally(async () => {
    content = await gate.end();
  });
  return { ...told, faults: faultsOf(stage.played, content!) };
}

/** Everything wrong with what was played: lost, doubled, unanswered; 0 in a run that counts. */
function faultsOf(played: readonly Played[], content: LedgerContent): number {
  const counts = played.map((one) => untrueOf(one, content) + unansweredOf(one));
  return counts.reduce((sum, count) => sum + count, content.violations.length);
}

/** Acknowledgements that the ledger does not bear out. */
export function untrueOf(
  { answers, applications }: Played,
  { entries }: Pick<LedgerContent, 'entries'>,
): number {
  const stored = new Map(entries.map((entry) => [entry.application, entry]));
  let untrue = 0;
  for (let row = 0; row < answers.count; row += 1) {
    if (!isAcknowledged(answers, row)) continue;
    const number = answers.submission[row]!;
    const entry = number === NO_SUBMISSION ? undefined : stored.get(applications[number]!);
    const isTrue = entry?.seq === answers.seq[row] && entry?.stampUs === answers.stampUs[row];
    if (!isTrue) untrue += 1;
  }
  return untrue;
}

/** Submissions that heard nothing at all. */
export function unansweredOf({ answers, applications }: Played): number {
  const isAnswered = new Uint8Array(applications.length);
  for (let row = 0; row < answers.count; row += 1) {
    const number = answers.submission[row]!;
    if (number !== NO_SUBMISSION) isAnswered[number] = 1;
  }
  return isAnswered.filter((one) => one === 0).length;
}

/** How many submissions were accepted, the first time each. */
export function acceptedOf(answers: Answers): number {
  return answers.outcome.filter((outcome) => outcome === ACCEPTED).length;
}

/**
 * What the gate notices of the help desk: short turns of an open loop on it, by turns with tickets
 * coming in and without. Two equal arms without tickets stand beside each other: how far their p99
 * lie apart is what this machine does by itself, and no smaller change can be told.
 *
 *     quiet ─ tickets ─ quiet again ─ tickets ─ quiet ─ …
 *
 * One turn's p99 is a handful of values, and a busy second moves it by a half; so all latencies of
 * an arm are put together, and slow changes of the machine meet all arms alike.
 */
import { latenciesMs } from '#bench/drivers/answer-figures.ts';
import { playLoad } from '#bench/drivers/load.ts';
import { sendTickets, type TicketResult } from '#bench/drivers/ticket-senders.ts';
import { atMost, type Figure, reported } from '#bench/figures.ts';
import type { Say } from '#bench/scenario.ts';
import { unansweredOf } from '#bench/scenarios/load-stage.ts';
import type { PortalStage, Visitor } from '#bench/scenarios/portal-stage.ts';
import { latenciesOf, quantile } from '#bench/statistics.ts';

/** An hour's 50,000. */
export const TICKETS_PER_SECOND = 14;
export const GATE_PER_SECOND = 500;
const CONNECTIONS = 4;
const WARM_UP_TURNS = 4;
const ORDER = ['quiet', 'tickets', 'again', 'tickets'] as const;

export type Arm = (typeof ORDER)[number];

export interface Beside {
  readonly latencies: Readonly<Record<Arm, readonly number[]>>;
  /** Of each turn, ms. */
  readonly p99s: Readonly<Record<Arm, readonly number[]>>;
  readonly onSchedule: readonly TicketResult[];
  readonly unanswered: number;
}

export interface BesidePlan {
  readonly turns: number;
  readonly turnSeconds: number;
  /** A ticket each; those that are used are taken out. */
  readonly sessions: string[];
  readonly say: Say;
}

/** Applications that the turns send. */
export function applicationsFor({ turns, turnSeconds }: Pick<BesidePlan, 'turns' | 'turnSeconds'>) {
  return turns * turnSeconds * GATE_PER_SECOND;
}

export async function besideGate(stage: PortalStage, plan: BesidePlan): Promise<Beside> {
  const { turns, turnSeconds, sessions } = plan;
  const left = [...stage.visitors];
  const latencies: Record<Arm, number[]> = { quiet: [], tickets: [], again: [] };
  const p99s: Record<Arm, number[]> = { quiet: [], tickets: [], again: [] };
  const onSchedule: TicketResult[] = [];
  let unanswered = 0;
  for (let turn = 0; turn < turns; turn += 1) {
    const arm = ORDER[turn % ORDER.length]!;
    const wanted = arm === 'tickets' ? TICKETS_PER_SECOND * (turnSeconds + 1) : 0;
    const load = { url: stage.url, connections: CONNECTIONS, perSecond: TICKETS_PER_SECOND };
    const sending = sendTickets({ ...load, sessions: sessions.splice(0, wanted) });
    const gate = await playGate(stage, left, turnSeconds);
    if (wanted > 0) onSchedule.push(await sending);
    unanswered += gate.unanswered;
    if (turn < WARM_UP_TURNS) continue;
    const { p99 } = latenciesOf(gate.latencies);
    latencies[arm].push(...gate.latencies);
    p99s[arm].push(p99);
    plan.say(`gate, ${arm}: p99 ${p99.toFixed(1)} ms`);
  }
  return { latencies, p99s, onSchedule, unanswered };
}

async function playGate(stage: PortalStage, left: Visitor[], seconds: number) {
  const own: Visitor[] = [];
  for (let wanted = GATE_PER_SECOND * seconds; wanted > 0 && left.length > 0; ) {
    const next = left.shift()!;
    own.push(next);
    wanted -= next.applications.length;
  }
  const target = { host: '127.0.0.1', port: Number(new URL(stage.system.gate!).port) };
  const { answers } = await playLoad({
    ...{ ...target, path: '/v1/submissions', sourceAddresses: ['127.0.0.1'], refs: false },
    ...{ connections: own, load: { kind: 'open', perSecond: GATE_PER_SECOND } },
  });
  const applications = own.flatMap((visitor) => visitor.applications);
  const unanswered = unansweredOf({ answers, applications });
  return { latencies: latenciesMs(answers, 'dueAtMs'), unanswered };
}

/** In per cent: by how much `other` lies above `one`. */
const above = (one: number, other: number) => 100 * (other / one - 1);

export function besideFigures({ latencies, p99s }: Pick<Beside, 'latencies' | 'p99s'>): Figure[] {
  const told = (what: string, values: readonly number[], digits = 2): Figure => ({
    ...{ scenario: `help desk: gate ${what}`, ...reported, values, digits },
  });
  const without = [...latencies.quiet, ...latencies.again];
  const at = (values: readonly number[], q: number) =>
    quantile(
      [...values].sort((one, other) => one - other),
      q,
    );
  const apart = Math.abs(above(at(latencies.quiet, 0.99), at(latencies.again, 0.99)));
  const change = (q: number) => above(at(without, q), at(latencies.tickets, q));
  return [
    told('without tickets: p99 of all, ms', [at(without, 0.99)]),
    told('beside tickets at 14/s: p99 of all, ms', [at(latencies.tickets, 0.99)]),
    {
      ...told('beside tickets at 14/s: change of p99, %', [change(0.99)], 0),
      ...{ target: '≤ 10', ...atMost(10) },
    },
    told('beside nothing, twice: p99 lie apart, %', [apart], 0),
    told('beside tickets at 14/s: change of p50, %', [change(0.5)], 0),
    told('beside tickets at 14/s: change of p90, %', [change(0.9)], 0),
    told('without tickets: p99 of each turn, ms', [...p99s.quiet, ...p99s.again]),
    told('beside tickets at 14/s: p99 of each turn, ms', p99s.tickets),
  ];
}

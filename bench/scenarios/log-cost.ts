/**
 * What the public log costs the gate: turns of one gate that keeps it and one that does not, on the
 * same cores and in the same minutes. In each turn a closed loop finds the rate, then an open loop
 * of one rate for both tells the latency. Meanwhile the checkpoint is read over HTTP, as anybody
 * may: a log that rested while it is measured would be seen to.
 */
import { latenciesMs, ratePerSecond, refusedCount } from '#bench/drivers/answer-figures.ts';
import type { LoadHooks } from '#bench/drivers/load.ts';
import { createPortal } from '#bench/fairness/papers.ts';
import { type Figure, medianAtMost, noneOf, reported } from '#bench/figures.ts';
import { COUNTS } from '#bench/methods.ts';
import type { Say } from '#bench/scenario.ts';
import { CONNECTIONS } from '#bench/scenarios/capacity.ts';
import { type Checkpoints, watchCheckpoints } from '#bench/scenarios/checkpoints.ts';
import {
  connectionPlans,
  type LoadStage,
  onStage,
  type ScenarioSizes,
  singleSenders,
} from '#bench/scenarios/load-stage.ts';
import { ratiosOf } from '#bench/scenarios/ratios.ts';
import { latenciesOf } from '#bench/statistics.ts';

export interface LogCostSizes extends ScenarioSizes {
  /** Submissions of the closed loop. */
  readonly capacity: number;
  /** Of the open loop, a second. */
  readonly offered: number;
  /** How long the open loop lasts. */
  readonly seconds: number;
}

export const METHOD = `Turns of a gate as it is and of one whose public log is replaced by nothing
(\`test/support/unfair/without-log.ts\`); who begins changes. First a closed loop over 400
connections with 4 in flight, then an open loop over as many, at one rate for both gates. The cost
is what the gate with its log falls short of the other by in the same turn. During both loads each
is asked for its checkpoint every 100 ms over HTTP; the longest time without a new one counts from
a reading to another. The first fifth of each load is warm-up and left out of rate and latency.
${COUNTS}`;

export const FULL: LogCostSizes = { runs: 7, capacity: 160_000, offered: 16_000, seconds: 2 };
export const QUICK: LogCostSizes = { runs: 1, capacity: 8_000, offered: 4_000, seconds: 0.5 };

const CLOSED = { kind: 'closed', inFlight: 4, honoursRetry: true } as const;
const COST_PERCENT_MAX = 5;
const MICROSECONDS = 1_000_000;
const WITHOUT_MS_MAX = 1_000;

/** A gate whose log is kept, or one without. */
type Kind = 'kept' | 'without';

/** A load and, where a log is kept, how its checkpoints followed up to `size`. Both are asked. */
async function watched<T>(
  { stage, kind, size }: { stage: LoadStage; kind: Kind; size: number },
  load: (hooks: LoadHooks) => Promise<T>,
): Promise<{ played: T; checkpoints: Checkpoints | undefined }> {
  const watch = watchCheckpoints(stage.gate.port);
  const played = await load({ connected: watch.begin, finished: watch.loadEnded });
  if (kind === 'kept') return { played, checkpoints: await watch.until(size) };
  if ((await watch.end()) > 0) throw new Error('the gate without a log keeps one');
  return { played, checkpoints: undefined };
}

function playTurn(sizes: LogCostSizes, kind: Kind) {
  const { directory, offered, seconds } = sizes;
  const off = kind === 'kept' ? {} : ({ unfair: 'without-log' } as const);
  const portal = createPortal();
  return onStage({ directory, portal, isOpen: true, ...off }, async (stage) => {
    const plansOf = (name: string, applications: number) =>
      connectionPlans(portal, singleSenders(name, CONNECTIONS, applications / CONNECTIONS));
    const [first, then] = [evenly(sizes.capacity), evenly(offered * seconds)];
    const closed = await watched({ stage, kind, size: first }, (hooks) =>
      stage.play(plansOf('closed', first), { load: CLOSED }, hooks),
    );
    const open = await watched({ stage, kind, size: first + then }, (hooks) =>
      stage.play(plansOf('open', then), { load: { kind: 'open', perSecond: offered } }, hooks),
    );
    return {
      ...{ kind, rate: ratePerSecond(closed.played.answers) },
      cpuUs: (closed.played.gateShare * MICROSECONDS) / ratePerSecond(closed.played.answers),
      took: latenciesOf(latenciesMs(open.played.answers, 'dueAtMs')),
      refused: refusedCount(closed.played.answers) + refusedCount(open.played.answers),
      checkpoints: [closed.checkpoints, open.checkpoints].filter((one) => one !== undefined),
    };
  });
}

/** So many that each connection has equally many. */
function evenly(applications: number): number {
  return Math.ceil(applications / CONNECTIONS) * CONNECTIONS;
}

type Turn = Awaited<ReturnType<typeof playTurn>>;

/** What the log costs. */
export async function measureLogCost(sizes: LogCostSizes, say: Say): Promise<Figure[]> {
  const done: Turn[] = [];
  const kinds: readonly Kind[] = ['kept', 'without'];
  for (let turn = 0; turn < sizes.runs; turn += 1) {
    for (const kind of turn % 2 === 0 ? kinds : kinds.toReversed()) {
      const played = await playTurn(sizes, kind);
      done.push(played);
      const { p50, p99 } = played.took;
      say(`log ${kind}: ${Math.round(played.rate)}/s; ${p50.toFixed(2)} and ${p99.toFixed(2)} ms`);
    }
  }
  return figuresOf(done);
}

function figuresOf(done: readonly Turn[]): Figure[] {
  const kept = done.filter(({ kind }) => kind === 'kept');
  const without = done.filter(({ kind }) => kind === 'without');
  const told = (what: string, values: readonly number[], digits = 0): Figure => ({
    ...{ scenario: `public log: ${what}`, ...reported, digits, values },
  });
  const ratios = (read: (turn: Turn) => number) => ratiosOf(kept.map(read), without.map(read));
  const costs = ratios(({ rate }) => rate).map((ratio) => (1 - ratio) * 100);
  const checkpoints = kept.flatMap((turn) => turn.checkpoints);
  const longest = checkpoints.map(({ longestMs }) => longestMs);
  const behind = checkpoints.map(({ behindMs }) => behindMs);
  return [
    {
      ...told('what it costs of accepted/s, %', costs, 1),
      ...{ target: `≤ ${COST_PERCENT_MAX} %`, ...medianAtMost(COST_PERCENT_MAX) },
    },
    {
      ...told('longest time without a new checkpoint, ms', longest),
      ...{ target: `≤ ${WITHOUT_MS_MAX} ms`, ...medianAtMost(WITHOUT_MS_MAX) },
    },
    told('from the last acknowledgement to a checkpoint over it, ms', behind),
    ...[kept, without].flatMap((turns) => {
      const which = turns === kept ? 'with it' : 'without it';
      const of = (read: (turn: Turn) => number) => turns.map(read);
      return [
        {
          ...told(
            `accepted/s ${which}`,
            of(({ rate }) => rate),
          ),
          worst: 'lowest' as const,
        },
        told(
          `CPU of the gate a submission ${which}, µs`,
          of(({ cpuUs }) => cpuUs),
          1,
        ),
        told(
          `open loop ${which}, p50, ms`,
          of(({ took }) => took.p50),
          2,
        ),
        told(
          `open loop ${which}, p99, ms`,
          of(({ took }) => took.p99),
          2,
        ),
      ];
    }),
    told(
      'open loop, p50 with it ÷ without',
      ratios(({ took }) => took.p50),
      2,
    ),
    told(
      'open loop, p99 with it ÷ without',
      ratios(({ took }) => took.p99),
      2,
    ),
    told(
      'refused',
      done.map(({ refused }) => refused),
    ),
    noneOf(
      'public log: lost, doubled or unanswered',
      done.map(({ faults }) => faults),
    ),
  ];
}

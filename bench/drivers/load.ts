/**
 * The bench's side of a swarm: starts its threads, deals the connections to them, and puts together
 * what they saw. The threads live in this process, which does nothing else meanwhile: they never
 * share an event loop with the server they measure, and hand their results over without a copy.
 */
import { availableParallelism } from 'node:os';
import { type Answers, mergeAnswers } from '#bench/drivers/answers.ts';
import type { Span, SwarmShare } from '#bench/drivers/swarm.ts';
import type { ThreadOrder, ThreadReport } from '#bench/drivers/swarm-thread.ts';
import { Thread } from '#bench/drivers/thread.ts';

/** What a swarm does. Submissions are numbered through all connections in their order. */
export interface LoadPlan extends Omit<SwarmShare, 'numbers'> {
  /** By default one on a small machine: half of its cores, 4 at most. */
  readonly threads?: number;
}

/** What a swarm saw; instants in ms of the machine's monotonic clock. */
export interface LoadResult {
  readonly answers: Answers;
  /** From the first connection begun to the last welcome. */
  readonly connecting: Span;
  /** From the first send to the last answer. */
  readonly playing: Span;
  /** CPU time of the swarm's threads over the time of playing; 1 is one whole core. */
  readonly cpuShare: number;
  readonly failures: readonly string[];
  readonly retries: number;
  /** The date minus the monotonic clock; NaN unless the load began at an instant. */
  readonly dateOffsetMs: number;
}

export interface LoadHooks {
  /** When every connection has its welcome; a promise is awaited before the first send. */
  readonly connected?: () => unknown;
  /** Asked then: the instant of the date at which the load begins, µs; at once when not asked. */
  readonly startsAtUs?: () => number;
  /** Just after the first send. */
  readonly started?: () => void;
  /** When the last answer came, before answers are read. */
  readonly finished?: () => void;
}

const THREADS_MAX = 4;

/** How many threads a swarm has unless its plan says. */
export function threadsDefault(cores = availableParallelism()): number {
  return Math.min(THREADS_MAX, Math.max(1, Math.floor(cores / 2)));
}

/** The threads' parts of a plan: connections are dealt one by one. */
export function sharesOf(plan: LoadPlan): SwarmShare[] {
  const { threads = threadsDefault(), ...rest } = plan;
  const count = Math.min(threads, plan.connections.length);
  let next = 0;
  const numbers = plan.connections.map(({ applications }) => {
    next += applications.length;
    return next - applications.length;
  });
  return Array.from({ length: count }, (_, thread) => {
    const isMine = (_one: unknown, at: number) => at % count === thread;
    const connections = plan.connections.filter(isMine);
    const share = connections.length / plan.connections.length;
    const load = loadShare(plan.load, { thread, share });
    return { ...rest, connections, numbers: numbers.filter(isMine), load };
  });
}

/** A thread's part of the rate, and its turn. */
function loadShare(load: SwarmShare['load'], { thread, share }: { thread: number; share: number }) {
  if (load.kind === 'closed') return load;
  const delayMs = (thread * 1_000) / load.perSecond;
  return { ...load, perSecond: load.perSecond * share, delayMs };
}

/**
 * Plays one plan. Rejects when a connection could not be opened or a thread died.
 */
export async function playLoad(plan: LoadPlan, hooks: LoadHooks = {}): Promise<LoadResult> {
  const threads = sharesOf(plan).map((share) => new Thread(share));
  const all = <K extends ThreadReport['kind']>(kind: K) =>
    Promise.all(threads.map((thread) => thread.next(kind)));
  const order = (what: ThreadOrder) => {
    for (const thread of threads) thread.order(what);
  };
  try {
    order({ kind: 'connect' });
    const connected = await all('connected');
    const refused = connected.flatMap(({ failures }) => failures);
    if (refused.length > 0) {
      throw new Error(`${refused.length} connections failed, the first: ${refused[0]}`);
    }
    const connecting = spanOf(connected);
    await hooks.connected?.();
    order({ kind: 'play', startsAtUs: hooks.startsAtUs?.() });
    await all('started');
    hooks.started?.();
    const finished = await all('finished');
    hooks.finished?.();
    const playing = spanOf(finished);
    const cpuMs = finished.reduce((sum, { span }) => sum + span.cpuMs, 0);
    order({ kind: 'read' });
    const parts = await all('answers');
    return {
      answers: mergeAnswers(parts.map(({ answers }) => answers)),
      ...{ connecting, playing },
      cpuShare: cpuMs / (playing.finishedAtMs - playing.startedAtMs),
      failures: finished.flatMap(({ failures }) => failures),
      retries: finished.reduce((sum, { retries }) => sum + retries, 0),
      dateOffsetMs: Math.max(...finished.map(({ dateOffsetMs }) => dateOffsetMs)),
    };
  } finally {
    await Promise.all(threads.map((thread) => thread.end()));
  }
}

function spanOf(reports: readonly { readonly span: Span }[]): Span {
  return {
    startedAtMs: Math.min(...reports.map(({ span }) => span.startedAtMs)),
    finishedAtMs: Math.max(...reports.map(({ span }) => span.finishedAtMs)),
  };
}

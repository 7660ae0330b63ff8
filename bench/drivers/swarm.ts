/**
 * One thread's part of a swarm of raw WebSocket connections: opens them, plays the load, and tells
 * what came of it. Knows nothing of threads (swarm-thread.ts) nor of what the figures mean.
 *
 * Connections are spread over several loopback addresses and opened with a bounded number on the
 * way, so that neither the listen queue nor a limit by address shapes the figures.
 */
import { AnswerJournal } from '#bench/drivers/answer-journal.ts';
import { readAnswers } from '#bench/drivers/answer-reading.ts';
import type { Answers } from '#bench/drivers/answers.ts';
import { ClosedLoop } from '#bench/drivers/closed-loop.ts';
import { Connection, type Task } from '#bench/drivers/connection.ts';
import { dateOffsetMs, untilMs } from '#bench/drivers/date-anchor.ts';
import { OpenLoop } from '#bench/drivers/open-loop.ts';
import { Schedule } from '#bench/drivers/schedule.ts';
import { SubmissionBook } from '#bench/drivers/submission-book.ts';

/** What a connection brings: its passbooks, and what it submits in this order. */
export interface ConnectionPlan {
  readonly passbooks: readonly string[];
  readonly applications: readonly string[];
}

export type { Acknowledgement, SwarmResult } from '#bench/drivers/swarm-result.ts';

/** Every connection keeps `inFlight` unanswered. */
export interface ClosedLoad {
  readonly kind: 'closed';
  readonly inFlight: number;
  readonly honoursRetry: boolean;
}

/** `perSecond` in all, dealt over connections that have equally many submissions. */
export interface OpenLoad {
  readonly kind: 'open';
  readonly perSecond: number;
  /** When the first send is due; threads share a rate by taking turns. */
  readonly delayMs?: number;
}

/** What one thread does. */
export interface SwarmShare {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly sourceAddresses: readonly string[];
  readonly load: ClosedLoad | OpenLoad;
  /** Whether every submission carries a `ref`, so that an application may be sent many times. */
  readonly refs: boolean;
  readonly connections: readonly ConnectionPlan[];
  /** The plan's number of each connection's first submission. */
  readonly numbers: readonly number[];
}

export interface PlayOptions {
  readonly startsAtUs?: number | undefined;
  readonly started?: () => void;
}

/** Instants of the machine's monotonic clock, ms. */
export interface Span {
  readonly startedAtMs: number;
  readonly finishedAtMs: number;
}

/** With the CPU time of the thread, without what V8 does beside it (collector, compiler). */
export type Playing = Span & { readonly cpuMs: number };

const CONNECTING_MAX = 200;
const READ_BYTES = 64 * 1024;
/** Refused submissions that come again make more answers than submissions. */
const ANSWERS_EXPECTED = 1.25;
/** The date is looked at so long before the load begins. */
const ANCHORED_BEFORE_MS = 100;

export class Swarm {
  readonly #share: SwarmShare;
  readonly #book: SubmissionBook;
  readonly #journal: AnswerJournal;
  readonly #tasks: readonly Task[];
  readonly #connections: readonly Connection[];
  readonly #clockOffsetMs = monotonicOffsetMs();
  #schedule: Schedule | undefined;
  #startMs = 0;
  /** The date minus the machine's monotonic clock, when the load began at an instant. */
  dateOffsetMs = Number.NaN;

  /** Writes every frame of the run. */
  constructor(share: SwarmShare) {
    this.#share = share;
    const applications = share.connections.flatMap((one) => one.applications);
    this.#book = new SubmissionBook(applications, { refs: share.refs });
    this.#journal = new AnswerJournal(Math.ceil(applications.length * ANSWERS_EXPECTED));
    this.#tasks = tasksOf(share.connections);
    const readBuffer = Buffer.allocUnsafeSlow(READ_BYTES);
    const shared = { book: this.#book, journal: this.#journal, readBuffer };
    const { host, port, path, sourceAddresses } = share;
    this.#connections = this.#tasks.map((task) => {
      const localAddress = sourceAddresses[task.index % sourceAddresses.length]!;
      return new Connection(task, { host, port, path, localAddress }, shared);
    });
  }

  /** Resolves when every connection has its welcomes or has failed. */
  async connect(): Promise<Span> {
    const startedAtMs = this.#nowMs();
    const waiting = this.#connections.values();
    const openOneByOne = async () => {
      for (const connection of waiting) await connection.open();
    };
    await Promise.all(Array.from({ length: CONNECTING_MAX }, openOneByOne));
    return { startedAtMs, finishedAtMs: this.#nowMs() };
  }

  /**
   * Plays the load to its end, from the date's instant `startsAtUs` or at once. `started` is
   * called just before the first send.
   */
  async play({ startsAtUs, started = () => undefined }: PlayOptions = {}): Promise<Playing> {
    const { load } = this.#share;
    const loop = load.kind === 'open' ? this.#openLoop(load) : this.#closedLoop(load);
    if (startsAtUs !== undefined) await this.#untilDate(startsAtUs);
    started();
    const startMs = performance.now();
    this.#startMs = startMs;
    const cpuBefore = process.threadCpuUsage();
    await loop.play(startMs);
    const { user, system } = process.threadCpuUsage(cpuBefore);
    const span = { startedAtMs: startMs + this.#clockOffsetMs, finishedAtMs: this.#nowMs() };
    return { ...span, cpuMs: (user + system) / 1_000 };
  }

  #closedLoop({ inFlight, honoursRetry }: ClosedLoad): ClosedLoop {
    const parts = { connections: this.#connections, book: this.#book };
    return new ClosedLoop({ ...parts, inFlight, honoursRetry });
  }

  #openLoop({ perSecond, delayMs = 0 }: OpenLoad): OpenLoop {
    const connections = this.#connections;
    const [{ end: rounds } = { end: 0 }] = this.#tasks;
    if (this.#tasks.some(({ first, end }) => end - first !== rounds)) {
      throw new Error('an open loop needs equally many submissions on every connection');
    }
    const schedule = new Schedule({ connections: connections.length, rounds, perSecond, delayMs });
    this.#schedule = schedule;
    return new OpenLoop({ connections, schedule });
  }

  async #untilDate(startsAtUs: number) {
    await untilMs(startsAtUs / 1_000 - Date.now() + performance.now() - ANCHORED_BEFORE_MS);
    const offsetMs = dateOffsetMs();
    this.dateOffsetMs = offsetMs - this.#clockOffsetMs;
    await untilMs(startsAtUs / 1_000 - offsetMs);
  }

  /** Why connections ended that should not have. */
  failures(): string[] {
    return this.#connections.flatMap((one) => one.failure ?? []);
  }

  retries(): number {
    return this.#connections.reduce((sum, one) => sum + one.retries, 0);
  }

  answers(): Answers {
    return readAnswers({
      ...{ journal: this.#journal, book: this.#book, tasks: this.#tasks },
      ...{ numbers: this.#share.numbers, clockOffsetMs: this.#clockOffsetMs },
      dueAtMs: (connection, place) => this.#dueAtMs(connection, place),
    });
  }

  #dueAtMs(connection: number, place: number): number {
    if (this.#schedule === undefined) return this.#book.sentAtMs[place]!;
    const round = place - this.#tasks[connection]!.first;
    return this.#startMs + this.#schedule.dueMs(connection, round);
  }

  close(): void {
    for (const connection of this.#connections) connection.close();
  }

  #nowMs(): number {
    return performance.now() + this.#clockOffsetMs;
  }
}

function tasksOf(connections: readonly ConnectionPlan[]): Task[] {
  let first = 0;
  return connections.map(({ passbooks, applications }, index) => {
    const task = { index, passbooks, first, end: first + applications.length };
    first = task.end;
    return task;
  });
}

/** Each thread's performance.now() begins with the thread; hrtime is one clock for all. */
function monotonicOffsetMs(): number {
  return Number(process.hrtime.bigint()) / 1e6 - performance.now();
}

/**
 * The search as the portal sees it: a thread that reads, started with the first search, one search
 * at a time. The portal's event loop only hands over and takes back a page.
 *
 *   find ─► waiting (bounded, a share for each caller) ─► thread ─► page
 *
 * A search has a time limit in the thread. A thread that says nothing for twice as long, or
 * dies, is ended; another is started with the next search; whoever waited is told to come again.
 */
import { Worker } from 'node:worker_threads';
import type { Timers } from '../../clock/index.ts';
import type { Log } from '../../foundation/log.ts';
import { Refusal } from '../http/refusal.ts';
import type { Choices, Scope, SearchFound, SearchQuery } from './query.ts';

export interface ThreadData {
  readonly path: string;
  readonly queryMsMax: number;
}

/** A search, or with a scope the question what there is to choose. */
export type Question = { readonly query: SearchQuery } | { readonly choicesOf: Scope };

export type ThreadTask = Question & { readonly id: number };

export interface ThreadAnswer {
  readonly id: number;
  readonly found?: SearchFound | Choices;
  readonly isTooSlow?: true;
  readonly error?: string;
}

export interface SearchEngine {
  /**
   * Refuses SEARCH_TOO_SLOW, and BUSY when too many wait, or too many of one caller.
   * `caller`: whose share of the places it takes.
   */
  find(query: SearchQuery, caller: string): Promise<SearchFound>;
  /** Refuses as `find` does. */
  choices(scope: Scope, caller: string): Promise<Choices>;
  /** Starts the thread, so that the first search need not wait for it. */
  warm(): void;
  close(): Promise<void>;
}

export interface EngineOptions {
  readonly path: string;
  readonly timers: Timers;
  readonly log: Log;
  readonly queryMsMax?: number;
  /** Instead of the thread's own, for tests of threads that hang. */
  readonly thread?: URL;
}

const QUERY_MS_MAX = 2000;
const WAITING_MAX = 64;
const WAITING_OF_CALLER_MAX = 4;
const RETRY_MS = 2000;
/** Reading a million applications at the start takes seconds. */
const START_MS_MAX = 60_000;

interface Waiting {
  readonly task: ThreadTask;
  readonly caller: string;
  readonly resolve: (found: SearchFound | Choices) => void;
  readonly reject: (error: Error) => void;
}

export function createSearchEngine(options: EngineOptions): SearchEngine {
  const { path, timers, log, queryMsMax = QUERY_MS_MAX } = options;
  const waiting: Waiting[] = [];
  let worker: Worker | undefined;
  let isReady = false;
  let running: Waiting | undefined;
  let isClosed = false;
  let lastId = 0;
  let cancelWatch = () => {};

  const watch = (ms: number) => {
    cancelWatch();
    cancelWatch = timers.after(ms, () => {
      log.error({ ms }, 'the search thread says nothing: it is ended');
      void worker?.terminate();
    });
  };

  const next = () => {
    if (worker === undefined || !isReady || running !== undefined) return;
    running = waiting.shift();
    if (running === undefined) return;
    watch(2 * queryMsMax);
    worker.postMessage(running.task);
  };

  const hear = (answer: ThreadAnswer | 'ready') => {
    cancelWatch();
    if (answer === 'ready') isReady = true;
    else if (running !== undefined) {
      if (answer.found !== undefined) running.resolve(answer.found);
      else if (answer.isTooSlow) running.reject(new Refusal('SEARCH_TOO_SLOW'));
      else running.reject(new Error(`the search failed: ${answer.error}`));
      running = undefined;
    }
    next();
  };

  const onExit = (gone: Worker) => {
    if (worker !== gone) return;
    cancelWatch();
    worker = undefined;
    isReady = false;
    const told = [...(running === undefined ? [] : [running]), ...waiting.splice(0)];
    running = undefined;
    for (const { reject } of told) reject(new Refusal('BUSY', { retryAfterMs: RETRY_MS }));
  };

  const start = () => {
    if (worker !== undefined || isClosed) return;
    const started = new Worker(options.thread ?? new URL('./thread.ts', import.meta.url), {
      workerData: { path, queryMsMax } satisfies ThreadData,
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
    worker = started;
    watch(START_MS_MAX);
    started.on('message', hear);
    started.on('error', (error) => log.error({ error }, 'the search thread ended'));
    started.once('exit', () => onExit(started));
  };

  const ask = (question: Question, caller: string) => {
    const own = waiting.filter((each) => each.caller === caller).length;
    if (isClosed || waiting.length >= WAITING_MAX || own >= WAITING_OF_CALLER_MAX) {
      return Promise.reject(new Refusal('BUSY', { retryAfterMs: RETRY_MS }));
    }
    start();
    return new Promise<SearchFound | Choices>((resolve, reject) => {
      lastId += 1;
      waiting.push({ task: { ...question, id: lastId }, caller, resolve, reject });
      next();
    });
  };

  return {
    warm: start,
    find: (query, caller) => ask({ query }, caller) as Promise<SearchFound>,
    choices: (scope, caller) => ask({ choicesOf: scope }, caller) as Promise<Choices>,
    close: async () => {
      isClosed = true;
      cancelWatch();
      const open = worker;
      if (open === undefined) return;
      await open.terminate();
    },
  };
}

/**
 * A thread of the swarm: takes its share as `workerData`, and its orders one by one.
 *
 *     bench ── connect ──► all greeted or failed ── connected ──► bench
 *     bench ── play ─────► first send ── started ──► … last answer ── finished ──► bench
 *     bench ── read ─────► answers as columns, handed over ── answers ──► bench
 *
 * Answers are read when all threads have finished, so that nobody's reading costs another's run.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { type Answers, buffersOf } from '#bench/drivers/answers.ts';
import { type Playing, type Span, Swarm, type SwarmShare } from '#bench/drivers/swarm.ts';

export type ThreadOrder =
  | { readonly kind: 'connect' }
  | { readonly kind: 'play'; readonly startsAtUs: number | undefined }
  | { readonly kind: 'read' };
export type ThreadReport =
  | { readonly kind: 'connected'; readonly span: Span; readonly failures: readonly string[] }
  | { readonly kind: 'started' }
  | {
      readonly kind: 'finished';
      readonly span: Playing;
      readonly failures: readonly string[];
      readonly retries: number;
      readonly dateOffsetMs: number;
    }
  | { readonly kind: 'answers'; readonly answers: Answers };

const swarm = new Swarm(workerData as SwarmShare);

function report(message: ThreadReport, transfer: ArrayBuffer[] = []) {
  parentPort?.postMessage(message, transfer);
}

async function connect() {
  const span = await swarm.connect();
  report({ kind: 'connected', span, failures: swarm.failures() });
}

async function play(startsAtUs: number | undefined) {
  const started = () => report({ kind: 'started' });
  const span = await swarm.play({ startsAtUs, started });
  const { dateOffsetMs } = swarm;
  const told = { failures: swarm.failures(), retries: swarm.retries(), dateOffsetMs };
  report({ kind: 'finished', span, ...told });
  swarm.close();
}

function read() {
  const answers = swarm.answers();
  report({ kind: 'answers', answers }, buffersOf(answers));
}

parentPort?.on('message', (order: ThreadOrder) => {
  if (order.kind === 'connect') void connect();
  else if (order.kind === 'play') void play(order.startsAtUs);
  else read();
});

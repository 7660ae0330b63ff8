/**
 * Playing queues of submissions: all that is written while the gate stands still is readable when
 * it goes on, so that what it then serves first is its own choice and nobody's luck.
 */
import { submitFrame } from '#bench/drivers/frames.ts';
import type { FairGate, LedgerContent } from '#bench/fairness/gate.ts';
import type { Place } from '#bench/fairness/order.ts';
import type { Heard, Sender } from '#bench/fairness/sender.ts';

/** What one connection has to submit, in this order. */
export interface Queue {
  readonly sender: Sender;
  readonly applications: readonly string[];
}

/** What became of the queues. Connections are numbered as the queues were given. */
export interface Played {
  readonly places: readonly Place[];
  /** Every answer, in the order of arrival. */
  readonly heard: readonly Heard[];
  readonly unanswered: number;
  readonly elapsedUs: number;
}

const PATIENCE_MS = 60_000;

/** How many frames of one connection may be without an answer: fewer than the gate lets wait. */
export const WINDOW_MAX = 1_000;

/**
 * Submits all queues in the order given, each with at most `window` frames unanswered, and resolves
 * when every one has its answer, or with the number of those that never came.
 */
export async function playQueues(
  queues: readonly Queue[],
  options: { window?: number; frozen?: Pick<FairGate, 'freeze' | 'thaw'> } = {},
): Promise<Played> {
  const { window = WINDOW_MAX, frozen } = options;
  const places: Place[] = [];
  const heard: Heard[] = [];
  let open = queues.reduce((sum, queue) => sum + queue.applications.length, 0);
  let lastUs = 0;
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const framed = queues.map(({ applications }) => applications.map((one) => submitFrame(one)));
  const begin = queues.map(({ sender }, connection) => {
    const frames = framed[connection]!;
    const sentAtUs = new Map<string, number>();
    let next = 0;
    const write = (count: number) => {
      const some = frames.slice(next, next + count);
      if (some.length === 0) return;
      const atUs = sender.write(some.length === 1 ? some[0]! : Buffer.concat(some));
      for (let at = 0; at < some.length; at += 1) {
        sentAtUs.set(queues[connection]!.applications[next + at]!, atUs);
      }
      next += some.length;
    };
    sender.onAnswer = (answer, atUs) => {
      lastUs = atUs;
      heard.push(answer);
      if (answer.type === 'accepted' && answer.duplicate !== true) {
        const sent = sentAtUs.get(answer.application) ?? Number.NaN;
        places.push({ connection, sentAtUs: sent, seq: answer.seq! });
      }
      open -= 1;
      if (open === 0) finish();
      write(1);
    };
    return () => write(window);
  });
  frozen?.freeze();
  const startedUs = performance.now() * 1000;
  for (const start of begin) start();
  frozen?.thaw();
  await withPatience(finished);
  places.sort((a, b) => a.seq - b.seq);
  return { places, heard, unanswered: open, elapsedUs: lastUs - startedUs };
}

/** Resolves with `work`, or when nobody can expect it any more. */
export async function withPatience(work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS);
  });
  await Promise.race([work, over]);
  clearTimeout(timer);
}

/** Acknowledgements that are not in the ledger as they were told, and ledger faults. */
export function lostOf(heard: readonly Heard[], content: LedgerContent): number {
  const stored = new Map(content.entries.map((entry) => [entry.application, entry.seq]));
  const acknowledged = heard.filter((one) => one.type === 'accepted');
  const untrue = acknowledged.filter((one) => stored.get(one.application) !== one.seq);
  return untrue.length + content.violations.length;
}

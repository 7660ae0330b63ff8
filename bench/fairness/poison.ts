/**
 * Head of line: items that lead nowhere (an unknown application, one that is in the ledger already,
 * one that is on its way) among the thousand of a bulk sender. They take no place and hold nobody
 * up: what follows is in the same commit as it would have been, or in the next.
 */

import { startGate } from '#bench/fairness/gate.ts';
import { dayAt } from '#bench/fairness/papers.ts';
import { lostOf, playQueues } from '#bench/fairness/queues.ts';
import { type Heard, openCrowd, Sender } from '#bench/fairness/sender.ts';
import { atMost, type Figure } from '#bench/figures.ts';

export interface PoisonSizes {
  readonly rounds: number;
  readonly singles: number;
  readonly frames: number;
}

const DAY = 'day';
const ITEM_POISONED = [0.1, 0.5, 0.9] as const;

/** The bulk's items with three poisoned ones in their places. */
function poisoned(items: readonly string[]): string[] {
  const [unknown, stored, pending] = ITEM_POISONED.map((part) => Math.floor(part * items.length));
  const row = [...items];
  row.splice(pending!, 0, items[pending! - 1]!);
  row.splice(stored!, 0, items[0]!);
  row.splice(unknown!, 0, 'unknown');
  return row;
}

/** Commits between the neighbours of each poisoned item, the most of the three. */
function commitsBetween(items: readonly string[], commitOf: (item: string) => number): number {
  const steps = ITEM_POISONED.map((part) => {
    const at = Math.floor(part * items.length);
    return commitOf(items[at]!) - commitOf(items[at - 1]!);
  });
  return Math.max(...steps);
}

/** The figures of the head of the line. */
export async function measurePoison(sizes: PoisonSizes): Promise<Figure[]> {
  const gate = await startGate([dayAt(DAY, Date.now() * 1000 - 60_000_000)]);
  const line = (id: string) => ({ id, clickDay: DAY });
  const owned = Array.from({ length: sizes.singles }, (_, single) =>
    Array.from({ length: sizes.rounds }, (__, round) => line(`s${round}-${single}`)),
  );
  const crowd = await openCrowd(gate, 'single', owned);
  const heard: Heard[] = [];
  const late: number[] = [];
  const bulks: string[][] = [];
  let unanswered = 0;
  for (let round = 0; round < sizes.rounds; round += 1) {
    const items = Array.from({ length: sizes.frames }, (_, at) => `b${round}-${at}`);
    const passbooks = gate.papers.passbooks(`bulk${round}`, items.map(line));
    const sender = await Sender.open({ port: gate.port, passbooks });
    const singles = crowd.map((one, at) => ({ sender: one, applications: [`s${round}-${at}`] }));
    const queues = [{ sender, applications: poisoned(items) }, ...singles];
    const played = await playQueues(queues, { frozen: gate });
    sender.close();
    bulks.push(items);
    for (const one of played.heard) heard.push(one);
    unanswered += played.unanswered;
    const order = played.places.map((place) => place.connection);
    late.push(order.findLastIndex((connection) => connection > 0) - sizes.singles);
  }
  for (const sender of crowd) sender.close();
  const content = await gate.end();
  const seqs = new Map(content.entries.map((entry) => [entry.application, entry.seq]));
  const commitOf = (item: string) =>
    content.commits.findIndex((last) => last >= (seqs.get(item) ?? Number.POSITIVE_INFINITY));
  return [
    {
      scenario: 'poisoned items: commits between what stands before and after one',
      ...{ target: '≤ 1', ...atMost(1), isCorrectness: true },
      values: bulks.map((items) => commitsBetween(items, commitOf)),
    },
    {
      scenario: 'poisoned items: places by which the last single is late',
      ...{ target: '0', ...atMost(0), isCorrectness: true, values: late },
    },
    {
      ...{ scenario: 'poisoned items: lost, doubled or unanswered', target: '0', ...atMost(0) },
      ...{ isCorrectness: true, values: [lostOf(heard, content) + unanswered] },
    },
  ];
}

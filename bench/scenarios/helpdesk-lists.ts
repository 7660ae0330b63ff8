/** What operators ask of the desk: each queue in each order, what narrows it down, and words. */
import { connectAsker, sharedReadBuffer } from '#bench/drivers/http-client.ts';
import type { Table } from '#bench/report.ts';
import { latenciesOf } from '#bench/statistics.ts';

const QUEUES = ['mine', 'unassigned', 'open', 'waiting', 'breached', 'closed', 'all'] as const;
const SORTS = ['oldest', 'newest', 'due'] as const;
const NARROWED = [
  ...['queue=open&kind=legal', 'queue=open&language=en&sort=due', 'queue=all&channel=phone'],
  ...['queue=open&kind=legal&language=en&channel=phone', 'status=analysis', 'status=closed'],
  ...['queue=all&escalated=true&sort=newest', 'queue=closed&kind=legal&sort=newest'],
  ...['queue=open&channel=mail&status=in-charge&escalated=true', 'status=merged'],
];
const WORDS = [
  ...['errore 3999', 'caso 77777', 'Persona 4321', 'ricevuta', 'pagina bianca', 'ric'],
  ...['parolachenonesiste', '0042-0042'],
];

/** Paths, by what a person would call them. */
export const QUESTIONS: readonly { readonly name: string; readonly path: string }[] = [
  ...QUEUES.flatMap((queue) =>
    SORTS.map((sort) => ({ name: `${queue}, ${sort}`, path: `queue=${queue}&sort=${sort}` })),
  ),
  ...NARROWED.map((path) => ({ name: path, path })),
  ...WORDS.flatMap((q) =>
    ['open', 'all'].map((queue) => ({
      name: `“${q}” in ${queue}`,
      path: `queue=${queue}&q=${encodeURIComponent(q)}&sort=newest`,
    })),
  ),
].map(({ name, path }) => ({ name, path: `/api/desk/tickets?${path}&limit=50` }));

export const COUNTS = { name: 'counts of the queues', path: '/api/desk/queues' };

export interface ListTimes {
  /** By question, in their order. */
  readonly latenciesMs: readonly (readonly number[])[];
  readonly faults: number;
}

export interface ListPlan {
  readonly url: string;
  readonly bearer: string;
  readonly rounds: number;
}

/** One question after the other, in rounds, on one connection; the first round is not counted. */
export async function askLists({ url, bearer, rounds }: ListPlan): Promise<ListTimes> {
  const asker = connectAsker(url, sharedReadBuffer());
  const questions = [...QUESTIONS, COUNTS];
  const latenciesMs: number[][] = questions.map(() => []);
  let faults = 0;
  for (let round = 0; round <= rounds; round += 1) {
    for (const [at, { path }] of questions.entries()) {
      const head = `GET ${path} HTTP/1.1\r\nhost: ${new URL(url).host}\r\n`;
      const request = Buffer.from(`${head}authorization: Bearer ${bearer}\r\n\r\n`);
      const sentMs = performance.now();
      const { status } = await asker.ask(request);
      if (round > 0) latenciesMs[at]!.push(performance.now() - sentMs);
      if (status !== 200) faults += 1;
    }
  }
  asker.close();
  return { latenciesMs, faults };
}

/** Slowest first. */
export function tableOf({ latenciesMs }: ListTimes): Table {
  const rows = [...QUESTIONS, COUNTS].map(({ name }, at) => ({
    name,
    ...latenciesOf(latenciesMs[at] ?? []),
  }));
  rows.sort((one, other) => other.p99 - one.p99);
  return {
    columns: ['question', 'p50, ms', 'p99, ms', 'max, ms'],
    rows: rows.map(({ name, p50, p99, max }) => [
      name,
      ...[p50, p99, max].map((value) => value.toFixed(1)),
    ]),
  };
}

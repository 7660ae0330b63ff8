/**
 * One answer to all open tickets of an incident, as an operator gives it: how many a second, and
 * how long the portal's event loop is held meanwhile, by the portal's own metric, read once a
 * second. Runs on the stage of `helpdesk.ts`, while nobody else asks.
 */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export const BULK_TICKETS = 5_000;
const INCIDENT = '01J00000000000000000000ABC';
const PAUSE_MS = 1_000;
const SECONDS_MAX = 600;
const LAG = /^nodejs_eventloop_lag_(max|p99)_seconds (\S+)$/gm;

/** Puts so many of the open tickets to one incident, before anything serves the directory. */
export function writeIncident(data: string, { count, nowUs }: { count: number; nowUs: number }) {
  const database = new DatabaseSync(join(data, 'portal', 'clickday.sqlite'));
  try {
    const incident = database.prepare(`INSERT INTO incidents (id, title_it, title_en, text_it,
      text_en, kind, started_at_us, updated_at_us)
      VALUES (?, 'x', 'x', 'x', 'x', 'technical', ?, ?)`);
    incident.run(INCIDENT, nowUs, nowUs);
    const tickets = database.prepare(`UPDATE tickets SET incident = ? WHERE id IN
      (SELECT id FROM tickets WHERE side = 'desk' LIMIT ?)`);
    tickets.run(INCIDENT, count);
  } finally {
    database.close();
  }
}

export interface BulkTimes {
  readonly done: number;
  readonly skipped: number;
  readonly perSecond: number;
  /** Of each second: the longest that the event loop was late, and its p99, ms. */
  readonly lateMaxMs: readonly number[];
  readonly lateP99Ms: readonly number[];
}

/** Answers them and waits until all have their answer. */
export async function answerMany(url: string, bearer: string): Promise<BulkTimes> {
  const headers = { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' };
  const ask = async (path: string, body?: unknown) => {
    const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    const response = await fetch(url + path, { headers, ...init });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json() as Promise<{ id: string; done: number; skipped: number } & State>;
  };
  await latenessOf(url); // forgets what was before
  const startMs = performance.now();
  const wish = { incident: INCIDENT, action: 'answer', text: 'Il problema è risolto: riprova.' };
  let state = await ask('/api/desk/bulk', wish);
  const late: Lateness[] = [];
  for (let second = 0; !state.isFinished && second < SECONDS_MAX; second += 1) {
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    late.push(await latenessOf(url));
    state = await ask(`/api/desk/bulk/${state.id}`);
  }
  if (!state.isFinished) throw new Error(`not finished after ${SECONDS_MAX} s`);
  const { done, skipped } = state;
  return {
    ...{ done, skipped, perSecond: done / ((performance.now() - startMs) / 1_000) },
    lateMaxMs: late.map(({ max }) => max),
    lateP99Ms: late.map(({ p99 }) => p99),
  };
}

interface State {
  readonly isFinished: boolean;
}

interface Lateness {
  readonly max: number;
  readonly p99: number;
}

/** Since it was asked last. */
async function latenessOf(url: string): Promise<Lateness> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const found = Object.fromEntries([...text.matchAll(LAG)].map(([, name, value]) => [name, value]));
  return { max: Number(found.max) * 1_000, p99: Number(found.p99) * 1_000 };
}

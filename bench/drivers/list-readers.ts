/**
 * Everybody who reads "my applications" on the click day: keep-alive connections that ask for the
 * lists of many accounts, each answer checked while it is measured. It MUST hold the account's own
 * application, and nothing older than what the account's own writes had been answered with when it
 * was asked for.
 */
import { connectAsker, type HttpAnswer, sharedReadBuffer } from '#bench/drivers/http-client.ts';

export interface Reader {
  /** Value of the cookie `clickday`. */
  readonly session: string;
  /** Its own: in every list of it. */
  readonly application: string;
}

export interface ReadingPlan {
  readonly url: string;
  readonly readers: readonly Reader[];
  readonly connections: number;
  readonly seconds: number;
  /** Ask only for what has changed, as pages do that have the list already. */
  readonly isConditional?: boolean;
  /** A cookie besides that is another each time: no answer can be one that was kept. */
  readonly isUnkept?: boolean;
  /** In all; as fast as they are answered when not given. */
  readonly perSecond?: number;
  /** Takes an application back and makes it ready again, so often a second. */
  readonly writesPerSecond?: number;
}

export interface ReadingResult {
  readonly answered: number;
  readonly perSecond: number;
  /** Ascending, ms. */
  readonly latenciesMs: readonly number[];
  /** Told to come again (503). */
  readonly busy: number;
  readonly writes: number;
  /** Another account's, older than known, or neither 200, 304 nor 503. */
  readonly faults: number;
}

const PATH = '/api/applications?limit=50';
const UPDATED = /"updatedAt":"([^"]+)"/g;

interface State {
  readonly plan: ReadingPlan;
  readonly untilMs: number;
  readonly latencies: number[];
  /** By reader: the newest change that a write of it has been answered with. */
  readonly known: Map<number, string>;
  /** By reader: the request as it is sent. */
  readonly requests: Map<number, Buffer>;
  busy: number;
  writes: number;
  faults: number;
  next: number;
}

/** Reads for so many seconds. */
export async function readLists(plan: ReadingPlan): Promise<ReadingResult> {
  const startedMs = performance.now();
  const state: State = {
    ...{ plan, untilMs: startedMs + plan.seconds * 1_000, latencies: [] },
    ...{ known: new Map(), requests: new Map(), busy: 0, writes: 0, faults: 0, next: 0 },
  };
  const buffer = sharedReadBuffer();
  const readers = Array.from({ length: plan.connections }, () => readOn(state, buffer));
  await Promise.all([...readers, ...(plan.writesPerSecond ? [writeOn(state, buffer)] : [])]);
  const elapsedMs = performance.now() - startedMs;
  const { latencies, busy, writes, faults } = state;
  const answered = latencies.length;
  const perSecond = (answered - busy) / (elapsedMs / 1_000);
  const latenciesMs = latencies.sort((one, other) => one - other);
  return { answered, perSecond, latenciesMs, busy, writes, faults };
}

async function readOn(state: State, buffer: Buffer): Promise<void> {
  const { plan, untilMs } = state;
  const asker = connectAsker(plan.url, buffer);
  const everyMs = plan.perSecond === undefined ? 0 : (1_000 * plan.connections) / plan.perSecond;
  let dueMs = performance.now() + everyMs * Math.random();
  while (performance.now() < untilMs) {
    if (everyMs > 0) await until(dueMs);
    const at = state.next % plan.readers.length;
    state.next += 1;
    const expected = state.known.get(at);
    const sentMs = everyMs > 0 ? dueMs : performance.now();
    const answer = await asker.ask(requestOf(state, at));
    state.latencies.push(performance.now() - sentMs);
    check(state, { at, expected, answer });
    dueMs += everyMs;
  }
  asker.close();
}

function check(
  state: State,
  { at, expected, answer }: { at: number; expected: string | undefined; answer: HttpAnswer },
): void {
  const { status, text } = answer;
  if (status === 503) state.busy += 1;
  if (status === 503 || (status === 304 && expected === undefined)) return;
  const isOwn = text.includes(state.plan.readers[at]!.application);
  if (status !== 200 || !isOwn || (expected !== undefined && newestIn(text) < expected)) {
    state.faults += 1;
  }
  if (state.plan.isConditional && !state.known.has(at)) remember(state, at, text);
}

/** From now on the reader asks whether the list is still this one. */
function remember(state: State, at: number, text: string): void {
  const etag = /etag: ("[^"]+")/i.exec(text)?.[1];
  if (etag) state.requests.set(at, listRequest(state.plan, at, `if-none-match: ${etag}\r\n`));
}

function newestIn(text: string): string {
  return (
    [...text.matchAll(UPDATED)]
      .map(([, instant]) => instant!)
      .sort()
      .at(-1) ?? ''
  );
}

function requestOf(state: State, at: number): Buffer {
  if (state.plan.isUnkept) return listRequest(state.plan, at, '', `; n=${state.next}`);
  const kept = state.requests.get(at);
  if (kept) return kept;
  const made = listRequest(state.plan, at, '');
  state.requests.set(at, made);
  return made;
}

function listRequest(plan: ReadingPlan, at: number, more: string, cookie = ''): Buffer {
  return Buffer.from(`GET ${PATH} HTTP/1.1\r\n${headOf(plan, at, cookie)}${more}\r\n`);
}

function headOf({ url, readers }: ReadingPlan, at: number, cookie = ''): string {
  return `host: ${new URL(url).host}\r\ncookie: clickday=${readers[at]!.session}${cookie}\r\n`;
}

/** One after the other, so that what is known of a reader is what was answered last. */
async function writeOn(state: State, buffer: Buffer): Promise<void> {
  const { plan, untilMs } = state;
  const asker = connectAsker(plan.url, buffer);
  let dueMs = performance.now();
  for (let at = 0; performance.now() < untilMs; at = (at + 1) % plan.readers.length) {
    state.requests.set(at, listRequest(plan, at, ''));
    for (const method of ['DELETE', 'POST']) {
      dueMs += 1_000 / (plan.writesPerSecond ?? 1);
      await until(dueMs);
      const path = `/api/applications/${plan.readers[at]!.application}/ready`;
      const head = `${method} ${path} HTTP/1.1\r\n${headOf(plan, at)}content-length: 0\r\n\r\n`;
      const { status, text } = await asker.ask(Buffer.from(head));
      if (status === 200) state.known.set(at, newestIn(text));
      else if (status !== 503) state.faults += 1;
      state.writes += 1;
    }
  }
  asker.close();
}

async function until(dueMs: number): Promise<void> {
  const restMs = dueMs - performance.now();
  if (restMs > 0) await new Promise((resolve) => setTimeout(resolve, restMs));
}

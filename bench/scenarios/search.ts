/**
 * The search over applications of earlier years: what a person asks, one question after the other,
 * over HTTP as an operator. While it is measured each answer is compared with that of a plain loop
 * over the lines that were imported: how many, and the first page in its order.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atMost, type Figure, noneOf, reported } from '#bench/figures.ts';
import type { Say } from '#bench/scenario.ts';
import {
  matching,
  pageOf,
  QUESTIONS,
  type Question,
  type ScannedLine,
  scannedLine,
} from '#bench/scenarios/search-scan.ts';
import { clickdayOk, type RunningSystem, startSystem } from '#bench/system.ts';
import { historyCsv, historyHead, historyLines } from '#test/support/history.ts';

export interface SearchSizes {
  readonly runs: number;
  readonly applications: number;
  readonly questions: number;
}

export const FULL: SearchSizes = { runs: 3, applications: 1_000_000, questions: 400 };
export const QUICK: SearchSizes = { runs: 1, applications: 10_000, questions: 40 };

export const METHOD = `Applications of 2007 to 2010 in the proportions of those years and made-up
names, loaded by import-history; then an operator's first pages of 50 over HTTP, one at a time,
drawn from ${QUESTIONS.length} combinations of filters and orders that a person would use, each
answer compared with a plain loop over the lines. Latency from sending to the parsed answer, the
line in the audit with it. Memory is the portal's resident size after the last answer.`;

const PASSWORD = 'una parola lunga';
const PAGE = 50;
const KIBIBYTE = 1024;

interface Run {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly wrong: number;
}

/** Imports once, then asks in runs. */
export async function measureSearch(sizes: SearchSizes, say: Say): Promise<Figure[]> {
  const directory = mkdtempSync(join(tmpdir(), 'search-'));
  const data = join(directory, 'data');
  const file = join(directory, 'history.csv');
  try {
    const lines = await writeLines(file, sizes.applications);
    const startMs = performance.now();
    await clickdayOk(['import-history', file, '--data', data]);
    const perSecond = lines.length / ((performance.now() - startMs) / 1000);
    say(`${lines.length} lines imported, ${Math.round(perSecond)} a second`);
    const link = await clickdayOk([
      ...['user', 'add', '--email', 'bench@example.org', '--role', 'operator', '--data', data],
    ]);
    const system = await startSystem([
      '--data',
      data,
      '--roles',
      'portal',
      '--portal',
      '127.0.0.1:0',
    ]);
    try {
      return [
        { ...reported, scenario: 'search: lines imported a second', values: [perSecond] },
        ...(await ask({ system, link, lines, sizes, say })),
      ];
    } finally {
      await system.stop();
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function writeLines(path: string, count: number): Promise<ScannedLine[]> {
  const file = await open(path, 'w');
  const scanned: ScannedLine[] = [];
  let text = `${historyHead.join(',')}\n`;
  for (const line of historyLines(count)) {
    text += `${historyCsv(line)}\n`;
    scanned.push(scannedLine(line, scanned.length));
    if (text.length < KIBIBYTE * KIBIBYTE) continue;
    await file.write(text);
    text = '';
  }
  await file.write(text);
  await file.close();
  return scanned;
}

interface Asking {
  readonly system: RunningSystem;
  readonly link: string;
  readonly lines: readonly ScannedLine[];
  readonly sizes: SearchSizes;
  readonly say: Say;
}

async function ask({ system, link, lines, sizes, say }: Asking): Promise<Figure[]> {
  const url = system.portal ?? '';
  const find = await operator(url, link);
  const expected = QUESTIONS.map((question) => {
    const found = matching(lines, question);
    return { total: found.length, page: pageOf(found, question, PAGE) };
  });
  for (const question of QUESTIONS.slice(0, 3)) await find(question); // the thread has begun
  const runs: Run[] = [];
  for (let run = 0; run < sizes.runs; run += 1) {
    const latencies: number[] = [];
    let wrong = 0;
    for (let at = 0; at < sizes.questions; at += 1) {
      const index = (at * 7 + run) % QUESTIONS.length;
      const startMs = performance.now();
      const answer = await find(QUESTIONS[index] as Question);
      latencies.push(performance.now() - startMs);
      if (JSON.stringify(answer) !== JSON.stringify(expected[index])) wrong += 1;
    }
    const sorted = latencies.toSorted((one, other) => one - other);
    const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
    runs.push({ p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1), wrong });
    say(`search: p50 ${at(0.5).toFixed(1)} ms, p99 ${at(0.99).toFixed(1)} ms, ${wrong} wrong`);
  }
  return figuresOf(runs, sizes, residentMiB(system.pids.portal ?? system.pid));
}

function figuresOf(runs: readonly Run[], { applications }: SearchSizes, memory: number): Figure[] {
  const name = `search over ${applications.toLocaleString('en')} applications`;
  return [
    {
      ...{ scenario: `${name}: first page, p99, ms`, target: '≤ 100 ms' },
      ...{ ...atMost(100), values: runs.map(({ p99Ms }) => p99Ms), digits: 1 },
    },
    ...(['p50Ms', 'maxMs'] as const).map((key) => ({
      ...{ ...reported, scenario: `${name}: first page, ${key.replace('Ms', '')}, ms`, digits: 1 },
      values: runs.map((run) => run[key]),
    })),
    { ...reported, scenario: `${name}: portal’s memory, MiB`, values: [memory] },
    noneOf(
      `${name}: answers that differ from a plain scan’s`,
      runs.map(({ wrong }) => wrong),
    ),
  ];
}

async function operator(url: string, link: string) {
  const call = async (path: string, init: RequestInit) => {
    const headers = { 'content-type': 'application/json', ...init.headers };
    const response = await fetch(url + path, { ...init, headers });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json() as Promise<unknown>;
  };
  const post = (path: string, body: unknown) =>
    call(path, { method: 'POST', body: JSON.stringify(body) });
  const token = new URL(link.trim()).searchParams.get('token');
  await post('/api/setup', { token, password: PASSWORD });
  const login = { email: 'bench@example.org', password: PASSWORD, kind: 'bearer' };
  const { token: bearer } = (await post('/api/session', login)) as { token: string };
  const headers = { authorization: `Bearer ${bearer}` };
  return async ({ filters, sort }: Question) => {
    const query = new URLSearchParams({ ...filters, sort, limit: String(PAGE) });
    const answer = (await call(`/api/applications?${query}`, { headers })) as {
      total: number;
      applications: { submission: { protocol: string } }[];
    };
    const page = answer.applications.map(({ submission }) => submission.protocol);
    return { total: answer.total, page };
  };
}

/** Linux; elsewhere unknown. */
function residentMiB(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / KIBIBYTE;
  } catch {
    return Number.NaN;
  }
}

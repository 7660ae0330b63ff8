/**
 * Ten thousand open pages that are told of what changes: what they cost, and how long it takes from
 * the registrar's write until the last of them knows. The entries are appended to a ledger that the
 * portal follows, one for each page, so that nothing but registrar and portal is measured.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openFilesMax } from '#bench/drivers/descriptors.ts';
import { openPages } from '#bench/drivers/open-pages.ts';
import { type Figure, medianAtMost, noneOf, reported } from '#bench/figures.ts';
import { cpuSecondsOf } from '#bench/machine.ts';
import type { Say } from '#bench/scenario.ts';
import {
  onPortalStage,
  type PortalStage,
  pagesPossible,
  residentBytesOf,
} from '#bench/scenarios/portal-stage.ts';
import { openLedgerWriter } from '#engine/ledger/index.ts';

export interface PagesSizes {
  readonly runs: number;
  readonly pages: number;
  /** How long they are held before anything happens. */
  readonly seconds: number;
}

export const FULL: PagesSizes = { runs: 3, pages: 10_000, seconds: 10 };
export const QUICK: PagesSizes = { runs: 1, pages: 200, seconds: 1 };

export const METHOD = `Each page is an account of its own with one application and one stream of
GET /api/events on a bare socket. They are opened 200 at a time, held for ten seconds (the processor
is what their heartbeats take), then an entry for each application is appended to a ledger in
batches of 500 as fast as the disk takes them. Told is the time from the last append to the last
page, the registrar's look every 100 ms and its writes included. Memory is what the portal's process
grew by, collector's leeway included. One portal a run.`;

const GATE = 'g1';
const BATCH = 500;
const KIBIBYTE = 1024;
const LOOK_MS = 20;
const TOLD_WITHIN_MS = 60_000;
const SETTLE_MS = 2_000;

interface Run {
  readonly pages: number;
  readonly openMs: number;
  readonly kibibytesAPage: number;
  readonly share: number;
  readonly appendMs: number;
  readonly lastToldMs: number;
  readonly untold: number;
}

export async function measurePages(sizes: PagesSizes, say: Say): Promise<Figure[]> {
  const runs: Run[] = [];
  for (let run = 0; run < sizes.runs; run += 1) {
    const accounts = pagesPossible(sizes.pages, openFilesMax());
    const wish = { accounts, applications: accounts, roles: 'portal', opensInSeconds: 5 } as const;
    const result = await onPortalStage(wish, (stage) => playRun(stage, sizes));
    runs.push(result);
    say(`${result.pages} pages, the last told after ${result.lastToldMs.toFixed(0)} ms`);
  }
  return figuresOf(runs);
}

async function playRun(stage: PortalStage, { seconds }: PagesSizes): Promise<Run> {
  const { url, visitors, system } = stage;
  const pid = system.pids.portal ?? system.pid;
  await pause(SETTLE_MS);
  const before = residentBytesOf(pid);
  const startedMs = performance.now();
  const pages = await openPages(
    url,
    visitors.map(({ session }) => session),
  );
  const openMs = performance.now() - startedMs;
  const cpuBefore = cpuSecondsOf(pid);
  await pause(seconds * 1_000);
  const share = (cpuSecondsOf(pid) - cpuBefore) / seconds;
  const bytes = residentBytesOf(pid) - before;
  const { appendMs, appendedMs } = await appendAll(stage);
  while (pages.told().count < visitors.length && performance.now() - appendedMs < TOLD_WITHIN_MS) {
    await pause(LOOK_MS);
  }
  const { count, lastMs } = pages.told();
  pages.close();
  return {
    ...{ pages: visitors.length - pages.lost(), openMs, share, appendMs },
    kibibytesAPage: bytes / KIBIBYTE / visitors.length,
    lastToldMs: lastMs - appendedMs,
    untold: visitors.length - count,
  };
}

interface Line {
  readonly id: string;
  readonly clickDay: string;
  readonly model: string;
  readonly office: string;
  readonly digest: string;
}

/** The lines of a passbook, read without checking its signature. */
function linesOf(passbook: string): Line[] {
  const claims = Buffer.from(passbook.split('.')[1]!, 'base64url').toString();
  return (JSON.parse(claims) as { applications: Line[] }).applications;
}

async function appendAll({ data, visitors }: PortalStage) {
  const path = join(data, 'gates', GATE, 'ledger');
  mkdirSync(path, { recursive: true });
  const writer = openLedgerWriter({ path, gate: GATE });
  const lines = visitors.flatMap(({ passbooks }) => passbooks.flatMap(linesOf));
  const fromUs = Math.ceil(Date.now()) * 1_000;
  const entries = lines.map(({ id, clickDay, model, office, digest }, at) => ({
    ...{ application: id, clickDay, model, office, digest, gate: GATE, seq: at + 1 },
    ...{ stampUs: fromUs + at, uncertaintyUs: 250 },
  }));
  const startedMs = performance.now();
  for (let from = 0; from < entries.length; from += BATCH) {
    const batch = entries.slice(from, from + BATCH);
    await writer.append(batch, batch[0]!.stampUs);
  }
  const appendedMs = performance.now();
  await writer.close();
  return { appendMs: appendedMs - startedMs, appendedMs };
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

function figuresOf(runs: readonly Run[]): Figure[] {
  const told = (what: string, value: (run: Run) => number, digits = 0): Figure => ({
    ...{ scenario: `open pages: ${what}`, ...reported, digits, values: runs.map(value) },
  });
  const last = told('last told after the last append, ms', ({ lastToldMs }) => lastToldMs);
  return [
    { ...told('held', ({ pages }) => pages), worst: 'lowest' },
    told('opened in, ms', ({ openMs }) => openMs),
    told('memory a page, KiB', ({ kibibytesAPage }) => kibibytesAPage, 1),
    told('processor while nothing happens, cores', ({ share }) => share, 2),
    told('appended in, ms', ({ appendMs }) => appendMs),
    { ...last, target: '≤ 5,000', ...medianAtMost(5_000) },
    noneOf(
      'open pages: not told',
      runs.map(({ untold }) => untold),
    ),
  ];
}

/**
 * How fast receipts are made, by the whole real system: a ledger that is full, portal and gate
 * started on it, and from then on nobody does anything but the registrar and its pool. Counted in
 * the register, from the first batch to the last receipt; what it costs is read from the processes
 * of portal and workshop, all threads, so that others on the machine change the rate but not the
 * cost.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { peakResidentMiB } from '#bench/fairness/gate.ts';
import { type Figure, medianAtMost, noneOf, reported } from '#bench/figures.ts';
import { childrenOf, cpuSecondsOf } from '#bench/machine.ts';
import { NotDone } from '#bench/peers/store-server.ts';
import type { Say } from '#bench/scenario.ts';
import { GATE, layEntries, receiptCounter } from '#bench/scenarios/receipts-stage.ts';
import { quantile } from '#bench/statistics.ts';
import { clickday, type RunningSystem, startSystem } from '#bench/system.ts';

export interface ReceiptsSizes {
  readonly runs: number;
  /** Receipts of a run. */
  readonly receipts: number;
}

export const FULL: ReceiptsSizes = { runs: 3, receipts: 20_000 };
export const QUICK: ReceiptsSizes = { runs: 1, receipts: 200 };

const WHOLE_CLICK_DAY = 392_310;
/** As many as the decree of 2010 had, for real; too long for `--quick`. */
export const DECREE_FULL: ReceiptsSizes = { runs: 1, receipts: WHOLE_CLICK_DAY };
export const DECREE_QUICK: ReceiptsSizes = { runs: 1, receipts: 0 };

export const METHOD = `Portal and gate are started on a ledger that is full: 20,000 entries of a
fixture. The registrar, the proofs, the pool and the table of receipts are the real ones; the pool
has its default number of threads. Meanwhile the portal is asked for its click days every 50 ms, one
request at a time. Cost is CPU time of the portal's process and of the workshop's; what the first
thread of either (storing there; facts and proofs here) takes bounds what more cores can bring, and
the minutes for 4 cores are the largest of the three. At the end \`clickday verify\` reads
everything.`;

export const DECREE_METHOD = `The same with as many entries as the decree of 2010 had: nothing is
extrapolated. Minutes are from the first receipts to the last on this machine, whose cores the gate
(idle), the portal and the pool share.`;

const COUNTED_EVERY_MS = 50;
const CORES = 4;
const MINUTE = 60;

interface Run {
  readonly minutes: number;
  readonly perSecond: number;
  /** CPU seconds for each receipt, of both processes. */
  readonly cpu: number;
  /** And of their first threads. */
  readonly portalCpu: number;
  readonly workshopCpu: number;
  readonly p99Ms: number;
  /** Of the portal's process at most. */
  readonly residentMiB: number;
  /** Of the workshop's, its pool included. */
  readonly workshopMiB: number;
  readonly faults: number;
}

export async function measureReceipts(sizes: ReceiptsSizes, say: Say): Promise<Figure[]> {
  const runs: Run[] = [];
  for (let run = 0; run < sizes.runs; run += 1) {
    const measured = await playRun(sizes.receipts);
    runs.push(measured);
    say(`${Math.round(measured.perSecond)} receipts/s, ${Math.round(1 / measured.cpu)} a core`);
  }
  return figuresOf(runs);
}

/** All receipts of the decree of 2010. */
export async function measureDecreeReceipts(sizes: ReceiptsSizes, say: Say): Promise<Figure[]> {
  if (sizes.receipts === 0) throw new NotDone('not at small scale');
  const runs: Run[] = [];
  for (let run = 0; run < sizes.runs; run += 1) {
    const measured = await playRun(sizes.receipts);
    runs.push(measured);
    say(`${sizes.receipts} receipts: ${measured.minutes.toFixed(1)} minutes`);
  }
  return decreeFiguresOf(runs);
}

async function playRun(receipts: number): Promise<Run> {
  const data = mkdtempSync(join(tmpdir(), 'clickday-receipts-'));
  try {
    mkdirSync(join(data, 'gates', GATE, 'ledger'), { recursive: true });
    await layEntries(data, receipts);
    const addresses = ['--portal', '127.0.0.1:0', '--gate', '127.0.0.1:0'];
    const words = ['--data', data, '--roles', 'portal,gate', ...addresses, '--log-level', 'warn'];
    const system = await startSystem(words, { CLICKDAY_NTP_SERVERS: '' });
    const measured = await watch(system, data, receipts).finally(() => system.stop());
    const verified = await clickday(['verify', '--data', data]);
    return { ...measured, faults: measured.faults + (verified.status === 0 ? 0 : 1) };
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}

/** From the first receipts to the last. */
async function watch(system: RunningSystem, data: string, receipts: number): Promise<Run> {
  const pid = system.pids.portal ?? system.pid;
  const counter = receiptCounter(data);
  const answersMs: number[] = [];
  const now = () => ({
    count: counter.count(),
    ms: performance.now(),
    cpu: [pid, ...childrenOf(pid)].reduce((sum, one) => sum + cpuSecondsOf(one), 0),
    portalCpu: threadSecondsOf(pid),
    workshopCpu: childrenOf(pid).reduce((sum, one) => sum + threadSecondsOf(one), 0),
  });
  let first = now();
  while (first.count === 0) {
    await pause();
    first = now();
  }
  let last = first;
  while (last.count < receipts) {
    answersMs.push(await askMs(`${system.portal}/api/click-days`));
    await pause();
    last = now();
  }
  await counter.close();
  const made = Math.max(1, last.count - first.count);
  const seconds = (last.ms - first.ms) / 1000;
  return {
    minutes: seconds / MINUTE,
    perSecond: made / seconds,
    residentMiB: peakResidentMiB(pid),
    workshopMiB: childrenOf(pid).reduce((sum, one) => sum + peakResidentMiB(one), 0),
    cpu: (last.cpu - first.cpu) / made,
    portalCpu: (last.portalCpu - first.portalCpu) / made,
    workshopCpu: (last.workshopCpu - first.workshopCpu) / made,
    p99Ms: quantile(
      answersMs.toSorted((a, b) => a - b),
      0.99,
    ),
    faults: answersMs.filter(Number.isNaN).length,
  };
}

const pause = () => new Promise((resolve) => setTimeout(resolve, COUNTED_EVERY_MS));

/** NaN when it is not answered with 200. */
async function askMs(url: string): Promise<number> {
  const startMs = performance.now();
  const { status } = await fetch(url).then(async (answer) => {
    await answer.arrayBuffer();
    return answer;
  });
  return status === 200 ? performance.now() - startMs : Number.NaN;
}

const NANOSECONDS = 1e9;

/** CPU seconds of a process' first thread; NaN where the system does not say (not Linux). */
function threadSecondsOf(pid: number): number {
  try {
    const [spent] = readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ');
    return Number(spent) / NANOSECONDS;
  } catch {
    return Number.NaN;
  }
}

/** What 392,310 receipts take when no core is wasted and no thread waits for another. */
const minutesOf = ({ cpu, portalCpu, workshopCpu }: Run) =>
  (WHOLE_CLICK_DAY * Math.max(portalCpu, workshopCpu, cpu / CORES)) / MINUTE;

function decreeFiguresOf(runs: readonly Run[]): Figure[] {
  const told = (what: string, value: (run: Run) => number, digits = 0): Figure => ({
    ...{ scenario: `392,310 receipts: ${what}`, ...reported, digits, values: runs.map(value) },
  });
  return [
    {
      ...told('minutes, on this machine', ({ minutes }) => minutes, 1),
      ...{ target: '≤ 60 on 4 cores', ...medianAtMost(60) },
    },
    { ...told('made/s', ({ perSecond }) => perSecond), worst: 'lowest' },
    told('portal meanwhile, p99, ms', ({ p99Ms }) => p99Ms, 1),
    told('resident memory of the portal at most, MiB', ({ residentMiB }) => residentMiB),
    told('of the workshop at most, MiB', ({ workshopMiB }) => workshopMiB),
    noneOf(
      '392,310 receipts: missing, doubled, untrue or the portal unanswered',
      runs.map(({ faults }) => faults),
    ),
  ];
}

function figuresOf(runs: readonly Run[]): Figure[] {
  const told = (what: string, value: (run: Run) => number, digits = 0): Figure => ({
    ...{ scenario: `receipts: ${what}`, ...reported, digits, values: runs.map(value) },
  });
  return [
    {
      ...told('minutes for 392,310 on 4 cores, by their cost', minutesOf, 1),
      ...{ target: '≤ 60', ...medianAtMost(60) },
    },
    { ...told('made/s on this machine', ({ perSecond }) => perSecond), worst: 'lowest' },
    {
      ...told(
        'minutes for 392,310 on this machine',
        ({ perSecond }) => WHOLE_CLICK_DAY / perSecond / MINUTE,
        1,
      ),
    },
    { ...told('made/s a core', ({ cpu }) => 1 / cpu), worst: 'lowest' },
    told('share of the portal’s first thread, %', ({ cpu, portalCpu }) => (100 * portalCpu) / cpu),
    told('share of the workshop’s, %', ({ cpu, workshopCpu }) => (100 * workshopCpu) / cpu),
    told('portal meanwhile, p99, ms', ({ p99Ms }) => p99Ms, 1),
    noneOf(
      'receipts: missing, doubled, untrue or the portal unanswered',
      runs.map(({ faults }) => faults),
    ),
  ];
}

/**
 * How much memory the mini-client's page takes over a whole day, from the start of the program to
 * the last button: the real program against a real portal and a real gate.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildExecutable } from '#bench/drivers/executable.ts';
import {
  type MemoryWatch,
  peakUntil,
  type StepPeaks,
  watchMemory,
} from '#bench/drivers/memory-watch.ts';
import { type DrivenPage, drivePage } from '#bench/drivers/page.ts';
import { atMost, type Figure, noneOf, reported } from '#bench/figures.ts';
import type { Table } from '#bench/report.ts';
import type { Outcome, Say } from '#bench/scenario.ts';
import { onPortalStage, type PortalStage } from '#bench/scenarios/portal-stage.ts';
import { ROOT } from '#bench/system.ts';

export interface PageSizes {
  readonly runs: number;
  readonly applications: number;
  /** From the laying of the stage to the opening; log-in and list come before it. */
  readonly opensInSeconds: number;
  /** Whether the executable is built and measured; the sources else. */
  readonly hasExecutable: boolean;
}

export const FULL: PageSizes = {
  ...{ runs: 3, applications: 500, opensInSeconds: 60, hasExecutable: true },
};
export const QUICK: PageSizes = {
  ...{ runs: 1, applications: 40, opensInSeconds: 30, hasExecutable: false },
};

export const METHOD = `The program that people download is taken through a whole day by its page's
own calls, beside a real portal and a real gate: started, logged in with the list of one account,
all applications made ready in one press, waiting, the opening, every receipt fetched and checked,
the public log read, and at last the day's summary as CSV and as PDF, made twice. An open page
follows its events all the time.

Memory is resident memory as the kernel keeps its peak (VmHWM), begun anew with each step so that
the steps can be told apart; the target binds the largest of all steps. Some 50 MB of it are the
executable file itself, mapped. The program starts no process; if it did, what all of them have at
one instant would count, looked at every 5 ms, the mapped file once. After the day the commands of
the command line are run on the same directory, a process each.`;

const MEMORY_MB_MAX = 120;
/** Of what people download: from the sources Node takes the types out first. */
const targetOf = ({ hasExecutable }: PageSizes) =>
  hasExecutable ? { target: `≤ ${MEMORY_MB_MAX}`, ...atMost(MEMORY_MB_MAX) } : reported;
const STEP_MS_MAX = 240_000;
const COMMANDS = [
  ...[['list'], ['order'], ['check'], ['status'], ['receipts'], ['verify-log']],
  ...[
    ['summary', '--format', 'csv'],
    ['summary', '--format', 'pdf'],
  ],
];

/** What a run came to. */
interface Day {
  readonly steps: readonly StepPeaks[];
  readonly commands: readonly StepPeaks[];
  readonly faults: readonly string[];
}

export async function measurePage(sizes: PageSizes, say: Say): Promise<Outcome> {
  const directory = mkdtempSync(join(tmpdir(), 'clickday-mini-client-'));
  const days: Day[] = [];
  try {
    const program = sizes.hasExecutable ? await buildExecutable(directory) : undefined;
    for (let run = 0; run < sizes.runs; run += 1) {
      const day = await playDay(sizes, program);
      for (const fault of day.faults) say(fault);
      days.push(day);
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  const { applications: many } = sizes;
  const target = targetOf(sizes);
  const figures: Figure[] = [
    {
      ...{ scenario: `${many} applications on the page: memory at most, MB`, ...target },
      values: days.map(({ steps }) => Math.max(...steps.map(({ own, sum }) => Math.max(own, sum)))),
    },
    {
      ...{ scenario: `${many} applications: memory of a command at most, MB`, ...target },
      values: days.map(({ commands }) => Math.max(...commands.map(({ child }) => child))),
    },
    noneOf(
      'a day of the page: anything missing or refused',
      days.map(({ faults }) => faults.length),
    ),
  ];
  return { figures, tables: [stepsTable(days)] };
}

function stepsTable(days: readonly Day[]): Table {
  const all = days.map(({ steps, commands }) => [...steps, ...commands]);
  const most = (at: number, pick: (peak: StepPeaks) => number) => {
    const mb = Math.max(...all.map((peaks) => pick(peaks[at]!)));
    return mb === 0 ? '' : mb.toFixed(0);
  };
  const rows = all[0]!.map(({ step }, at) => [
    ...[step, most(at, ({ own }) => own), most(at, ({ child }) => child)],
  ]);
  return { columns: ['step', 'page, MB at most', 'a command, MB at most'], rows };
}

function playDay(sizes: PageSizes, program: string | undefined): Promise<Day> {
  const { applications, opensInSeconds } = sizes;
  const wish = { accounts: 1, applications, roles: 'portal,gate', opensInSeconds } as const;
  return onPortalStage(wish, async (stage) => {
    const directory = join(stage.data, 'mini-client');
    const page = await drivePage(directory, program);
    const watch = watchMemory(page.pid);
    const faults = await dayOf(page, watch, { stage, applications });
    const status = await page.stop();
    if (status !== 0) faults.push(`the page ended with ${status}`);
    const commands = await commandsOn(directory, program, faults);
    return { steps: watch.peaks, commands, faults };
  });
}

async function dayOf(
  page: DrivenPage,
  watch: MemoryWatch,
  { stage, applications }: { stage: PortalStage; applications: number },
): Promise<string[]> {
  const faults: string[] = [];
  const until = (what: string, is: Parameters<DrivenPage['until']>[2]) =>
    page.until(what, STEP_MS_MAX, is);
  const { email, password, passbooks } = stage.visitors[0]!;
  await watch.during('started', () => until('started', ({ checks }) => !checks.isRunning));
  await watch.during('logged in, list and checks', async () => {
    await page.press('/api/login', { portal: stage.url, email, password, totp: '' });
    await until('listed', ({ isListing, counts, checks }) => {
      return !isListing && !checks.isRunning && counts.chosen === applications;
    });
  });
  await watch.during('made ready, waiting', async () => {
    await page.press('/api/ready', { clickDay: dayIn(passbooks[0]!) });
    await until('connected', ({ connection }) => connection.isUp);
    await until('the opening', ({ phase }) => phase === 'sending' || phase === 'after');
  });
  await watch.during('sent', () => until('sent', ({ phase }) => phase === 'after'));
  await watch.during('receipts and public log', () =>
    until('receipts and log', ({ receipts, log }) => {
      const isRead = log.lines.length > 0 && log.lines.every(({ verdict }) => verdict !== 'later');
      return isRead && !receipts.isFetching && receipts.kept === applications;
    }),
  );
  for (const format of ['csv', 'pdf', 'csv', 'pdf']) {
    await watch.during(`summary as ${format.toUpperCase()}`, async () => {
      const { address } = await page.press('/api/summary', { format });
      const length = await page.open(String(address));
      if (length < applications * 100) faults.push(`summary as ${format}: ${length} bytes`);
    });
  }
  await until('all accepted', ({ counts, log }) => {
    return counts.accepted === applications && log.lines.every((one) => one.verdict === 'sound');
  });
  return faults;
}

/** The click day that a passbook is of, read without checking its signature. */
function dayIn(passbook: string): string {
  const claims = Buffer.from(passbook.split('.')[1]!, 'base64url').toString();
  return (JSON.parse(claims) as { applications: { clickDay: string }[] }).applications[0]!.clickDay;
}

/** Each command on the directory of the day, a process of its own. */
async function commandsOn(
  directory: string,
  program: string | undefined,
  faults: string[],
): Promise<StepPeaks[]> {
  const sources = ['--disable-warning=ExperimentalWarning', 'mini-client/program.ts'];
  const [file, before] = program === undefined ? [process.execPath, sources] : [program, []];
  const peaks: StepPeaks[] = [];
  for (const words of COMMANDS) {
    const step = `command ${words.join(' ')}`;
    const all = [...before, ...words, '--directory', directory];
    const child = spawn(file, all, { cwd: ROOT, stdio: 'ignore' });
    const ended = new Promise<unknown>((resolve) => child.once('close', resolve));
    peaks.push({ step, own: 0, child: await peakUntil(child.pid ?? 0, ended), sum: 0 });
    const status = await ended;
    if (status !== 0) faults.push(`${step} ended with ${status}`);
  }
  return peaks;
}

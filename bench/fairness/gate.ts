/**
 * A real gate process on a fresh data directory, that can be stopped in its tracks (SIGSTOP), so
 * that what is written meanwhile lies in kernel buffers, and whose ledger is read at the end.
 *
 * `unfair` starts the same program with one safeguard replaced (test/support/unfair): the negative
 * control that every judge here must fail.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPortal, type Papers, type Portal } from '#bench/fairness/papers.ts';
import { startSystem } from '#bench/system.ts';
import { openLedgerReader, verifyLedger } from '#engine/ledger/index.ts';
import type { ClickDay } from '#protocol/calendar.ts';
import type { LedgerEntry } from '#protocol/entry.ts';

/** What is off: turns (arrival order instead), the drain (read time instead), the public log. */
export type Unfairness = 'without-turns' | 'without-drain' | 'without-log';

/** What the ledger holds when the gate has ended. */
export interface LedgerContent {
  readonly entries: readonly LedgerEntry[];
  /** The last number of each commit, rising. */
  readonly commits: readonly number[];
  readonly violations: readonly string[];
}

export interface FairGate {
  readonly port: number;
  readonly pid: number;
  readonly papers: Papers;
  /** Its data directory, on the disk that it writes to. */
  readonly data: string;
  /** Replaces the calendar; the gate looks for it several times a second. */
  setCalendar(clickDays: readonly ClickDay[]): void;
  /** Stops every thread of the gate; resolves when they stand. */
  freeze(): void;
  thaw(): void;
  /** Ends it, reads and verifies its ledger, removes its directory. */
  end(): Promise<LedgerContent>;
}

const ENTRIES_MAX = 10_000_000;
/** The machine's own date is the reference here, so the gate may trust it to a millisecond. */
const CLOCK_BOUND_MS = '1';

export async function startGate(
  clickDays: readonly ClickDay[],
  options: { directory?: string | undefined; unfair?: Unfairness; portal?: Portal } = {},
): Promise<FairGate> {
  const data = mkdtempSync(join(options.directory ?? tmpdir(), 'clickday-fair-'));
  const portal = options.portal ?? createPortal();
  const papers = { clickDays, passbooks: portal.passbooks };
  portal.lay(data, clickDays);
  let calendar = clickDays;
  const words = ['--data', data, '--roles', 'gate', '--gate', '127.0.0.1:0'];
  const system = await startSystem([...words, '--log-level', 'warn'], {
    CLICKDAY_NTP_SERVERS: '',
    CLICKDAY_CLOCK_BOUND_MS: CLOCK_BOUND_MS,
    ...(options.unfair && { NODE_OPTIONS: `--import=${controlOf(options.unfair)}` }),
  });
  const pid = system.pids.g1 ?? system.pid;
  return {
    port: Number(new URL(system.gate ?? '').port),
    pid,
    papers,
    data,
    setCalendar: (next) => {
      calendar = next;
      portal.lay(data, next);
    },
    freeze: () => freeze(pid),
    thaw: () => {
      process.kill(pid, 'SIGCONT');
    },
    end: async () => {
      process.kill(pid, 'SIGCONT');
      await system.stop();
      try {
        return await ledgerContent(join(data, 'gates', 'g1', 'ledger'), calendar);
      } finally {
        rmSync(data, { recursive: true, force: true });
      }
    },
  };
}

function controlOf(unfair: Unfairness): string {
  return new URL(`../../test/support/unfair/${unfair}.ts`, import.meta.url).href;
}

/** Spins until no thread runs any more: a signal is delivered, not obeyed at once. */
function freeze(pid: number): void {
  process.kill(pid, 'SIGSTOP');
  const threads = readdirSync(`/proc/${pid}/task`);
  while (!threads.every((thread) => isStopped(`/proc/${pid}/task/${thread}/stat`)));
}

function isStopped(path: string): boolean {
  const stat = readFileSync(path, 'utf8');
  return /^[Tt]/.test(stat.slice(stat.lastIndexOf(')') + 2));
}

/** Reads and verifies a gate's ledger that nobody writes to any more. */
export async function ledgerContent(
  path: string,
  clickDays: readonly ClickDay[],
): Promise<LedgerContent> {
  const reader = openLedgerReader({ path, gate: 'g1' });
  try {
    const report = verifyLedger({ reader, clickDays });
    return {
      entries: reader.entries(1, ENTRIES_MAX),
      commits: Array.from(reader.batches(), (batch) => batch.lastSeq),
      violations: report.violations.map((one) => `${one.code} ${one.seq ?? ''} ${one.detail}`),
    };
  } finally {
    await reader.close();
  }
}

/** Resident memory of a process in MiB. */
export function residentMiB(pid: number): number {
  return statusMiB(pid, 'VmRSS');
}

/** The most it had since it began, or since `forgetPeak`. */
export function peakResidentMiB(pid: number): number {
  return statusMiB(pid, 'VmHWM');
}

/** Lets the peak of resident memory begin anew (Linux, proc(5): clear_refs). */
export function forgetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}

function statusMiB(pid: number, field: string): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1] ?? Number.NaN) / 1024;
}

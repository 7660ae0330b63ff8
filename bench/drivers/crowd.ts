/** The bench's side of a crowd: starts its process, gives orders, and takes what it reports. */
import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { CrowdOrder, CrowdReport } from '#bench/drivers/crowd-process.ts';
import type { ReadingPlan, ReadingResult } from '#bench/drivers/list-readers.ts';

export interface Crowd {
  /** How many pages are open. */
  open(url: string, sessions: readonly string[]): Promise<number>;
  /** How many pages were told of a submission. */
  close(): Promise<number>;
  read(plan: ReadingPlan): Promise<ReadingResult>;
  /** The same against the crowd's own server. */
  pretend(plan: ReadingPlan): Promise<ReadingResult>;
  end(): void;
}

const NICE = 19;
const PROGRAM = fileURLToPath(new URL('crowd-process.ts', import.meta.url));

/**
 * Starts one that runs when nobody else wants to: in the scheduler's idle class, else nineteen
 * steps nicer. In truth a crowd sits elsewhere and takes nothing of this machine.
 */
export function startCrowd(): Crowd {
  const child: ChildProcess = fork(PROGRAM, { serialization: 'advanced' });
  const words = ['--all-tasks', '--idle', '--pid', '0', String(child.pid)];
  if (spawnSync('chrt', words).status !== 0) setPriority(child.pid ?? 0, NICE);
  const order = async (what: CrowdOrder): Promise<CrowdReport> => {
    child.send(what);
    const [report] = (await once(child, 'message')) as [CrowdReport];
    return report;
  };
  const readingOf = (report: CrowdReport) => {
    if ('reading' in report) return report.reading;
    throw new Error('the crowd reports something else');
  };
  const pagesOf = (report: CrowdReport) => {
    if ('pages' in report) return report;
    throw new Error('the crowd reports something else');
  };
  return {
    open: async (url, sessions) => pagesOf(await order({ do: 'open', url, sessions })).pages,
    close: async () => pagesOf(await order({ do: 'close' })).told,
    read: async (plan) => readingOf(await order({ do: 'read', plan })),
    pretend: async (plan) => readingOf(await order({ do: 'pretend', plan })),
    end: () => void child.kill('SIGKILL'),
  };
}

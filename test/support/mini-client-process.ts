/**
 * The real mini-client as a process of its own, on a directory prepared as `prepare` leaves it, so
 * that neither a portal nor a log-in is needed. From the sources, or as one executable file.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ROOT } from '#bench/system.ts';
import type { ClickDay } from '#protocol/calendar.ts';

export interface Preparation {
  readonly clickDay: ClickDay;
  /** `ws://…/v1/submissions`. */
  readonly gates: readonly string[];
  readonly passbooks: readonly string[];
  readonly applications: readonly string[];
}

/** A line of `send --json`. */
export interface ToldEvent {
  readonly event: string;
  readonly [name: string]: unknown;
}

export interface MiniClientProcess {
  readonly pid: number;
  /** What it told so far. */
  readonly events: readonly ToldEvent[];
  kill(signal: 'SIGKILL' | 'SIGTERM'): void;
  /** Its exit status; null when it was killed. */
  readonly ended: Promise<number | null>;
  stderr(): string;
}

const SOURCES = [process.execPath, '--disable-warning=ExperimentalWarning'];

/** Makes `directory` what `prepare` leaves behind. */
export function layPreparation(directory: string, preparation: Preparation): void {
  const { clickDay, gates, passbooks, applications } = preparation;
  const { id, opensAt, closesAt } = clickDay;
  const prepared = {
    ...{ portal: 'http://127.0.0.1:9', email: 'a@example.org', preparedAtUs: 0 },
    clickDay: { id, name: { it: id, en: id }, opensAt, closesAt },
    ...{ gates, passbooks },
    applications: applications.map((one) => ({ id: one, title: `Lavoratore ${one}`, model: 'A' })),
  };
  mkdirSync(join(directory, 'prepared'), { recursive: true });
  writeFileSync(join(directory, 'prepared', `${id}.json`), JSON.stringify(prepared));
}

/**
 * Starts `mini-client send --json` on a directory. `words` follow; `program` is an executable file
 * in place of the sources; `command` stands before all of it, for instance `ip netns exec a`.
 */
export function startSending(options: {
  readonly directory: string;
  readonly words?: readonly string[];
  readonly program?: string;
  readonly command?: readonly string[];
}): MiniClientProcess {
  const { directory, words = [], program, command = [] } = options;
  const start = program === undefined ? [...SOURCES, 'mini-client/program.ts'] : [program];
  const send = ['send', '--json', '--language', 'en', '--directory', directory, ...words];
  const [file = '', ...rest] = [...command, ...start, ...send];
  const child = spawn(file, rest, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  const events: ToldEvent[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line.startsWith('{')) events.push(JSON.parse(line) as ToldEvent);
  });
  return { ...facts(child), events };
}

function facts(child: ChildProcess): Omit<MiniClientProcess, 'events'> {
  let said = '';
  child.stderr?.on('data', (chunk) => {
    said = (said + String(chunk)).slice(-65_536);
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const kill = (signal: 'SIGKILL' | 'SIGTERM') => void child.kill(signal);
  return { pid: child.pid ?? 0, kill, ended, stderr: () => said };
}

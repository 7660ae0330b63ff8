/**
 * What the figures were measured on: processor, cores, memory, Node, commit, and what a durable
 * write costs on this disk, which bounds every commit of the ledger.
 */
import { execFileSync } from 'node:child_process';
import { closeSync, fdatasyncSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { arch, cpus, platform, totalmem } from 'node:os';
import { join } from 'node:path';
import { type Spread, spreadOf } from '#bench/statistics.ts';
import { ROOT } from '#bench/system.ts';

const WRITES = 200;
const WRITE_BYTES = 4_096;
const CLOCK_TICKS_PER_SECOND = 100;

/** Milliseconds of 200 times: append 4 KiB to a file in `directory`, fdatasync. */
export function durableWriteMs(directory: string): Spread {
  const path = join(directory, 'fdatasync.probe');
  const file = openSync(path, 'w');
  const page = Buffer.alloc(WRITE_BYTES, 1);
  const timesMs: number[] = [];
  for (let write = 0; write < WRITES; write += 1) {
    const startMs = performance.now();
    writeSync(file, page);
    fdatasyncSync(file);
    timesMs.push(performance.now() - startMs);
  }
  closeSync(file);
  rmSync(path);
  return spreadOf(timesMs);
}

/** Results of runs before this one are no change of what is measured. */
const CODE = ['.', ':!bench/RESULTS.md', ':!bench/results'];

function commit(): string {
  const git = (...words: string[]) => execFileSync('git', words, { cwd: ROOT, encoding: 'utf8' });
  try {
    const changed =
      git('status', '--porcelain', '--untracked-files=no', '--', ...CODE).trim() !== '';
    return git('rev-parse', '--short', 'HEAD').trim() + (changed ? ' with local changes' : '');
  } catch {
    return 'unknown';
  }
}

/** One line that says where the figures come from. `directory` is on the disk that was used. */
export function machineLine(directory: string): string {
  const processors = cpus();
  const memoryGb = Math.round(totalmem() / 2 ** 30);
  const disk = durableWriteMs(directory);
  return [
    `${processors[0]?.model.trim() ?? 'unknown processor'}, ${processors.length} cores`,
    `${memoryGb} GiB`,
    `${platform()} ${arch()}`,
    `4 KiB append + fdatasync ${disk.median.toFixed(2)} ms median, ${disk.high.toFixed(1)} ms max`,
    `Node ${process.version}`,
    `commit ${commit()}`,
  ].join(' · ');
}

/** Processes that `pid` started and that still are; none where the system does not say. */
export function childrenOf(pid: number): number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
    return text.split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** CPU seconds a process has used, all threads; NaN where the system does not say (not Linux). */
export function cpuSecondsOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS_PER_SECOND;
  } catch {
    return Number.NaN;
  }
}

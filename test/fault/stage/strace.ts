/** Words that run a program below strace and make the calls on a gate's ledger fail. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseTrace, type SystemCall } from '#test/support/trace.ts';

/** The calls that a gate makes on the file of its ledger, in opening and in committing. */
export const LEDGER_CALLS = [
  'openat',
  'fstatfs',
  'pread64',
  'pwrite64',
  'writev',
  'lseek',
  'mmap',
  'fdatasync',
] as const;
export type LedgerCall = (typeof LEDGER_CALLS)[number];

export function ledgerFile(data: string): string {
  return join(data, 'gates/g1/ledger/data.mdb');
}

/**
 * Only calls on the ledger's file are seen and counted, so `when=N` is its Nth one of the thread.
 * `injections` are strace's, for instance `fdatasync:error=EIO:when=4`.
 */
export function belowStrace(of: {
  data: string;
  trace: string;
  injections: readonly string[];
}): string[] {
  const calls = LEDGER_CALLS.join(',');
  const tracing = ['-f', '-ttt', '-y', '-s', '0', '-P', ledgerFile(of.data), '-o', of.trace];
  const injecting = of.injections.flatMap((one) => ['-e', `inject=${one}`]);
  return ['strace', ...tracing, '-e', `trace=${calls}`, ...injecting];
}

/** All calls on the ledger's file so far. */
export function ledgerCalls(trace: string): SystemCall[] {
  return parseTrace(readFileSync(trace, 'latin1'));
}

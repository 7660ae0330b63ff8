/**
 * A real gate whose system calls are written down by strace, and may be made to fail by it. Its
 * supervisor is left out: it would start the gate again.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFailed, onTestFinished } from 'vitest';
import { type GateEnd, REAL_GATE, startGate } from '#test/fault/stage/gate-alone.ts';
import { ledgerFile } from '#test/fault/stage/strace.ts';
import { Scope } from '#test/support/scope.ts';
import { parseTrace, type SystemCall } from '#test/support/trace.ts';

export { REAL_GATE } from '#test/fault/stage/gate-alone.ts';

export interface TracedGate {
  /** Of WebSocket submissions. */
  readonly url: string;
  /** The store's file, as it is named in the trace. */
  readonly ledger: string;
  /** Resolves with the exit status when the gate ends; null when a signal ended it. */
  readonly ended: Promise<number | null>;
  /** Lets the gate end in peace, and resolves with its exit status. */
  stop(): Promise<number | null>;
  /** What it wrote to standard error so far. */
  said(): string;
  /** All its system calls; after its end. */
  calls(): SystemCall[];
}

/** Longer than any page or batch of these tests: a cut text would hide an entry. */
const TEXT_BYTES_MAX = 65_536;
const TRACED = 'openat,write,writev,pwrite64,pwritev,fdatasync,fsync,msync,sendto,sendmsg';
const TRACING = ['-f', '-ttt', '-y', '-s', String(TEXT_BYTES_MAX), '-e', `trace=${TRACED}`];

/**
 * Starts `program` (words after `node`) as the gate of the directory `data`; killed when the test
 * is over. `inject` are strace's injections, for instance `fdatasync:error=EIO:when=4`; the count
 * is per thread, so the gate has one thread for its commits.
 */
export async function tracedGate(options: {
  data: string;
  program?: readonly string[];
  inject?: readonly string[];
}): Promise<TracedGate> {
  const { data, program = REAL_GATE, inject = [] } = options;
  const file = join(data, '..', 'trace');
  const injections = inject.flatMap((one) => ['-e', `inject=${one}`]);
  const below = ['strace', ...TRACING, ...injections, '-o', file];
  const scope = new Scope();
  onTestFinished(() => scope.close());
  const gate = await startGate(scope, { data, below, program });
  onTestFailed(() => {
    process.stderr.write(gate.said());
  });
  const codeOf = ({ code }: GateEnd) => code;
  return {
    url: gate.url,
    ledger: ledgerFile(data),
    ended: gate.ended.then(codeOf),
    stop: () => gate.stop().then(codeOf),
    said: gate.said,
    calls: () => parseTrace(readFileSync(file, 'latin1')),
  };
}

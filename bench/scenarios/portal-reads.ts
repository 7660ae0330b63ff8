/**
 * What people read before the day: the home page, the calendar, a form's definition, from a real
 * portal by autocannon. A portal that is too busy answers 503 with Retry-After; those are counted
 * apart, and anything else than 200 or 503 is a fault.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import autocannon from 'autocannon';
import { type Figure, noneOf, reported } from '#bench/figures.ts';
import type { Say } from '#bench/scenario.ts';
import { startSystem } from '#bench/system.ts';

export interface PortalReadsSizes {
  readonly runs: number;
  readonly connections: number;
  readonly seconds: number;
}

export const FULL: PortalReadsSizes = { runs: 5, connections: 50, seconds: 4 };
export const QUICK: PortalReadsSizes = { runs: 1, connections: 10, seconds: 1 };

export const METHOD = `autocannon, 50 keep-alive connections with one request at a time each, on a
portal without a gate and with an empty database. Its latency is told in whole milliseconds.`;

const READS = ['/', '/api/click-days', '/api/models/B'] as const;

interface Read {
  readonly path: string;
  readonly perSecond: number;
  readonly p99Ms: number;
  readonly busy: number;
  readonly faults: number;
}

async function readOne(url: string, path: string, sizes: PortalReadsSizes): Promise<Read> {
  const { connections, seconds: duration } = sizes;
  const result = await autocannon({ url: `${url}${path}`, connections, duration });
  const counts = (result.statusCodeStats ?? {}) as Record<string, { count?: number }>;
  const busy = counts['503']?.count ?? 0;
  const { errors, timeouts, non2xx } = result;
  return {
    path,
    perSecond: result.requests.average,
    p99Ms: result.latency.p99,
    busy,
    faults: errors + timeouts + non2xx - busy,
  };
}

/** The figures of a portal's reads. */
export async function measurePortalReads(sizes: PortalReadsSizes, say: Say): Promise<Figure[]> {
  const directory = mkdtempSync(join(tmpdir(), 'clickday-reads-'));
  const words = ['--data', directory, '--roles', 'portal', '--portal', '127.0.0.1:0'];
  const system = await startSystem([...words, '--log-level', 'warn']);
  const reads: Read[] = [];
  try {
    for (let run = 0; run < sizes.runs; run += 1) {
      for (const path of READS) reads.push(await readOne(system.portal ?? '', path, sizes));
    }
  } finally {
    await system.stop();
    rmSync(directory, { recursive: true, force: true });
  }
  for (const { path, perSecond } of reads.slice(-READS.length)) {
    say(`GET ${path}: ${Math.round(perSecond)}/s`);
  }
  return [...READS.flatMap((path) => figuresOf(path, reads)), faultsOf(reads)];
}

function figuresOf(path: string, reads: readonly Read[]): Figure[] {
  const own = reads.filter((read) => read.path === path);
  const told = (what: string, value: (read: Read) => number): Figure => ({
    ...{ scenario: `portal, GET ${path}: ${what}`, ...reported, values: own.map(value) },
  });
  return [
    { ...told('answers a second', ({ perSecond }) => perSecond), worst: 'lowest' },
    told('p99, ms', ({ p99Ms }) => p99Ms),
    told('told to come again (503)', ({ busy }) => busy),
  ];
}

function faultsOf(reads: readonly Read[]): Figure {
  const runs = Math.ceil(reads.length / READS.length);
  const values = Array.from({ length: runs }, (_, run) =>
    reads
      .slice(run * READS.length, (run + 1) * READS.length)
      .reduce((sum, { faults }) => sum + faults, 0),
  );
  return noneOf('portal: requests without a proper answer', values);
}

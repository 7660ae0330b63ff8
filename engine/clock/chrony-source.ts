/**
 * A chrony daemon that already keeps this host's time, asked by `chronyc -c tracking`. It filters
 * better than we do and knows microseconds where NTP packets come to us in whole milliseconds, so
 * it is preferred when it has a real reference: "Leap status" normal and not its own `local`
 * clock. It is only read; its daemon is never commanded.
 *
 * True time = system date + "System time" field. The field is positive when the system is slow,
 * and stays right while chrony still slews the system, and under `chronyd -x`.
 */
import { execFile } from 'node:child_process';
import type { HostClock } from './clock.ts';
import { alignSystemOffset } from './host.ts';
import type { ServerReport, SourceAnswer, SourceFailure, TimeSource } from './source.ts';

export interface ChronyOptions {
  /** The program; default `chronyc` on the PATH. */
  readonly command?: string;
  /** Where the daemon takes commands; its local socket when left out. */
  readonly host?: string;
  readonly port?: number;
  /** Milliseconds until an answer is given up; default 1000. */
  readonly timeoutMs?: number;
}

/** The line of `chronyc -c tracking`, decoded; microseconds. */
export interface Tracking {
  /** What chrony would add to the system's date. */
  readonly correctionUs: number;
  readonly rootDelayUs: number;
  readonly rootDispersionUs: number;
  /** Leap status is one of the good ones and the reference is a server or a receiver. */
  readonly synchronised: boolean;
}

/** chrony slews the system by up to a twelfth, so the field ages that fast while it does. */
const SLEW_SHARE_MAX = 1 / 12;
/** chronyc's numbers travel with 25 significant bits. */
const ROUNDING_SHARE = 2 ** -24;
const FIELDS = 14;
const LOCAL_REFERENCE = '7F7F0101';
const NO_REFERENCE = '00000000';
const LEAP_GOOD = new Set(['Normal', 'Insert second', 'Delete second']);

/** @returns a source that never rejects; settles within `timeoutMs` */
export function chronySource(parts: {
  readonly host: HostClock;
  readonly options?: ChronyOptions;
}): TimeSource {
  const { options = {}, host } = parts;
  const server = options.host === undefined ? 'local' : `${options.host}:${options.port ?? 323}`;
  return {
    name: 'chrony',
    async poll() {
      const askedUs = host.monotonicUs();
      const answer = await runChronyc(options);
      if ('failure' in answer) return failed(server, answer.failure);
      const tracking = parseTracking(answer.line);
      if (tracking === undefined) return failed(server, 'ANSWER_REFUSED');
      if (!tracking.synchronised) return failed(server, 'NOT_SYNCHRONISED');
      return estimated(server, tracking, { host, askedUs });
    },
  };
}

/** @returns undefined when the line is not what chronyc 4 prints */
export function parseTracking(line: string): Tracking | undefined {
  const fields = line.trim().split(',');
  if (fields.length < FIELDS) return undefined;
  const [correctionUs, rootDelayUs, rootDispersionUs] = [4, 10, 11].map(
    (index) => Number(fields[index] || Number.NaN) * 1e6,
  ) as [number, number, number];
  if (!Number.isFinite(correctionUs + rootDelayUs + rootDispersionUs)) return undefined;
  const reference = fields[0] ?? NO_REFERENCE;
  const real = reference !== LOCAL_REFERENCE && reference !== NO_REFERENCE;
  const synchronised = real && LEAP_GOOD.has(fields[13] ?? '');
  return { correctionUs, rootDelayUs, rootDispersionUs, synchronised };
}

function estimated(
  server: string,
  tracking: Tracking,
  { host, askedUs }: { readonly host: HostClock; readonly askedUs: number },
): SourceAnswer {
  const system = alignSystemOffset(host);
  const atUs = host.monotonicUs();
  const correctionUs = Math.abs(tracking.correctionUs);
  const agedUs = Math.min(correctionUs, (atUs - askedUs) * SLEW_SHARE_MAX);
  const roundedUs = correctionUs * ROUNDING_SHARE;
  const rootUs = tracking.rootDispersionUs + tracking.rootDelayUs / 2;
  const errorUs = rootUs + system.errorUs + agedUs + roundedUs;
  const offsetUs = system.offsetUs + tracking.correctionUs;
  const servers: ServerReport[] = [{ server, outcome: 'used', errorUs: Math.ceil(errorUs) }];
  return { kind: 'estimate', estimate: { offsetUs, errorUs, atUs }, servers };
}

function runChronyc(
  options: ChronyOptions,
): Promise<{ readonly line: string } | { readonly failure: SourceFailure }> {
  const where = options.host === undefined ? [] : ['-h', options.host];
  const port = options.port === undefined ? [] : ['-p', String(options.port)];
  const args = ['-n', '-c', ...where, ...port, 'tracking'];
  return new Promise((resolve) => {
    const limits = { timeout: options.timeoutMs ?? 1_000, maxBuffer: 16_384 };
    execFile(options.command ?? 'chronyc', args, limits, (error, stdout) => {
      if (error === null) resolve({ line: stdout });
      else resolve({ failure: error.code === 'ENOENT' ? 'ABSENT' : 'NO_ANSWER' });
    });
  });
}

function failed(server: string, failure: SourceFailure): SourceAnswer {
  return { kind: 'failed', failure, servers: [{ server, outcome: failure }] };
}

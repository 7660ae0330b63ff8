/**
 * A chrony daemon that already keeps this host's time, asked what `chronyc tracking` asks. It
 * filters better than we do and knows microseconds where NTP packets come to us in whole
 * milliseconds, so it is preferred when it has a real reference: leap status good, and not its
 * own `local` clock. It is only read; nothing is ever commanded.
 *
 * True time = system's date + chrony's correction, which also holds while chrony still slews the
 * system, and under `chronyd -x`.
 */
import { createSocket } from 'node:dgram';
import { readTracking, type Tracking, trackingQuestion } from './chrony-packet.ts';
import type { HostClock, Timers } from './clock.ts';
import { alignSystemOffset } from './host.ts';
import type { SourceAnswer, SourceFailure, TimeSource } from './source.ts';

export interface ChronyOptions {
  /** IPv4 address of the daemon's command port; default 127.0.0.1. Only this host makes sense. */
  readonly address?: string;
  /** The daemon's `cmdport`; default 323. */
  readonly port?: number;
  /** Milliseconds until an answer is given up; default 500. Without a daemon it fails at once. */
  readonly timeoutMs?: number;
}

const DEFAULTS = { address: '127.0.0.1', port: 323, timeoutMs: 500 };
/** chrony slews the system by up to a twelfth, so its correction ages that fast. */
const SLEW_SHARE_MAX = 1 / 12;
/** The numbers travel with 25 significant bits. */
const ROUNDING_SHARE = 2 ** -24;

/** @returns a source that never rejects; settles within `timeoutMs` */
export function chronySource(parts: {
  readonly host: HostClock;
  readonly timers: Timers;
  readonly options?: ChronyOptions;
}): TimeSource {
  const { host, timers } = parts;
  const options = { ...DEFAULTS, ...parts.options };
  const server = `${options.address}:${options.port}`;
  const failed = (failure: SourceFailure): SourceAnswer => ({
    ...{ kind: 'failed', failure, servers: [{ server, outcome: failure }] },
  });
  return {
    name: 'chrony',
    async poll() {
      const askedUs = host.monotonicUs();
      const sequence = Math.floor(askedUs) % 2 ** 32;
      const packet = await askDaemon(trackingQuestion(sequence), options, timers);
      if (packet === undefined) return failed('NO_ANSWER');
      const tracking = readTracking(packet, sequence);
      if (tracking === undefined) return failed('ANSWER_REFUSED');
      if (!tracking.synchronised) return failed('NOT_SYNCHRONISED');
      const estimate = estimateOf(tracking, host, askedUs);
      const errorUs = Math.ceil(estimate.errorUs);
      return { kind: 'estimate', estimate, servers: [{ server, outcome: 'used', errorUs }] };
    },
  };
}

/** The correction is put onto the system's date as read now; `askedUs` bounds its age. */
function estimateOf(tracking: Tracking, host: HostClock, askedUs: number) {
  const system = alignSystemOffset(host);
  const atUs = host.monotonicUs();
  const correctionUs = Math.abs(tracking.correctionUs);
  const agedUs = Math.min(correctionUs, (atUs - askedUs) * SLEW_SHARE_MAX);
  const roundedUs = correctionUs * ROUNDING_SHARE;
  const rootUs = tracking.rootDispersionUs + tracking.rootDelayUs / 2;
  const errorUs = rootUs + system.errorUs + agedUs + roundedUs;
  return { offsetUs: system.offsetUs + tracking.correctionUs, errorUs, atUs };
}

/**
 * Sends one datagram and waits for one. The socket is connected: only the daemon's own answer is
 * taken, and a port where nobody listens is known at once. Undefined on any failure.
 */
function askDaemon(
  question: Buffer,
  options: Required<ChronyOptions>,
  timers: Timers,
): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    let open = true;
    const settle = (answer: Buffer | undefined): void => {
      if (!open) return;
      open = false;
      cancelTimer();
      socket.close();
      resolve(answer);
    };
    const cancelTimer = timers.after(options.timeoutMs, () => settle(undefined));
    socket.on('error', () => settle(undefined));
    socket.on('message', (answer) => settle(answer));
    socket.connect(options.port, options.address, () => {
      if (open) socket.send(question, (error) => error && settle(undefined));
    });
  });
}

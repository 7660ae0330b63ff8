/**
 * An NTP server for tests: real UDP on loopback, a free port, and as wrong, slow or silent as the
 * test wants. Delays are real, so that T1 to T4 are what a distant server would give.
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { alignSystemOffset } from '../../engine/clock/host.ts';
import { systemHostClock, systemTimers } from '../../engine/clock/index.ts';

/** Measured once, so that two honest servers agree to the microsecond. */
const dateOffsetUs = alignSystemOffset(systemHostClock()).offsetUs;
const NTP_EPOCH_S = 2_208_988_800;

export interface ResponderBehaviour {
  offsetUs?: number;
  delayOutMs?: number;
  delayBackMs?: number;
  stratum?: number;
  /** Sends this instead of a packet; nothing when `'silent'`. */
  instead?: Buffer | 'silent';
}

export interface Responder {
  readonly port: number;
  /** May be changed at any time. */
  readonly behaviour: ResponderBehaviour;
  /** Offset (reference minus monotonic clock) that a perfect measurement would find. */
  truthUs(): number;
  questions(): number;
  close(): Promise<void>;
}

export async function startResponder(behaviour: ResponderBehaviour = {}): Promise<Responder> {
  const host = systemHostClock();
  const timers = systemTimers();
  const socket = createSocket('udp4');
  let questions = 0;
  const truthUs = () => dateOffsetUs + (behaviour.offsetUs ?? 0);
  const pause = (ms: number | undefined, fn: () => void) => (ms ? timers.after(ms, fn) : fn());
  socket.on('message', (question, peer) => {
    questions += 1;
    if (behaviour.instead === 'silent') return;
    pause(behaviour.delayOutMs, () => {
      const answer = Buffer.alloc(48);
      answer.set([0b00_100_100, behaviour.stratum ?? 2]);
      question.copy(answer, 24, 40, 48);
      writeTimestamp(answer, 32, host.monotonicUs() + truthUs());
      writeTimestamp(answer, 40, host.monotonicUs() + truthUs());
      const bytes = behaviour.instead instanceof Buffer ? behaviour.instead : answer;
      pause(behaviour.delayBackMs, () => socket.send(bytes, peer.port, peer.address));
    });
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const close = () => new Promise<void>((resolve) => void socket.close(() => resolve()));
  return { port: socket.address().port, behaviour, truthUs, questions: () => questions, close };
}

function writeTimestamp(packet: Buffer, at: number, us: number): void {
  const seconds = Math.floor(us / 1e6);
  packet.writeUInt32BE(seconds + NTP_EPOCH_S, at);
  packet.writeUInt32BE(Math.floor(((us - seconds * 1e6) / 1e6) * 2 ** 32), at + 4);
}

/**
 * A look at a gate before the day: can it be reached, does it take the passbooks, how far is it,
 * what time does it say. Ends with an answer in any case within `PROBE_MS_MAX`.
 */
import { type ClockEstimate, roundTripUs } from '#protocol/clock-estimate.ts';
import type { SyncState } from '#protocol/frames.ts';
import { connect } from './connection.ts';
import { createGateClock, exchangeOf } from './gate-clock.ts';
import { openPassbook } from './passbook-lines.ts';
import type { ClientClock, ClientTimers, OpenSocket } from './ports.ts';

const PROBE_MS_MAX = 15_000;
const EXCHANGES = 8;

export type GateProbe =
  | {
      readonly outcome: 'reached';
      readonly url: string;
      readonly name: string;
      readonly estimate: ClockEstimate;
      readonly sync: SyncState;
      /** Of each exchange, in the order in which they were made. */
      readonly roundTripsUs: readonly number[];
    }
  | {
      readonly outcome: 'refused' | 'unreachable';
      readonly url: string;
      /** Close code and reason, or the code of the refusal. */
      readonly reason: string;
    };

export function probeGate(options: {
  readonly url: string;
  readonly passbooks: readonly string[];
  readonly openSocket: OpenSocket;
  readonly clock: ClientClock;
  readonly timers: ClientTimers;
  /** How often the time is asked; 8 when left out. */
  readonly exchanges?: number;
}): Promise<GateProbe> {
  const { url, clock, timers, openSocket, exchanges = EXCHANGES } = options;
  const gateClock = createGateClock();
  let name = '';
  const roundTripsUs: number[] = [];
  return new Promise((resolve) => {
    const end = (probe: GateProbe) => {
      cancelLimit();
      resolve(probe);
      connection.close();
    };
    const cancelLimit = timers.after(PROBE_MS_MAX, () => {
      end({ outcome: 'unreachable', url, reason: 'timeout' });
    });
    const connection = connect({
      ...{ url, clock, openSocket, client: 'clickday-mini-client/check' },
      passbooks: options.passbooks.flatMap((text) => openPassbook(text) ?? []),
      handlers: {
        welcomed(welcome) {
          name = welcome.gate;
          if (connection.isReady()) connection.askTime();
        },
        frame(frame) {
          if (frame.type !== 'time') return;
          const receivedAtUs = clock.nowUs();
          gateClock.add(frame, receivedAtUs);
          roundTripsUs.push(Math.max(0, roundTripUs(exchangeOf(frame, receivedAtUs))));
          const estimate = gateClock.estimate(clock.nowUs());
          if (roundTripsUs.length < exchanges || estimate === undefined) connection.askTime();
          else end({ outcome: 'reached', url, name, estimate, sync: frame.sync, roundTripsUs });
        },
        passbookRefused: ({ code }) => end({ outcome: 'refused', url, reason: code }),
        closed(code, reason) {
          end({ outcome: 'unreachable', url, reason: reason === '' ? String(code) : reason });
        },
      },
    });
  });
}

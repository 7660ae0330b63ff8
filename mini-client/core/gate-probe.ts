/**
 * A look at a gate before the day: can it be reached, does it take the passbooks, how far is it,
 * what time does it say. Ends with an answer in any case within `PROBE_MS_MAX`.
 */
import type { ClockEstimate } from '#protocol/clock-estimate.ts';
import type { SyncState } from '#protocol/frames.ts';
import { connect } from './connection.ts';
import { createGateClock } from './gate-clock.ts';
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
}): Promise<GateProbe> {
  const { url, clock, timers, openSocket } = options;
  const gateClock = createGateClock();
  let name = '';
  let answers = 0;
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
          answers += 1;
          gateClock.add(frame, clock.nowUs());
          const estimate = gateClock.estimate(clock.nowUs());
          if (answers < EXCHANGES || estimate === undefined) connection.askTime();
          else end({ outcome: 'reached', url, name, estimate, sync: frame.sync });
        },
        passbookRefused: ({ code }) => end({ outcome: 'refused', url, reason: code }),
        closed(code, reason) {
          end({ outcome: 'unreachable', url, reason: reason === '' ? String(code) : reason });
        },
      },
    });
  });
}

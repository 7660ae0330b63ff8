/**
 * Tells a person how long it is to the opening, by official time, at the instants that matter.
 * It only talks; when a frame leaves is the sender's affair.
 */
import type { Cancel, ClientClock, ClientTimers, SenderEvent } from './core/index.ts';
import type { Output } from './output.ts';
import { tenths } from './words.ts';

const TOLD_AT_S = [86_400, 43_200, 21_600, 7_200, 3_600, 1_800, 600, 300, 120, 60, 30, 20, 10];
const EVERY_SECOND_BELOW_S = 6;
const TICK_MS = 250;

export interface Countdown {
  event(event: SenderEvent): void;
  stop(): void;
}

export function createCountdown(options: {
  readonly output: Output;
  readonly clock: ClientClock;
  readonly timers: ClientTimers;
}): Countdown {
  const { output, clock, timers } = options;
  let offsetUs: number | undefined;
  let uncertaintyUs = 0;
  let arrivesWithinUs = 0;
  let opensAtUs: number | undefined;
  let saidAtS = Number.POSITIVE_INFINITY;
  let cancel: Cancel = timers.after(TICK_MS, tick);

  function tick(): void {
    cancel = timers.after(TICK_MS, tick);
    if (opensAtUs === undefined || offsetUs === undefined) return;
    const leftS = Math.ceil((opensAtUs - clock.nowUs() - offsetUs) / 1_000_000);
    if (leftS <= 0 || !isDue(leftS, saidAtS)) return;
    saidAtS = leftS;
    const uncertainty = milliseconds(uncertaintyUs);
    const arrival = milliseconds(arrivesWithinUs);
    output.say('opensIn', { left: duration(leftS), uncertainty, arrival });
  }

  return {
    event(event) {
      if (event.event === 'opening') {
        opensAtUs = event.isSuspended ? undefined : event.opensAtUs;
        saidAtS = Number.POSITIVE_INFINITY;
      } else if (event.event === 'clock') {
        ({ offsetUs, uncertaintyUs, arrivesWithinUs } = event);
      }
    },
    stop: () => cancel(),
  };
}

function milliseconds(us: number): number {
  return tenths(us / 1000);
}

/** Said first at once, then whenever one of the marks is passed. */
function isDue(leftS: number, saidAtS: number): boolean {
  if (leftS >= saidAtS) return false;
  if (saidAtS === Number.POSITIVE_INFINITY || leftS < EVERY_SECOND_BELOW_S) return true;
  return TOLD_AT_S.some((mark) => leftS <= mark && mark < saidAtS);
}

/** `1:02:03` or `0:45`. */
export function duration(totalS: number): string {
  const hours = Math.floor(totalS / 3600);
  const minutes = Math.floor((totalS % 3600) / 60);
  const rest = String(totalS % 60).padStart(2, '0');
  if (hours === 0) return `${minutes}:${rest}`;
  return `${hours}:${String(minutes).padStart(2, '0')}:${rest}`;
}

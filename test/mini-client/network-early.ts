/**
 * Which refusals `TOO_EARLY` were early, by the gate's own clock.
 *
 * A gate asks for a wait of 0 ms only when its clock, less its uncertainty, has passed the opening
 * but the frame was read in the pass over all sockets with which it opens: the frame may have lain
 * in the kernel for as long as the gate was busy, which in a slow guest is many milliseconds. Such
 * a frame is early all the same when the first left so soon that the quickest packet would have
 * come before the opening. Client and gate share one clock in these tests, so both instants
 * compare.
 */
import type { ToldEvent } from '#test/support/mini-client-process.ts';

export interface Refusals {
  readonly early: number;
  /** Read in the gate's pass, and not early. */
  readonly withIt: number;
}

/** Looks through what one life of a client told, in order. `soonestUs`: of the way to the gate. */
export function refusalsIn(
  events: readonly ToldEvent[],
  at: { readonly opensAtUs: number; readonly soonestUs: number },
): Refusals {
  let arrivesAtUs = 0;
  let [early, withIt] = [0, 0];
  for (const { event, code, ...fields } of events) {
    // Of the first frame; the others left later. Told in the gate's time as the client takes it to
    // be; its own is this test's.
    if (event === 'departed') {
      arrivesAtUs = Number(fields.sentAtUs) - Number(fields.offsetUs) + at.soonestUs;
    }
    if (event !== 'waiting' || code !== 'TOO_EARLY') continue;
    if (fields.waitMs === 0 && arrivesAtUs >= at.opensAtUs) withIt += 1;
    else early += 1;
  }
  return { early, withIt };
}

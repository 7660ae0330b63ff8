/**
 * True time, and what happens when: one queue of events for the whole world. Between two events
 * every promise that can go on goes on, so a run is the same each time, whatever the machine does.
 *
 * True time is what no process of the world can read: their clocks are wrong (host-clock.ts). It is
 * an integer of microseconds since the Unix epoch. Reading a clock takes a little of it.
 */
import type { Cancel } from '#engine/clock/index.ts';

export interface Schedule {
  nowUs(): number;
  /** Runs `event` at the instant, or now if that is past; equal instants in the order of calls. */
  at(us: number, event: () => void): Cancel;
  /** Lets time pass inside an event: code that runs takes time. */
  spend(us: number): void;
  /** Runs events until `isOver`, or until none is left. */
  run(isOver: () => boolean): Promise<void>;
}

interface Event {
  readonly atUs: number;
  readonly order: number;
  run: (() => void) | undefined;
}

/** Events between two breaths in which the host's own signals and timers are served. */
const EVENTS_A_BREATH = 2000;

/** @param breathe gives the host's event loop a turn */
export function createSchedule(startUs: number, breathe: () => Promise<void>): Schedule {
  const queue = createQueue();
  let nowUs = startUs;
  let order = 0;
  return {
    nowUs: () => nowUs,
    spend: (us) => {
      nowUs += us;
    },
    at: (us, run) => {
      order += 1;
      const event: Event = { atUs: Math.max(nowUs, Math.round(us)), order, run };
      queue.push(event);
      return () => {
        event.run = undefined;
      };
    },
    run: async (isOver) => {
      for (let ran = 1; !isOver(); ran += 1) {
        const event = queue.pop();
        if (event === undefined) return;
        if (event.run === undefined) continue;
        nowUs = Math.max(nowUs, event.atUs);
        event.run();
        await quiet();
        if (ran % EVENTS_A_BREATH === 0) await breathe();
      }
    },
  };
}

/**
 * Resolves when no promise can go on by itself: the queue of ticks runs only when the queue of
 * promises is empty.
 */
function quiet(): Promise<void> {
  return new Promise((resolve) => {
    void Promise.resolve().then(() => process.nextTick(resolve));
  });
}

const isBefore = (a: Event, b: Event) =>
  a.atUs < b.atUs || (a.atUs === b.atUs && a.order < b.order);

/** A binary heap. */
function createQueue() {
  const heap: Event[] = [];
  const swap = (a: number, b: number) => {
    [heap[a], heap[b]] = [heap[b] as Event, heap[a] as Event];
  };
  const sink = () => {
    for (let at = 0; ; ) {
      let first = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < heap.length && isBefore(heap[child] as Event, heap[first] as Event)) {
          first = child;
        }
      }
      if (first === at) return;
      swap(at, first);
      at = first;
    }
  };
  return {
    push: (event: Event) => {
      heap.push(event);
      for (let at = heap.length - 1; at > 0; ) {
        const parent = (at - 1) >> 1;
        if (!isBefore(heap[at] as Event, heap[parent] as Event)) return;
        swap(at, parent);
        at = parent;
      }
    },
    pop: (): Event | undefined => {
      const first = heap[0];
      const last = heap.pop();
      if (first !== undefined && last !== undefined && heap.length > 0) {
        heap[0] = last;
        sink();
      }
      return first;
    },
  };
}

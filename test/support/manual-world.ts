/**
 * Time, network and disk of a test, all by hand: nothing happens unless `run` lets time pass, and
 * a run with the same inputs is the same to the microsecond.
 *
 * The client's clock may be wrong by any amount and drift; the network takes what the test says,
 * each way for itself, in order as TCP keeps it.
 */
import type {
  ClientClock,
  ClientTimers,
  JournalFile,
  OpenSocket,
} from '../../mini-client/core/index.ts';
import type { FakeGate } from './fake-gate.ts';

interface Due {
  readonly atUs: number;
  readonly order: number;
  readonly fn: () => void;
}

export interface ManualWorld {
  /** True time, the gate's, microseconds. */
  nowUs(): number;
  after(us: number, fn: () => void): () => void;
  /** Lets time pass until `done` says so; throws when `untilUs` is reached before. */
  run(untilUs: number, done?: () => boolean): Promise<void>;
}

export function createWorld(startUs: number): ManualWorld {
  let nowUs = startUs;
  let order = 0;
  let dues: Due[] = [];
  return {
    nowUs: () => nowUs,
    after(us, fn) {
      const due = { atUs: nowUs + Math.max(0, Math.ceil(us)), order: order++, fn };
      dues.push(due);
      return () => {
        dues = dues.filter((other) => other !== due);
      };
    },
    async run(untilUs, done) {
      for (;;) {
        await settleMicrotasks();
        if (done?.() === true) return;
        const next = dues.reduce<Due | undefined>(earlier, undefined);
        if (next === undefined || next.atUs > untilUs) break;
        dues = dues.filter((due) => due !== next);
        nowUs = Math.max(nowUs, next.atUs);
        next.fn();
      }
      nowUs = untilUs;
      if (done !== undefined) throw new Error('the time of this test is over');
    },
  };
}

function earlier(best: Due | undefined, due: Due): Due {
  if (best === undefined) return due;
  const difference = due.atUs - best.atUs || due.order - best.order;
  return difference < 0 ? due : best;
}

async function settleMicrotasks(): Promise<void> {
  for (let turn = 0; turn < 12; turn += 1) await Promise.resolve();
}

/** A client's clock, `offsetUs` away from true time and running `driftPpm` too fast. */
export function clientClock(world: ManualWorld, offsetUs: number, driftPpm = 0): ClientClock {
  const startUs = world.nowUs();
  return {
    nowUs() {
      const passedUs = world.nowUs() - startUs;
      return Math.round(startUs + offsetUs + passedUs * (1 + driftPpm / 1_000_000));
    },
  };
}

/** Timers of a client; `lateUs` is how late a timer fires. */
export function clientTimers(world: ManualWorld, lateUs: () => number = () => 0): ClientTimers {
  return { after: (ms, fn) => world.after(ms * 1000 + lateUs(), fn) };
}

export interface Network {
  readonly thereUs: () => number;
  readonly backUs: () => number;
  /** Connections that are open now. */
  readonly lines: Set<{ cut(code?: number): void }>;
  connectCount: number;
}

export function createNetwork(thereUs: () => number, backUs: () => number): Network {
  return { thereUs, backUs, lines: new Set(), connectCount: 0 };
}

/** Sockets to fake gates by URL; a URL without a gate refuses the connection. */
export function openSocketTo(
  world: ManualWorld,
  network: Network,
  gateAt: (url: string) => FakeGate | undefined,
): OpenSocket {
  return (url, handlers) => {
    network.connectCount += 1;
    let isOpen = true;
    const there = fifo(world, network.thereUs);
    const back = fifo(world, network.backUs);
    const end = (code: number, reason: string) => {
      if (!isOpen) return;
      isOpen = false;
      network.lines.delete(line);
      session?.gone();
      handlers.closed(code, reason);
    };
    const line = { cut: (code = 1006) => world.after(0, () => end(code, '')) };
    const gate = gateAt(url);
    const session = gate?.connect({
      send: (text) => back(() => isOpen && handlers.received(text)),
      close: (code, reason) => back(() => end(code, reason)),
    });
    if (session === undefined) back(() => end(1006, 'refused'));
    else {
      network.lines.add(line);
      back(() => isOpen && handlers.opened());
    }
    return {
      send: (text) => {
        if (isOpen) there(() => isOpen && session?.receive(text));
      },
      close: (code, reason) => world.after(0, () => end(code, reason)),
      terminate: () => world.after(0, () => end(1006, '')),
    };
  };
}

/** One way of a line: takes `delayUs`, keeps the order. */
function fifo(world: ManualWorld, delayUs: () => number) {
  let lastAtUs = 0;
  return (fn: () => void) => {
    lastAtUs = Math.max(lastAtUs, world.nowUs() + delayUs());
    world.after(lastAtUs - world.nowUs(), fn);
  };
}

export interface MemoryFile extends JournalFile {
  text: string;
  isBroken: boolean;
}

/** The journal's file in memory; `isBroken` makes appends fail like a full disk. */
export function memoryFile(text = ''): MemoryFile {
  return {
    text,
    isBroken: false,
    read() {
      return this.text;
    },
    async append(more) {
      if (this.isBroken) throw new Error('ENOSPC');
      this.text += more;
    },
  };
}

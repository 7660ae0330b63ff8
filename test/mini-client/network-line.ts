/**
 * A line between two network namespaces: a pair of veth devices, and `tc netem` on each of its
 * ends. Packets, TCP and what goes wrong between are all the kernel's.
 *
 * Packets leave one by one (no segmentation offload), or netem would delay, lose and damage whole
 * bundles of them. The ends know each other's address beforehand: between two routers nobody asks
 * who has an address, and a damaged answer would answer for half a minute.
 */
import { execFileSync } from 'node:child_process';
import type { Scope } from '#test/support/scope.ts';

/** What a way does with packets from now on. Shares from 0 to 1. */
export interface WayState {
  readonly delayMs: number;
  /** Evenly spread around the delay. */
  readonly jitterMs?: number;
  readonly loss?: number;
  /** This share of the packets goes at once. */
  readonly reorder?: number;
  readonly duplicate?: number;
  /** One bit of the packet is turned over. */
  readonly corrupt?: number;
  readonly kbitPerSecond?: number;
}

export type Way = 'there' | 'back';

export interface TestLine {
  /** Address of the gate's end. */
  readonly host: string;
  /** Packets that come from now on go that way. `there`: from client to gate. */
  set(state: WayState, way?: Way | 'both'): void;
  /** Nothing gets through any more, and nobody is told. */
  cut(): void;
  /** The shortest time that a packet sent now can take. */
  soonestMs(way: Way): number;
  /** Packets that both ways let pass, and that they lost or held too many of. */
  counts(): { readonly passed: number; readonly dropped: number };
}

const NOTHING: WayState = { delayMs: 0 };

/** Lays line `number` between this namespace and another, where the client is. */
export function openLine(scope: Scope, at: { namespace: string; number: number }): TestLine {
  const { namespace, number } = at;
  const [inner, outer] = [`line${number}`, `cd${process.pid % 100_000}x${number}`];
  const [near, host] = [`198.18.${number}.1`, `198.18.${number}.2`];
  const [innerMac, outerMac] = [`02:00:00:00:0${number}:01`, `02:00:00:00:0${number}:02`];
  const inside = ['-n', namespace];
  const peer = ['peer', 'name', inner, 'address', innerMac, 'netns', namespace];
  run('ip', 'link', 'add', outer, 'address', outerMac, 'type', 'veth', ...peer);
  scope.onEnd(() => run('ip', 'link', 'del', outer));
  const ends = [
    { device: inner, words: inside, address: near, far: host, farMac: outerMac },
    { device: outer, words: [], address: host, far: near, farMac: innerMac },
  ];
  for (const { device, words, address, far, farMac } of ends) {
    run('ip', ...words, 'addr', 'add', `${address}/30`, 'dev', device);
    run('ip', ...words, 'link', 'set', device, 'gso_max_segs', '1', 'up');
    run('ip', ...words, 'neigh', 'replace', far, 'lladdr', farMac, 'dev', device);
  }
  const states: Record<Way, WayState> = { there: NOTHING, back: NOTHING };
  const devices = { there: [...inside, 'qdisc'], back: ['qdisc'] };
  const names = { there: inner, back: outer };
  const set: TestLine['set'] = (state, way = 'both') => {
    for (const one of way === 'both' ? (['there', 'back'] as const) : [way]) {
      states[one] = state;
      run('tc', ...devices[one], 'replace', 'dev', names[one], 'root', 'netem', ...netem(state));
    }
  };
  set(NOTHING);
  return {
    ...{ host, set, cut: () => set({ delayMs: 0, loss: 1 }) },
    soonestMs: (way) => soonestMs(states[way]),
    counts: () => {
      const both = (['there', 'back'] as const).map((way) =>
        countsIn(run('tc', '-s', '-j', ...devices[way], 'show', 'dev', names[way])),
      );
      const sum = (of: (one: Counts) => number) => both.reduce((all, one) => all + of(one), 0);
      return { passed: sum(({ packets }) => packets), dropped: sum(({ drops }) => drops) };
    },
  };
}

/** Every word each time: netem keeps what it is not told. */
function netem(state: WayState): string[] {
  const { delayMs, jitterMs = 0, kbitPerSecond } = state;
  const { loss = 0, reorder = 0, duplicate = 0, corrupt = 0 } = state;
  const shares = Object.entries({ loss, reorder, duplicate, corrupt });
  return [
    ...['delay', `${delayMs}ms`, `${jitterMs}ms`],
    ...shares.flatMap(([word, share]) => [word, `${share * 100}%`]),
    ...(kbitPerSecond === undefined ? [] : ['rate', `${kbitPerSecond}kbit`]),
  ];
}

function soonestMs({ delayMs, jitterMs = 0, reorder = 0 }: WayState): number {
  return reorder > 0 ? 0 : delayMs - jitterMs;
}

interface Counts {
  readonly packets: number;
  readonly drops: number;
}

function countsIn(json: string): Counts {
  const [netemOnly] = JSON.parse(json) as Counts[];
  return netemOnly ?? { packets: 0, drops: 0 };
}

function run(command: string, ...words: readonly string[]): string {
  return execFileSync(command, words, { encoding: 'utf8' });
}

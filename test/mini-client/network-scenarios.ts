/**
 * What goes wrong between a mini-client and its gates. Each scenario sets the lines before the
 * client starts, and may do something to them at instants counted from the opening.
 */
import type { NetworkStage } from '#test/mini-client/network-stage.ts';

/** The line of the gate that the client last told such an event of; waits for the first one. */
export type Heard = (event: 'connected' | 'disconnected') => Promise<number>;

export interface NetworkScenario {
  readonly name: string;
  readonly title: string;
  /** Gates and lines, 1 or 2. */
  readonly gates: number;
  prepare(stage: NetworkStage): Promise<void>;
  /** While the client is connecting. */
  whileConnecting?(stage: NetworkStage, heard: Heard): Promise<void>;
  /** Milliseconds after the opening, in order. */
  readonly acts?: readonly {
    readonly atMs: number;
    readonly act: (stage: NetworkStage, heard: Heard) => Promise<void>;
  }[];
  /** Whether the client must have told that it went to another gate. */
  readonly changesGate?: boolean;
}

const one = { gates: 1 } as const;

export const NETWORK_SCENARIOS: readonly NetworkScenario[] = [
  {
    ...{ ...one, name: 'near', title: '2 ms each way' },
    prepare: async (stage) => stage.line(1).set({ delayMs: 2 }),
  },
  {
    ...{ ...one, name: 'far', title: '150 ms each way' },
    prepare: async (stage) => stage.line(1).set({ delayMs: 150 }),
  },
  {
    ...{ ...one, name: 'jitter', title: '80 ± 20 ms each way, which also reorders' },
    prepare: async (stage) => stage.line(1).set({ delayMs: 80, jitterMs: 20 }),
  },
  {
    ...{ ...one, name: 'uneven', title: '100 ms there, 50 ms back' },
    prepare: async (stage) => {
      await stage.line(1).set({ delayMs: 100 }, 'there');
      await stage.line(1).set({ delayMs: 50 }, 'back');
    },
  },
  {
    ...{ ...one, name: 'loss', title: '40 ± 5 ms each way, 3 % of packets lost' },
    prepare: async (stage) => stage.line(1).set({ delayMs: 40, jitterMs: 5, loss: 0.03 }),
  },
  {
    ...{ ...one, name: 'reorder', title: '60 ms each way, a quarter of the packets at once' },
    prepare: async (stage) => stage.line(1).set({ delayMs: 60, reorder: 0.25 }),
  },
  {
    ...{ ...one, name: 'blink', title: '30 ms each way, nothing for 3 s while sending' },
    prepare: async (stage) => stage.line(1).set({ delayMs: 30 }),
    acts: [
      { atMs: 200, act: async (stage) => stage.line(1).cut() },
      { atMs: 3_200, act: async (stage) => stage.line(1).set({ delayMs: 30 }) },
    ],
  },
  {
    ...{ ...one, name: 'before', title: '30 ms each way, nothing from 3 s to 1 s before it' },
    prepare: async (stage) => stage.line(1).set({ delayMs: 30 }),
    acts: [
      { atMs: -3_000, act: async (stage) => stage.line(1).cut() },
      { atMs: -1_000, act: async (stage) => stage.line(1).set({ delayMs: 30 }) },
    ],
  },
  {
    ...{ name: 'unreachable', title: 'the gate tried first cannot be reached, the other can' },
    ...{ gates: 2, changesGate: true },
    prepare: async (stage) => {
      await stage.line(1).cut();
      await stage.line(2).cut();
    },
    whileConnecting: async (stage, heard) => {
      const other = 3 - (await heard('disconnected'));
      await stage.line(other).set({ delayMs: 30 });
    },
  },
  {
    ...{ name: 'cut', title: 'both lines 30 ms; while sending that to the gate is cut for good' },
    ...{ gates: 2, changesGate: true },
    prepare: async (stage) => {
      await stage.line(1).set({ delayMs: 30 });
      await stage.line(2).set({ delayMs: 30 });
    },
    acts: [{ atMs: 100, act: async (stage, heard) => stage.line(await heard('connected')).cut() }],
  },
];

/**
 * What goes wrong between a mini-client and its gates. Each scenario sets the lines before the
 * client starts, and may do something at instants counted from the opening.
 */
import type { WayState } from '#test/mini-client/network-line.ts';
import type { NetworkStage } from '#test/mini-client/network-stage.ts';

/** What a scenario acts upon. */
export interface Scene {
  readonly stage: NetworkStage;
  /** The line of the gate that the client last told such an event of; waits for the first one. */
  heard(event: 'connected' | 'disconnected'): Promise<number>;
  /** Waits for the first acceptance that the client tells. */
  firstAccepted(): Promise<void>;
  /** SIGKILL, and the same command on the same directory. */
  restartClient(): Promise<void>;
}

export interface NetworkScenario {
  readonly name: string;
  readonly title: string;
  /** Gates and lines, 1 or 2. */
  readonly gates: number;
  prepare(stage: NetworkStage): void;
  /** While the client is connecting. */
  whileConnecting?(scene: Scene): Promise<void>;
  /** Milliseconds after the opening, in order. */
  readonly acts?: readonly { readonly atMs: number; act(scene: Scene): Promise<void> | void }[];
  /** Further words of the client's command. */
  readonly words?: readonly string[];
  /** Whether the client must have told that it went to another gate. */
  readonly changesGate?: boolean;
  /** What the line or the kernel must have counted, or the fault was none. */
  readonly shows?: 'dropped' | 'damaged' | 'doubled';
  /** A control: frames must be early, or the table would not see any that are. */
  readonly isEarly?: boolean;
}

/** One gate, and a line that is the same all the time. */
function steady(name: string, title: string, state: WayState): NetworkScenario {
  return { name, title, gates: 1, prepare: ({ line }) => line(1).set(state) };
}

function uneven(name: string, thereMs: number, backMs: number): NetworkScenario {
  return {
    ...{ name, title: `${thereMs} ms there, ${backMs} ms back`, gates: 1 },
    prepare: ({ line }) => {
      line(1).set({ delayMs: thereMs }, 'there');
      line(1).set({ delayMs: backMs }, 'back');
    },
  };
}

/** Lines of 30 ms each way, the first of which is cut between two instants. */
function cutBetween(name: string, fromMs: number, toMs: number): NetworkScenario {
  const sends = fromMs < 0 ? 'before it' : 'while sending';
  return {
    ...steady(name, `30 ms each way, cut for ${(toMs - fromMs) / 1_000} s ${sends}`, FAIR),
    acts: [
      { atMs: fromMs, act: ({ stage }) => stage.line(1).cut() },
      { atMs: toMs, act: ({ stage }) => stage.line(1).set(FAIR) },
    ],
    shows: 'dropped',
  };
}

/**
 * The way there becomes 600 times as quick: so late that no answer can tell the client before it
 * sends, 600 ms ahead, and half a second before that, since `tc` takes its time in a guest.
 */
function quicker(name: string, title: string): NetworkScenario {
  const change = ({ stage }: Scene) => stage.line(1).set({ delayMs: 1 }, 'there');
  const state = { delayMs: 600 };
  return { ...steady(name, title, state), acts: [{ atMs: -1_150, act: change }] };
}

const FAIR = { delayMs: 30 };
const LOSSY = { delayMs: 40, jitterMs: 5 };

export const NETWORK_SCENARIOS: readonly NetworkScenario[] = [
  steady('near', '1 ms each way', { delayMs: 1 }),
  steady('middle', '60 ms each way', { delayMs: 60 }),
  steady('far', '150 ms each way', { delayMs: 150 }),
  steady('farthest', '300 ms each way', { delayMs: 300 }),
  steady('jitter', '80 ± 20 ms each way', { delayMs: 80, jitterMs: 20 }),
  uneven('uneven-there', 100, 50),
  uneven('uneven-back', 20, 120),
  steady('loss-1', '40 ± 5 ms, 1 % lost', { ...LOSSY, loss: 0.01 }),
  steady('loss-5', '40 ± 5 ms, 5 % lost', { ...LOSSY, loss: 0.05 }),
  { ...steady('loss-20', '40 ± 5 ms, 20 % lost', { ...LOSSY, loss: 0.2 }), shows: 'dropped' },
  steady('reorder', '60 ms, a quarter at once', { delayMs: 60, reorder: 0.25 }),
  {
    ...steady('duplicate', '30 ms, a fifth comes twice', { ...FAIR, duplicate: 0.2 }),
    shows: 'doubled',
  },
  {
    ...steady('corrupt', '30 ms, a bit turned in 10 %', { ...FAIR, corrupt: 0.1 }),
    shows: 'damaged',
  },
  steady('rate', '30 ms, 256 kbit/s', { ...FAIR, kbitPerSecond: 256 }),
  cutBetween('cut-10', 200, 10_200),
  cutBetween('before', -3_000, -1_000),
  {
    ...{ name: 'unreachable', title: 'the gate tried first is cut off, the other is not' },
    ...{ gates: 2, changesGate: true, shows: 'dropped' },
    prepare: ({ line }) => {
      line(1).cut();
      line(2).cut();
    },
    whileConnecting: async ({ stage, heard }) => {
      stage.line(3 - (await heard('disconnected'))).set(FAIR);
    },
  },
  {
    ...{ name: 'cut', title: 'two lines of 30 ms, that to the gate cut for good while sending' },
    ...{ gates: 2, changesGate: true, shows: 'dropped' },
    prepare: ({ line }) => {
      line(1).set(FAIR);
      line(2).set(FAIR);
    },
    acts: [
      { atMs: 100, act: async ({ stage, heard }) => stage.line(await heard('connected')).cut() },
    ],
  },
  {
    ...steady('killed-client', '60 ms each way, kill -9 of the client', { delayMs: 60 }),
    acts: [
      {
        atMs: 0,
        act: async ({ firstAccepted, restartClient }) => {
          await firstAccepted();
          await restartClient();
        },
      },
    ],
  },
  {
    ...steady('killed-gate', '60 ms each way, kill -9 of the gate', { delayMs: 60 }),
    acts: [
      {
        atMs: 0,
        act: async ({ stage, firstAccepted }) => {
          await firstAccepted();
          stage.killGate(1);
        },
      },
    ],
  },
  {
    ...quicker('certain', '600 ms there become 1 ms just before, --margin certain'),
    words: ['--margin', 'certain'],
  },
  { ...quicker('control', 'the same with the default margin: early'), isEarly: true },
];

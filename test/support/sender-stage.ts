/**
 * A sender, a fake gate and a network on manual time, and the events the sender told: what every
 * test of the sender starts from.
 */
import {
  createSender,
  openJournal,
  type SenderEvent,
  type SenderOptions,
} from '#mini-client/core/index.ts';
import {
  clickDay,
  createFakeGate,
  type FakeGate,
  type FakeGateOptions,
  fakePassbook,
} from './fake-gate.ts';
import {
  clientClock,
  clientTimers,
  createNetwork,
  createWorld,
  type ManualWorld,
  memoryFile,
  type Network,
  openSocketTo,
} from './manual-world.ts';

export const START_US = 1_296_457_170_000_000;
export const OPENS_US = START_US + 30_000_000;
export const CLOSES_US = OPENS_US + 3_600_000_000;
export const LATEST_US = OPENS_US + 1_800_000_000;
export const DAY = '2011-01-31';
export const GATE_URL = 'ws://gate/v1/submissions';
export const ids = (count: number) =>
  Array.from({ length: count }, (_, index) => `app-${index + 1}`);

/** Linear congruential: enough for jitter, the same each time. */
export function seeded(seed: number) {
  let state = seed >>> 0;
  return {
    integer(maxExclusive: number) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 2 ** 32) * maxExclusive);
    },
  };
}

export interface Stage {
  readonly world: ManualWorld;
  readonly network: Network;
  readonly gate: FakeGate;
  readonly events: SenderEvent[];
  readonly file: ReturnType<typeof memoryFile>;
  create(overrides?: Partial<SenderOptions>): ReturnType<typeof createSender>;
  play(overrides?: Partial<SenderOptions>): Promise<Awaited<Sender['finished']>>;
}
type Sender = ReturnType<typeof createSender>;

export interface StageOptions {
  readonly gate?: Partial<FakeGateOptions>;
  readonly applications?: readonly string[];
  readonly thereUs?: () => number;
  readonly backUs?: () => number;
  readonly offsetUs?: number;
  readonly driftPpm?: number;
  readonly lateUs?: () => number;
  readonly seed?: number;
  readonly gates?: ReadonlyMap<string, FakeGate>;
  readonly journal?: string;
}

export function stage(options: StageOptions = {}): Stage {
  const world = createWorld(START_US);
  const network = createNetwork(
    options.thereUs ?? (() => 10_000),
    options.backUs ?? (() => 10_000),
  );
  const gate = createFakeGate({
    nowUs: world.nowUs,
    after: world.after,
    clickDays: [clickDay(DAY, OPENS_US, CLOSES_US)],
    ...options.gate,
  });
  const events: SenderEvent[] = [];
  const file = memoryFile(options.journal);
  const applications = options.applications ?? ids(4);
  const create = (overrides: Partial<SenderOptions> = {}) =>
    createSender({
      applications,
      passbooks: [fakePassbook(applications, DAY)],
      gates: [GATE_URL],
      journal: openJournal(file),
      openSocket: openSocketTo(world, network, (url) =>
        options.gates === undefined ? gate : options.gates.get(url),
      ),
      clock: clientClock(world, options.offsetUs ?? 0, options.driftPpm),
      timers: clientTimers(world, options.lateUs),
      random: seeded(options.seed ?? 1),
      onEvent: (event) => events.push(event),
      ...overrides,
    });
  const play = async (overrides?: Partial<SenderOptions>) => {
    const sender = create(overrides);
    let isOver = false;
    void sender.finished.then(() => {
      isOver = true;
    });
    sender.start();
    await world.run(LATEST_US, () => isOver);
    return sender.finished;
  };
  return { world, network, gate, events, file, create, play };
}

export const acceptedOf = (events: readonly SenderEvent[]) =>
  events.flatMap((event) => (event.event === 'accepted' ? [event.application] : []));

/**
 * The sender against a fake gate on manual time: never early, each application once, and nothing
 * that happens to one application or one connection keeps the others from their outcome.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createSender,
  openJournal,
  readRecords,
  type SenderEvent,
  type SenderOptions,
} from '../../mini-client/core/index.ts';
import {
  clickDay,
  createFakeGate,
  type FakeGate,
  type FakeGateOptions,
  fakePassbook,
} from '../support/fake-gate.ts';
import {
  clientClock,
  clientTimers,
  createNetwork,
  createWorld,
  type ManualWorld,
  memoryFile,
  type Network,
  openSocketTo,
} from '../support/manual-world.ts';

const START_US = 1_296_457_170_000_000;
const OPENS_US = START_US + 30_000_000;
const CLOSES_US = OPENS_US + 3_600_000_000;
const LATEST_US = OPENS_US + 1_800_000_000;
const DAY = '2011-01-31';
const URL = 'ws://gate/v1/submissions';
const ids = (count: number) => Array.from({ length: count }, (_, index) => `app-${index + 1}`);

/** Linear congruential: enough for jitter, the same each time. */
function seeded(seed: number) {
  let state = seed >>> 0;
  return {
    integer(maxExclusive: number) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 2 ** 32) * maxExclusive);
    },
  };
}

interface Stage {
  readonly world: ManualWorld;
  readonly network: Network;
  readonly gate: FakeGate;
  readonly events: SenderEvent[];
  readonly file: ReturnType<typeof memoryFile>;
  create(overrides?: Partial<SenderOptions>): ReturnType<typeof createSender>;
  play(overrides?: Partial<SenderOptions>): Promise<Awaited<Sender['finished']>>;
}
type Sender = ReturnType<typeof createSender>;

interface StageOptions {
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

function stage(options: StageOptions = {}): Stage {
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
      gates: [URL],
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

const acceptedOf = (events: readonly SenderEvent[]) =>
  events.flatMap((event) => (event.event === 'accepted' ? [event.application] : []));

describe('the opening', () => {
  it('sends nothing that arrives before it, over any network and with any clock', async () => {
    const delay = fc.integer({ min: 500, max: 300_000 });
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          there: delay,
          back: delay,
          jitter: fc.integer({ min: 0, max: 100_000 }),
          offsetUs: fc.integer({ min: -3_600_000_000, max: 3_600_000_000 }),
          driftPpm: fc.integer({ min: -100, max: 100 }),
          uncertaintyUs: fc.integer({ min: 0, max: 50_000 }),
          seed: fc.integer({ min: 1, max: 1_000_000 }),
        }),
        async ({ there, back, jitter, offsetUs, driftPpm, uncertaintyUs, seed }) => {
          const noise = seeded(seed);
          // Jitter may also make a way shorter than any way measured before.
          const way = (us: number) => () => Math.max(100, us - noise.integer(jitter + 1));
          const { gate, play } = stage({
            ...{ thereUs: way(there), backUs: way(back), offsetUs, driftPpm, seed },
            gate: { uncertaintyUs },
          });
          const result = await play();
          expect(result.accepted).toHaveLength(4);
          const firstUs = gate.arrivals[0]!.atUs;
          expect(firstUs).toBeGreaterThanOrEqual(OPENS_US + uncertaintyUs);
          expect(firstUs).toBeLessThan(OPENS_US + 2 * uncertaintyUs + there + back + 15_000);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('arrives within a round trip and the uncertainty on an even line', async () => {
    const { gate, play } = stage();
    await play();
    expect(gate.arrivals[0]!.atUs - OPENS_US).toBeLessThan(21_000);
  });

  it('follows a calendar that moves it later while waiting', async () => {
    const { world, gate, play } = stage();
    const laterUs = OPENS_US + 60_000_000;
    world.after(29_000_000, () => gate.setCalendar([clickDay(DAY, laterUs, CLOSES_US)]));
    await play();
    expect(gate.arrivals[0]!.atUs).toBeGreaterThanOrEqual(laterUs);
  });

  it('follows a calendar that moves it earlier while waiting', async () => {
    const { world, gate, play } = stage();
    const earlierUs = OPENS_US - 10_000_000;
    world.after(5_000_000, () => gate.setCalendar([clickDay(DAY, earlierUs, CLOSES_US)]));
    await play();
    expect(gate.arrivals[0]!.atUs).toBeGreaterThanOrEqual(earlierUs);
    expect(gate.arrivals[0]!.atUs).toBeLessThan(earlierUs + 30_000);
  });

  it('sends nothing of a suspended day until the calendar lifts it', async () => {
    const day = clickDay(DAY, OPENS_US, CLOSES_US);
    const { world, gate, play } = stage({ gate: { clickDays: [{ ...day, suspended: true }] } });
    const liftedUs = 90_000_000;
    world.after(liftedUs, () => gate.setCalendar([day]));
    await play();
    expect(gate.arrivals[0]!.atUs).toBeGreaterThanOrEqual(START_US + liftedUs);
  });

  it('is told from the start when it is known, and when a gate says it', async () => {
    const known = stage();
    await known.play({ openings: new Map([[DAY, OPENS_US]]) });
    expect(known.events[0]).toMatchObject({ event: 'opening', opensAtUs: OPENS_US });
    const unknown = stage();
    await unknown.play();
    expect(unknown.events).toContainEqual(expect.objectContaining({ opensAtUs: OPENS_US }));
  });

  it('submits in the order of compilation', async () => {
    const applications = ids(30);
    const { gate, play } = stage({ applications });
    await play();
    expect(gate.arrivals.map(({ application }) => application)).toEqual(applications);
  });
});

describe('refusals', () => {
  it('tries again at once after a TOO_EARLY that asks for no wait', async () => {
    const { gate, play } = stage({
      gate: {
        onSubmit: (_, attempt) =>
          attempt === 1 ? { code: 'TOO_EARLY', retryAfterMs: 0 } : undefined,
      },
    });
    expect((await play()).accepted).toHaveLength(4);
    expect(gate.arrivals).toHaveLength(8);
    expect(gate.arrivals.at(-1)!.atUs - gate.arrivals[0]!.atUs).toBeLessThan(25_000);
  });

  it.each(['OVERLOADED', 'RATE_LIMITED', 'STORAGE_UNAVAILABLE'])(
    'waits at least as long as %s asks for, then gets its outcome',
    async (code) => {
      const { gate, play } = stage({
        gate: {
          onSubmit: (_, attempt) => (attempt <= 2 ? { code, retryAfterMs: 700 } : undefined),
        },
      });
      expect((await play()).accepted).toHaveLength(4);
      const first = gate.arrivals.filter(({ application }) => application === 'app-1');
      expect(first).toHaveLength(3);
      expect(first[1]!.atUs - first[0]!.atUs).toBeGreaterThanOrEqual(700_000);
      expect(first[2]!.atUs - first[1]!.atUs).toBeGreaterThanOrEqual(700_000);
    },
  );

  it('spreads the second attempts of many senders', async () => {
    const returnsUs = new Set<number>();
    for (let seed = 1; seed <= 10; seed += 1) {
      const { gate, play } = stage({
        seed,
        gate: {
          onSubmit: (_, attempt) =>
            attempt === 1 ? { code: 'OVERLOADED', retryAfterMs: 1000 } : undefined,
        },
      });
      await play();
      returnsUs.add(Math.round(gate.arrivals[4]!.atUs / 10_000));
    }
    expect(returnsUs.size).toBeGreaterThan(6);
  });

  it('ends an application that is refused for good and goes on with the others', async () => {
    const { play } = stage({
      gate: { onSubmit: (id) => (id === 'app-2' ? { code: 'CLOSED' } : undefined) },
    });
    const result = await play();
    expect(result.accepted.map(({ application }) => application)).toEqual([
      'app-1',
      'app-3',
      'app-4',
    ]);
    expect(result.rejected).toMatchObject([{ application: 'app-2', code: 'CLOSED' }]);
  });

  it('gives every other application its outcome when one breaks each connection', async () => {
    const applications = ids(20);
    const { world, create, events } = stage({
      applications,
      gate: { onSubmit: (id) => (id === 'app-3' ? 'cut' : undefined) },
    });
    const sender = create();
    sender.start();
    await world.run(LATEST_US, () => acceptedOf(events).length === 19);
    sender.stop();
    await world.run(world.nowUs() + 1_000_000);
    expect((await sender.finished).open).toEqual(['app-3']);
  });

  it('loses only the applications of a passbook that every gate refuses', async () => {
    const good = fakePassbook(['app-1', 'app-2'], DAY);
    const bad = fakePassbook(['app-3', 'app-4'], DAY, 'forged');
    const { play } = stage({ gate: { refuses: (passbook) => passbook === bad } });
    const result = await play({ passbooks: [bad, good] });
    expect(result.accepted.map(({ application }) => application)).toEqual(['app-1', 'app-2']);
    expect(result.rejected.map(({ code }) => code)).toEqual([
      'PASSBOOK_INVALID',
      'PASSBOOK_INVALID',
    ]);
  });

  it('gives a gate that does not have the newest key yet another chance', async () => {
    let refusals = 0;
    const { play } = stage({
      gate: {
        refuses: () => {
          refusals += 1;
          return refusals <= 2;
        },
      },
    });
    expect((await play()).accepted).toHaveLength(4);
  });
});

describe('connections', () => {
  it('honours the in-flight limit and uses it', async () => {
    const { gate, play } = stage({
      applications: ids(40),
      gate: { inFlightLimit: 3, answerUs: 40_000 },
    });
    expect((await play()).accepted).toHaveLength(40);
    expect(gate.inFlightMax).toBe(3);
  });

  it('gets each outcome exactly once when lines are cut in mid-flight', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 400_000 }), { minLength: 1, maxLength: 6 }),
        fc.constantFrom(1006, 1012, 1001),
        async (cutsUs, code) => {
          const applications = ids(25);
          const { world, network, gate, events, play } = stage({
            applications,
            gate: { answerUs: 15_000 },
          });
          for (const us of cutsUs) {
            world.after(OPENS_US - START_US + us, () => {
              for (const line of network.lines) line.cut(code);
            });
          }
          const result = await play();
          expect(acceptedOf(events).sort()).toEqual([...applications].sort());
          expect(result.rejected).toEqual([]);
          expect(gate.entries.size).toBe(25);
          for (const { message } of result.accepted) {
            expect(message.protocol).toBe(gate.entries.get(message.application)!.protocol);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it('tells a repeat whose first answer was lost as a duplicate, with the first outcome', async () => {
    const { gate, play } = stage({
      applications: ['app-1'],
      gate: { onSubmit: (_, attempt) => (attempt === 1 ? 'lose' : undefined) },
    });
    const { accepted } = await play();
    expect(accepted).toMatchObject([{ message: { duplicate: true, seq: 1 } }]);
    expect(gate.arrivals).toHaveLength(2);
  });

  it('comes back quickly after a restart of the gate', async () => {
    const { world, gate, network, play } = stage({ gate: { answerUs: 50_000 } });
    world.after(OPENS_US - START_US + 30_000, () => gate.restart());
    await play();
    expect(network.connectCount).toBe(2);
    expect(gate.arrivals.at(-1)!.atUs - OPENS_US).toBeLessThan(900_000);
  });

  it('goes to the next gate when one cannot be reached', async () => {
    const second = stage();
    const gates = new Map([['ws://b', second.gate]]);
    const world = second.world;
    const sender = second.create({
      gates: ['ws://a', 'ws://b'],
      random: { integer: () => 0 },
      openSocket: openSocketTo(world, second.network, (url) => gates.get(url)),
    });
    sender.start();
    await world.run(LATEST_US, () => acceptedOf(second.events).length === 4);
    expect((await sender.finished).accepted).toHaveLength(4);
  });

  it('cuts a line on which nothing is heard any more and connects again', async () => {
    const { world, network, gate, play } = stage();
    const connect = gate.connect.bind(gate);
    gate.connect = (port) => {
      const isFirst = network.connectCount === 1;
      const { receive, gone } = connect(port);
      const isDeaf = () => isFirst && world.nowUs() > START_US + 2_000_000;
      return { gone, receive: (text) => (isDeaf() ? undefined : receive(text)) };
    };
    await play();
    expect(network.connectCount).toBe(2);
    expect(world.nowUs()).toBeLessThan(OPENS_US + 1_000_000);
  });
});

describe('the journal of a sender', () => {
  it('has chosen, sent and accepted of each application in this order', async () => {
    const { file, play } = stage();
    await play();
    for (const id of ids(4)) {
      const kinds = readRecords(file.text)
        .filter(({ application }) => application === id)
        .map(({ type }) => type);
      expect(kinds).toEqual(['chosen', 'sent', 'accepted']);
    }
  });

  it('keeps the evidence: the whole answer and the hash of the leaf', async () => {
    const { file, play } = stage({ applications: ['app-1'] });
    await play();
    const accepted = readRecords(file.text).find(({ type }) => type === 'accepted');
    expect(accepted).toMatchObject({
      message: { protocol: '2011-01-31/g1/000000001', seq: 1 },
      leafHash: expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/),
    });
  });

  it('does not send again what it calls accepted, also after a torn last line', async () => {
    const first = stage({
      applications: ids(6),
      gate: { inFlightLimit: 1, answerUs: 100_000 },
    });
    first.create().start();
    await first.world.run(OPENS_US + 400_000);
    const acceptedBefore = acceptedOf(first.events);
    expect(acceptedBefore.length).toBeGreaterThan(0);
    expect(acceptedBefore.length).toBeLessThan(6);

    // The program dies; half a line of what it was writing is on disk.
    const torn = `${first.file.text}{"type":"accepted","application":"app-6","mess`;
    const second = stage({
      applications: ids(6),
      journal: torn,
      gate: { entries: first.gate.entries },
    });
    const result = await second.play();
    expect(result.accepted).toHaveLength(6);
    const sentAgain = second.gate.arrivals.map(({ application }) => application);
    expect(sentAgain).toEqual(ids(6).filter((id) => !acceptedBefore.includes(id)));
    expect(readRecords(second.file.text).filter(({ type }) => type === 'accepted')).toHaveLength(6);
  });

  it('tries again in a new run what was refused in an earlier one', async () => {
    const first = stage({
      applications: ['app-1'],
      gate: { onSubmit: () => ({ code: 'PASSBOOK_EXPIRED' }) },
    });
    expect((await first.play()).rejected).toHaveLength(1);
    const second = stage({ applications: ['app-1'], journal: first.file.text });
    expect((await second.play()).accepted).toHaveLength(1);
  });

  it('goes on when the disk is full and says that the outcome is not journaled', async () => {
    const { file, events, play } = stage();
    file.isBroken = true;
    const result = await play();
    expect(result.accepted.map(({ isJournaled }) => isJournaled)).toEqual(Array(4).fill(false));
    expect(events.some(({ event }) => event === 'journal-failed')).toBe(true);
  });
});

/**
 * The sender against a fake gate on manual time: each application once, and nothing that happens
 * to one application or one connection keeps the others from their outcome.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fakePassbook } from '#test/support/fake-gate.ts';
import { openSocketTo } from '#test/support/manual-world.ts';
import {
  acceptedOf,
  DAY,
  GATE_URL,
  ids,
  LATEST_US,
  OPENS_US,
  START_US,
  stage,
} from '#test/support/sender-stage.ts';

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
  it('of senders that start together are made at instants of their own', async () => {
    const afterMs: number[] = [];
    for (let seed = 1; seed <= 10; seed += 1) {
      const { world, play } = stage({ seed });
      await play({
        options: { connectWithinMs: 5000 },
        onEvent: ({ event }) => {
          if (event === 'connecting') afterMs.push((world.nowUs() - START_US) / 1000);
        },
      });
    }
    expect(new Set(afterMs.map((ms) => Math.round(ms / 100))).size).toBeGreaterThan(5);
    expect(afterMs).toHaveLength(10);
    expect(Math.max(...afterMs)).toBeLessThan(5001);
  });

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
    expect(second.network.connectCount).toBe(2);
    const changed = { event: 'gate-changed', from: 'ws://a', to: 'ws://b' };
    expect(second.events.filter(({ event }) => event === 'gate-changed')).toEqual([changed]);
  });

  it('tries the same gate once more when a good line was cut, and says nothing of a change', async () => {
    const { world, network, events, play } = stage();
    world.after(5_000_000, () => {
      for (const line of network.lines) line.cut();
    });
    await play({ gates: [GATE_URL, 'ws://b'], random: { integer: () => 0 } });
    expect(events.map(({ event }) => event)).not.toContain('gate-changed');
    expect(network.connectCount).toBe(2);
  });

  it('keeps a good line when this computer slept, and reads what came meanwhile first', async () => {
    let wakesUs = 0;
    const isAsleep = () => world.nowUs() < wakesUs;
    const { world, network, gate, play } = stage({
      // Timers that are due come first, a little before what is to be read.
      lateUs: () => (isAsleep() ? Math.max(0, wakesUs - world.nowUs() - 1_300_000) : 0),
      backUs: () => (isAsleep() ? wakesUs - world.nowUs() + 1_000 : 10_000),
    });
    const connect = gate.connect.bind(gate);
    gate.connect = (port) => {
      const { receive, gone } = connect(port);
      return {
        gone,
        receive: (text) => {
          // It falls asleep with a question on its way.
          if (wakesUs === 0 && world.nowUs() > START_US + 2_000_000) {
            wakesUs = world.nowUs() + 24_000_000;
          }
          receive(text);
        },
      };
    };
    expect((await play()).accepted).toHaveLength(4);
    expect(network.connectCount).toBe(1);
  });

  it('goes to the next gate at once when nothing is heard any more', async () => {
    const { world, network, gate, events, create } = stage();
    const deaf = { ...gate, connect: gate.connect.bind(gate) };
    const first = {
      ...deaf,
      connect: (port: Parameters<typeof deaf.connect>[0]) => {
        const { receive, gone } = deaf.connect(port);
        const isDeaf = () => world.nowUs() > START_US + 2_000_000;
        return { gone, receive: (text: string) => (isDeaf() ? undefined : receive(text)) };
      },
    };
    const gates = new Map([
      ['ws://a', first],
      ['ws://b', gate],
    ]);
    const sender = create({
      gates: ['ws://a', 'ws://b'],
      random: { integer: () => 0 },
      openSocket: openSocketTo(world, network, (url) => gates.get(url)),
    });
    sender.start();
    await world.run(LATEST_US, () => acceptedOf(events).length === 4);
    await sender.finished;
    expect(network.connectCount).toBe(2);
    expect(events).toContainEqual({ event: 'gate-changed', from: 'ws://a', to: 'ws://b' });
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

/**
 * The sender and the opening: never early over any network, then at once, in order.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createGateClock } from '#mini-client/core/index.ts';
import { clickDay } from '#test/support/fake-gate.ts';
import {
  CLOSES_US,
  DAY,
  ids,
  OPENS_US,
  START_US,
  seeded,
  stage,
} from '#test/support/sender-stage.ts';

describe('the opening', () => {
  it('sends nothing that arrives before it, over any network, when it must be certain', async () => {
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
          const result = await play({ options: { margin: 'certain' } });
          expect(result.accepted).toHaveLength(4);
          const firstUs = gate.arrivals[0]!.atUs;
          expect(firstUs).toBeGreaterThanOrEqual(OPENS_US + uncertaintyUs);
          expect(firstUs).toBeLessThan(OPENS_US + 2 * uncertaintyUs + there + back + 15_000);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('arrives within 5 ms on an even line, not a round trip later', async () => {
    const { gate, play } = stage();
    await play();
    const lateUs = gate.arrivals[0]!.atUs - OPENS_US;
    expect(lateUs).toBeGreaterThanOrEqual(2_000);
    expect(lateUs).toBeLessThan(5_000);
  });

  it('arrives as long after it as it is told to', async () => {
    const { gate, play } = stage();
    await play({ options: { margin: 12 } });
    const lateUs = gate.arrivals[0]!.atUs - OPENS_US;
    expect(lateUs).toBeGreaterThanOrEqual(12_000);
    expect(lateUs).toBeLessThan(15_000);
  });

  it('tries again at once when a line that became quicker made it early', async () => {
    let thereUs = 40_000;
    const { world, gate, play } = stage({ thereUs: () => thereUs });
    world.after(OPENS_US - START_US - 45_000, () => {
      thereUs = 10_000;
    });
    const result = await play();
    expect(gate.arrivals[0]!.atUs).toBeLessThan(OPENS_US);
    expect(result.accepted).toHaveLength(4);
    expect(gate.arrivals.at(-1)!.atUs - OPENS_US).toBeLessThan(60_000);
  });

  it('waits until it is certain while too few exchanges show how even the line is', async () => {
    const { gate, play } = stage();
    let added = 0;
    const clock = createGateClock();
    const few = {
      ...clock,
      add: (...answer: Parameters<typeof clock.add>) => {
        added += 1;
        if (added <= 15) clock.add(...answer);
      },
    };
    await play({ gateClocks: { of: () => few } });
    const lateUs = gate.arrivals[0]!.atUs - OPENS_US;
    expect(lateUs).toBeGreaterThan(20_000);
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

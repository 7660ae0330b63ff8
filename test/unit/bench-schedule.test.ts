/** The open loop's schedule: what is due when, on which connection. */
import { describe, expect, it } from 'vitest';
import { Countdown } from '#bench/drivers/countdown.ts';
import { Schedule } from '#bench/drivers/schedule.ts';

const schedule = (more: Partial<ConstructorParameters<typeof Schedule>[0]> = {}) =>
  new Schedule({ connections: 5, rounds: 4, perSecond: 1_000, delayMs: 0, ...more });

/** Which send of which connection each visit stands for, in the order of the visits. */
function played(plan: Schedule, steps: readonly number[], connections: number) {
  const rounds = Array.from({ length: connections }, () => 0);
  const sends: { connection: number; round: number; dueMs: number }[] = [];
  let from = 0;
  for (const to of steps) {
    plan.forEachDue(from, to, (connection, count) => {
      for (let nth = 0; nth < count; nth += 1) {
        const round = rounds[connection]!;
        rounds[connection] = round + 1;
        sends.push({ connection, round, dueMs: plan.dueMs(connection, round) });
      }
    });
    from = to;
  }
  return sends;
}

describe('the schedule', () => {
  it('has the first send due at once and the others at the rate, and no more than there are', () => {
    const plan = schedule();
    expect([-1, 0, 0.9, 1, 2.5, 18.9, 19, 1_000].map((ms) => plan.dueBy(ms))).toEqual([
      0, 1, 1, 2, 3, 19, 20, 20,
    ]);
    expect(schedule({ delayMs: 3 }).dueBy(2.9)).toBe(0);
    expect(schedule({ delayMs: 3 }).dueBy(4)).toBe(2);
  });

  it('sends everything once, in the order in which it is due, however often it is looked at', () => {
    for (const steps of [[20], [3, 4, 5, 11, 20], [7, 14, 20], [1, 20], [0, 5, 10, 15, 20]]) {
      const sends = played(schedule(), steps, 5);
      const dues = sends.map((send) => send.dueMs).sort((one, other) => one - other);
      expect(dues, `${steps}`).toEqual(Array.from({ length: 20 }, (_, at) => at));
    }
  });

  it('never sends before it is due', () => {
    const plan = schedule();
    for (let now = 0; now <= 20; now += 0.5) {
      const sends = played(plan, [plan.dueBy(now)], 5);
      expect(Math.max(...sends.map((send) => send.dueMs))).toBeLessThanOrEqual(now);
    }
  });

  it('gives each connection one send a round, and no two neighbours one after the other', () => {
    const connections = 400;
    const plan = schedule({ connections, rounds: 2 });
    const order = played(plan, [connections], connections).map((send) => send.connection);
    expect(new Set(order).size).toBe(connections);
    const steps = order.slice(1).map((one, at) => Math.abs(one - order[at]!));
    expect(Math.min(...steps)).toBeGreaterThan(1);
  });

  it('names a connection once, with all that is due, when it is more than a round behind', () => {
    const visits: number[][] = [];
    schedule().forEachDue(2, 14, (connection, count) => visits.push([connection, count]));
    expect(visits.map(([connection]) => connection).sort()).toEqual([0, 1, 2, 3, 4]);
    expect(visits.reduce((sum, [, count]) => sum + count!, 0)).toBe(12);
  });
});

describe('the countdown', () => {
  it('ends when nothing is awaited any more', async () => {
    const countdown = new Countdown(3, 60_000);
    const over = countdown.over();
    countdown.settle(2);
    countdown.settle(1);
    await over;
  });

  it('ends when there has been silence for a long time', async () => {
    const countdown = new Countdown(3, 20);
    countdown.settle(1);
    await countdown.over();
  });
});

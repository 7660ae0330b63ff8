/** The parts of the simulated world by themselves: what a process, a disk, a journal can do. */
import { describe, expect, it } from 'vitest';
import { createDice } from '#engine/simulation/dice.ts';
import { SimulatedDisk } from '#engine/simulation/disk.ts';
import { Evidence } from '#engine/simulation/evidence.ts';
import { createHostClock } from '#engine/simulation/host-clock.ts';
import { scenarioOf, shrink } from '#engine/simulation/index.ts';
import { createJournal } from '#engine/simulation/journal-file.ts';
import { SimulatedProcess } from '#engine/simulation/process.ts';
import { createSchedule } from '#engine/simulation/schedule.ts';
import { createTrace } from '#engine/simulation/trace.ts';

const START_US = 1_000_000_000;

function stage(seed = 'test') {
  const schedule = createSchedule(START_US, () => Promise.resolve());
  const dice = createDice(seed);
  const trace = createTrace(schedule.nowUs);
  const deaths: string[] = [];
  const process = new SimulatedProcess({
    ...{ name: 'p', schedule, dice, trace },
    trueUs: (us) => us,
    onDeath: (_, reason) => void deaths.push(reason),
  });
  const disk = new SimulatedDisk('disk', { schedule, dice, trace });
  const environment = disk.open(process);
  const table = environment.table<number>('t', 'uint32');
  const run = () => schedule.run(() => false);
  const commit = (key: number) => environment.transaction(() => table.put(key, Buffer.of(key)));
  return { schedule, dice, trace, process, deaths, disk, environment, table, run, commit };
}

describe('dice', () => {
  it('give the same for the same seed, and a named stream does not move the others', () => {
    const draws = (named: boolean) => {
      const dice = createDice('seed');
      if (named) for (let at = 0; at < 10; at += 1) dice.named('other').fraction();
      return Array.from({ length: 5 }, () => dice.integer(1000));
    };
    expect(draws(true)).toEqual(draws(false));
    expect(createDice('a').named('x').fraction()).not.toBe(createDice('b').named('x').fraction());
  });

  it('shuffle without loss and stay in their bounds', () => {
    const dice = createDice('seed');
    expect(dice.shuffled([1, 2, 3, 4, 5]).sort()).toEqual([1, 2, 3, 4, 5]);
    const drawn = Array.from({ length: 500 }, () => dice.between(-2, 2));
    expect(new Set(drawn)).toEqual(new Set([-2, -1, 0, 1, 2]));
  });
});

describe('the schedule', () => {
  it('runs events by instant, equal ones in the order of the calls, and not what was cancelled', async () => {
    const { schedule, run } = stage();
    const ran: string[] = [];
    schedule.at(START_US + 20, () => ran.push('late'));
    schedule.at(START_US + 10, () => ran.push('first'));
    schedule.at(START_US + 10, () => ran.push('second'));
    schedule.at(START_US + 15, () => ran.push('never'))();
    await run();
    expect(ran).toEqual(['first', 'second', 'late']);
    expect(schedule.nowUs()).toBe(START_US + 20);
  });

  it('lets every promise go on before the next event', async () => {
    const { schedule, run } = stage();
    const ran: string[] = [];
    schedule.at(START_US, async () => {
      for (let step = 1; step <= 3; step += 1) await Promise.resolve();
      ran.push('promises');
    });
    schedule.at(START_US, () => ran.push('event'));
    await run();
    expect(ran).toEqual(['promises', 'event']);
  });
});

describe('a process', () => {
  it('dies before the effect it was told, and nothing has an effect from then on', async () => {
    const { process, deaths, run } = stage();
    const effects: boolean[] = [];
    process.dieAfterEffects(3);
    process.enter(() => {
      for (let at = 0; at < 4; at += 1) effects.push(process.effect('x'));
    });
    process.timers.after(5, () => effects.push(true));
    await run();
    expect(effects).toEqual([true, true, false, false]);
    expect(deaths).toEqual(['at effect 3, x']);
  });

  it('reads its sockets before its immediates, and does neither while it is stopped', async () => {
    const { process, schedule, run } = stage();
    const did: string[] = [];
    const said = (what: string) => () =>
      void did.push(`${what} ${schedule.nowUs() > START_US + 50_000}`);
    process.stall(50_000);
    process.timers.immediate(said('immediate'));
    process.ready({ take: () => [said('socket')] });
    await run();
    expect(did).toEqual(
      ['socket false', 'immediate false'].map((one) => one.replace('false', 'true')),
    );
  });

  it('ends over an error of its own', async () => {
    const { process, deaths, run } = stage();
    process.enter(() => {
      throw new Error('of its own');
    });
    await run();
    expect(deaths).toEqual(['uncaught']);
  });
});

describe('a host clock', () => {
  it('drifts as told, and its date can be set without the monotonic clock noticing', async () => {
    const { schedule } = stage();
    const clock = createHostClock(schedule, { driftPpm: 100, dateErrorUs: 5_000, countsFromUs: 7 });
    schedule.spend(10_000_000);
    const countedUs = clock.monotonicUs();
    expect(countedUs).toBeCloseTo(7 + 10_000_000 * 1.0001, 0);
    const dateUs = clock.systemUs();
    clock.stepDate(-3_600_000_000);
    expect(dateUs - clock.systemUs()).toBe(3_600_000_000);
    expect(clock.monotonicUs()).toBe(countedUs);
    expect(clock.monotonicUs() - countedUs).toBeCloseTo(1, 0);
  });
});

describe('a disk', () => {
  it('shows a commit when it is on disk and not before, and tells its process then', async () => {
    const { schedule, table, commit, run } = stage();
    let isTold = false;
    void commit(1).then(() => {
      isTold = true;
    });
    const seen: (number | undefined)[] = [];
    schedule.at(START_US + 100, () => seen.push(table.last()));
    await run();
    expect(seen).toEqual([undefined]);
    expect([table.last(), isTold]).toEqual([1, true]);
  });

  it('refuses without a trace what throws, what has no room, and a key that does not follow', async () => {
    const { disk, environment, table, commit, run } = stage();
    const failures: string[] = [];
    const note = (error: Error) => void failures.push(error.name);
    void commit(5).catch(note);
    await run();
    void environment.transaction(() => table.append(4, Buffer.of(4))).catch(note);
    const thrower = () => {
      table.put(6, Buffer.of(6));
      throw new RangeError('x');
    };
    void environment.transaction(thrower).catch(note);
    await run();
    expect(failures).toEqual(['AppendRefused', 'RangeError']);
    disk.nextSync = 'unpersisted';
    void commit(7).catch(note);
    await run();
    expect(failures.at(-1)).toBe('CommitFailed');
    expect([...table.keys()]).toEqual([5]);
  });

  it('has what a failed sync wrote all the same, and is not trusted after one that lost it', async () => {
    const { disk, process, table, commit, run } = stage();
    disk.nextSync = 'persisted';
    void commit(1).catch(() => undefined);
    await run();
    expect(table.last()).toBe(1);
    disk.nextSync = 'unpersisted';
    void commit(2).catch(() => undefined);
    await run();
    void commit(3);
    await run();
    expect([...table.keys()]).toEqual([1, 3]);
    process.die('killed');
    disk.writerDied(process);
    expect([...table.keys()]).toEqual([1]);
  });

  it('keeps or loses what is in flight when its process dies, whole', async () => {
    const left = new Set<string>();
    for (let seed = 0; seed < 20; seed += 1) {
      const { schedule, disk, process, environment, table, run } = stage(`disk ${seed}`);
      void environment.transaction(() => {
        for (const key of [1, 2, 3]) table.put(key, Buffer.of(key));
      });
      schedule.at(START_US + 100, () => {
        process.die('killed');
        disk.writerDied(process);
      });
      await run();
      left.add([...table.keys()].join());
    }
    expect([...left].sort()).toEqual(['', '1,2,3']);
  });

  it('that never syncs loses at a power cut what it has told', async () => {
    const { schedule, dice, trace, process, run } = stage();
    const disk = new SimulatedDisk('d', { schedule, dice, trace, flaws: { neverSyncs: true } });
    const environment = disk.open(process);
    const table = environment.table<number>('t', 'uint32');
    void environment.transaction(() => table.put(1, Buffer.of(1)));
    await run();
    expect(table.last()).toBe(1);
    disk.powerCut();
    expect(table.last()).toBeUndefined();
  });
});

describe('a journal', () => {
  it('is left with a part of the line that was being written', async () => {
    const lengths = new Set<number>();
    for (let seed = 0; seed < 30; seed += 1) {
      const { schedule, process, run } = stage();
      const journal = createJournal({ schedule, dice: createDice(`journal ${seed}`) });
      const file = journal.open(process);
      void file.append('kept\n');
      await run();
      void file.append('torn\n');
      journal.writerDied();
      expect(journal.text().startsWith('kept\n')).toBe(true);
      lengths.add(journal.text().length - 'kept\n'.length);
    }
    expect([...lengths].sort()).toEqual([0, 1, 2, 3, 4, 5]);
  });
});

describe('the evidence', () => {
  it('sees a clock that goes back, and one that is further off than it says', () => {
    const evidence = new Evidence(() => START_US);
    const read = (nowUs: number) => evidence.reading('g#1', 'g', { nowUs, uncertaintyUs: 10 });
    read(START_US + 10);
    read(START_US - 10);
    read(START_US + 11);
    const what = evidence.wrongReadings.map((wrong) => wrong.what);
    expect(what).toEqual(['went back by 20 µs', 'is 11 µs off and says at most 10']);
  });
});

describe('shrinking', () => {
  it('leaves what the failure needs and nothing else', async () => {
    const scenario = scenarioOf('4', 1);
    const needed = scenario.faults.find(({ target }) => target === 'portal');
    expect(needed).toBeDefined();
    const device = scenario.devices[3];
    const { scenario: smaller } = await shrink(
      scenario,
      async ({ faults, devices }) =>
        faults.some((fault) => fault === needed) &&
        devices.some(({ name }) => name === device?.name),
      1000,
    );
    expect(smaller.faults).toEqual([needed]);
    expect(smaller.devices.map(({ name }) => name)).toEqual([device?.name]);
    expect(smaller.devices[0]?.applications).toHaveLength(1);
  });
});

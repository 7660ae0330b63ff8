/**
 * The disciplined clock in manual time: its states, its uncertainty, and that nothing (a lying
 * reference, a set date, a freeze) makes it jump. `truth` is what a perfect clock would read.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ClockStatus,
  createDisciplinedClock,
  type DisciplinedClockParts,
  manualHostClock,
  manualTimers,
  type SourceAnswer,
} from '../../engine/clock/index.ts';
import { silentLog } from '../../engine/foundation/log.ts';

fc.configureGlobal({ seed: 2011_01_31, numRuns: 200 });

const SECOND = 1_000_000;
const START_US = 1_700_000_000_000_000;
const BOUND_US = 50_000;

const FAILED: SourceAnswer = { kind: 'failed', failure: 'NO_ANSWER', servers: [] };

/** A clock on manual time with one source, whose reference is `errorUs` wide. */
function setUp(parts: Partial<DisciplinedClockParts> = {}) {
  const host = manualHostClock({ monotonicUs: 0, systemUs: START_US });
  const timers = manualTimers(host);
  const reference = { offsetUs: START_US, errorUs: 2_000, reachable: true };
  const bursts: boolean[] = [];
  const source = {
    name: 'test',
    async poll(burst: boolean): Promise<SourceAnswer> {
      bursts.push(burst);
      if (!reference.reachable) return FAILED;
      const { offsetUs, errorUs } = reference;
      const estimate = { offsetUs, errorUs, atUs: host.monotonicUs() };
      return { kind: 'estimate', estimate, servers: [{ server: 'one', outcome: 'used' }] };
    },
  };
  const changes: ClockStatus['sync'][] = [];
  const clock = createDisciplinedClock({
    ...{ host, timers, sources: [source], log: silentLog() },
    onChange: (status) => void changes.push(status.sync),
    ...parts,
  });
  /** Lets time pass in seconds of manual time, with the answers of the source in between. */
  const pass = async (seconds: number) => {
    for (let second = 0; second < seconds; second += 1) {
      timers.advance(1_000);
      for (let turn = 0; turn < 12; turn += 1) await Promise.resolve();
    }
  };
  const codes = () => clock.status().alarms.map((alarm) => alarm.code);
  return { clock, host, timers, reference, bursts, changes, pass, codes };
}

describe('the states of the clock', () => {
  it('is unsynchronised with the configured bound until a reference answers', async () => {
    const { clock, reference, pass, changes, codes } = setUp();
    reference.reachable = false;
    const first = await clock.start();
    expect(first.sync).toBe('unsynchronised');
    expect(first.uncertaintyUs).toBeGreaterThanOrEqual(BOUND_US);
    expect(first.uncertaintyUs).toBeLessThanOrEqual(BOUND_US + 1_000);
    expect(codes()).toContain('NOT_SYNCHRONISED');
    reference.reachable = true;
    await pass(20);
    expect(clock.read().sync).toBe('synchronised');
    expect(changes).toEqual(['synchronised']);
    expect(codes()).toEqual([]);
  });

  it('goes into holdover after three missed polls, grows by 15 ppm, and comes back', async () => {
    const { clock, reference, pass, changes, codes } = setUp();
    await clock.start();
    expect(clock.read()).toMatchObject({ sync: 'synchronised', uncertaintyUs: 2_001 });
    reference.reachable = false;
    await pass(200);
    expect(clock.read().sync).toBe('synchronised');
    await pass(1);
    expect(clock.read()).toMatchObject({ sync: 'holdover', uncertaintyUs: 2_001 + 15 * 201 });
    await pass(1_000);
    expect(clock.read().uncertaintyUs).toBe(2_001 + 15 * 1_201);
    expect(codes()).toContain('HOLDOVER');
    reference.reachable = true;
    await pass(17);
    expect(clock.read().sync).toBe('synchronised');
    expect(clock.read().uncertaintyUs).toBeLessThan(2_400);
    expect(changes).toEqual(['synchronised', 'holdover', 'synchronised']);
  });

  it('raises an alarm when the uncertainty exceeds its limit', async () => {
    const { clock, reference, codes, pass } = setUp({ options: { uncertaintyUsAlarm: 10_000 } });
    await clock.start();
    reference.reachable = false;
    await pass(600);
    expect(codes()).toContain('UNCERTAINTY_HIGH');
  });

  it('says when reference and system date differ by more than a second', async () => {
    const { clock, codes, host, pass } = setUp();
    await clock.start();
    host.stepSystem(10 * SECOND);
    await pass(1);
    expect(codes()).toContain('SYSTEM_DATE_DIFFERS');
    host.stepSystem(-9.1 * SECOND);
    await pass(1);
    expect(codes()).not.toContain('SYSTEM_DATE_DIFFERS');
  });

  it('names the servers that are outvoted and those that have no majority', async () => {
    const server = (name: string, outcome: 'outvoted' | 'NO_MAJORITY') => ({
      server: name,
      outcome,
    });
    let answer: SourceAnswer = {
      kind: 'estimate',
      estimate: { offsetUs: START_US, errorUs: 1, atUs: 0 },
      servers: [server('liar', 'outvoted')],
    };
    const { clock, pass } = setUp({ sources: [{ name: 'ntp', poll: async () => answer }] });
    await clock.start();
    expect(clock.status().alarms).toMatchObject([{ code: 'SERVER_OUTVOTED', detail: 'liar' }]);
    answer = { kind: 'failed', failure: 'NO_MAJORITY', servers: [server('a', 'NO_MAJORITY')] };
    await pass(65);
    expect(clock.status().alarms).toMatchObject([{ code: 'NO_MAJORITY', detail: 'a' }]);
    expect(clock.read().sync).toBe('synchronised');
  });
});

describe('the sources', () => {
  const answering = (name: string, answer: SourceAnswer) => ({ name, poll: async () => answer });
  const estimate = {
    kind: 'estimate' as const,
    estimate: { offsetUs: START_US, errorUs: 7, atUs: 0 },
    servers: [],
  };

  it('are believed in their order: the first that answers', async () => {
    const sources = [answering('chrony', estimate), answering('ntp', estimate)];
    const { clock } = setUp({ sources });
    await clock.start();
    expect(clock.status().source).toBe('chrony');
  });

  it.each([
    [11_000, 'ntp'],
    [10_000, 'chrony'],
  ])('are compared when the first is off by up to %i µs: %s', async (errorUs, believed) => {
    const rough = { ...estimate, estimate: { ...estimate.estimate, errorUs } };
    const { clock } = setUp({ sources: [answering('chrony', rough), answering('ntp', estimate)] });
    await clock.start();
    expect(clock.status().source).toBe(believed);
  });

  it('are compared by their error when none is good', async () => {
    const rough = (errorUs: number) => ({
      ...{ ...estimate, estimate: { ...estimate.estimate, errorUs } },
    });
    const sources = [answering('chrony', rough(30_000)), answering('ntp', rough(40_000))];
    const { clock } = setUp({ sources });
    await clock.start();
    expect(clock.status().source).toBe('chrony');
  });

  it('are believed when rough, if there is nothing better', async () => {
    const rough = { ...estimate, estimate: { ...estimate.estimate, errorUs: 500_000 } };
    const { clock } = setUp({ sources: [answering('chrony', rough), answering('ntp', FAILED)] });
    await clock.start();
    expect(clock.status()).toMatchObject({ source: 'chrony', sync: 'synchronised' });
  });

  it('stand in for one that fails, and for one that breaks its promise and throws', async () => {
    const broken = { name: 'broken', poll: () => Promise.reject(new Error('broken')) };
    const sources = [answering('chrony', FAILED), broken, answering('ntp', estimate)];
    const { clock } = setUp({ sources });
    await clock.start();
    expect(clock.status().source).toBe('ntp');
  });

  it('are asked in a burst at the start, singly every 64 s, and in a burst after a failure', async () => {
    const { clock, reference, bursts, pass } = setUp();
    await clock.start();
    await pass(63);
    expect(bursts).toEqual([true]);
    await pass(1);
    expect(bursts).toEqual([true, false]);
    reference.reachable = false;
    await pass(64 + 16);
    expect(bursts).toEqual([true, false, false, true]);
  });

  it('hold up the start by 1.5 s at most, and are slewed towards when they answer later', async () => {
    let answer: (answer: SourceAnswer) => void = () => {};
    const slow = new Promise<SourceAnswer>((resolve) => {
      answer = resolve;
    });
    const { clock, timers, pass } = setUp({ sources: [{ name: 'slow', poll: () => slow }] });
    const started = clock.start();
    timers.advance(1_500);
    const first = await started;
    expect(first.sync).toBe('unsynchronised');
    answer({ ...estimate, estimate: { ...estimate.estimate, offsetUs: START_US + SECOND } });
    await pass(1);
    expect(clock.read().sync).toBe('synchronised');
    expect(clock.read().nowUs).toBeLessThanOrEqual(first.nowUs + SECOND + 500);
  });

  it('are spread by the given randomness, earlier and never later', async () => {
    const { clock, bursts, pass } = setUp({ random: { integer: (max) => max - 1 } });
    await clock.start();
    await pass(60);
    expect(bursts).toHaveLength(2);
  });

  it('are left alone after stop, and a late answer is ignored', async () => {
    const { clock, timers, bursts, pass, reference } = setUp();
    await clock.start();
    clock.stop();
    expect(timers.pending()).toBe(0);
    await pass(200);
    expect(bursts).toHaveLength(1);
    reference.offsetUs += SECOND;
    const started = clock.start();
    clock.stop();
    await started;
    expect(timers.pending()).toBe(0);
    expect(clock.status().correctionUs).toBe(0);
  });
});

describe('corrections', () => {
  it.each([
    ['ahead', 3_600],
    ['behind', -3_600],
  ])(
    'takes the first reference over at once when nobody has read yet: %s',
    async (_name, seconds) => {
      const { clock, reference } = setUp({ options: { believe: 'servers' } });
      reference.offsetUs += seconds * SECOND;
      const reading = await clock.start();
      expect(reading).toMatchObject({ nowUs: START_US + seconds * SECOND, uncertaintyUs: 2_001 });
    },
  );

  it('slews once it was read, and counts the rest in the uncertainty', async () => {
    const { clock, reference, pass } = setUp({ options: { believe: 'servers' } });
    const before = clock.nowUs();
    reference.offsetUs = before + 10 * SECOND;
    const reading = await clock.start();
    expect(reading.nowUs).toBe(before);
    expect(reading.uncertaintyUs).toBe(10 * SECOND + 2_001);
    await pass(10);
    expect(clock.nowUs()).toBe(before + 10 * SECOND + 5_000);
    expect(clock.status().correctionUs).toBe(10 * SECOND - 5_000);
  });

  it('steps forward while the owner says that nothing depends on it', async () => {
    const options = { believe: 'servers' } as const;
    const { clock, reference } = setUp({ mayStep: () => true, options });
    const before = clock.nowUs();
    reference.offsetUs = before + 10 * SECOND;
    const reading = await clock.start();
    expect(reading).toMatchObject({ nowUs: before + 10 * SECOND, uncertaintyUs: 2_001 });
  });

  it('never steps back once it was read, even when the owner would let it', async () => {
    const { clock, reference } = setUp({ mayStep: () => true });
    const before = clock.nowUs();
    reference.offsetUs = before - SECOND;
    const reading = await clock.start();
    expect(reading).toMatchObject({ nowUs: before, uncertaintyUs: SECOND + 2_001 });
  });

  it('widens the assumed drift when two estimates prove it too small', async () => {
    const { clock, reference, pass } = setUp();
    await clock.start();
    reference.offsetUs += 4_000 + 64 * 100;
    await pass(64);
    expect(clock.status().driftPpm).toBeCloseTo(100, 5);
    await pass(64);
    expect(clock.status().driftPpm).toBe(15);
  });

  it('raises an alarm when the reference moves further than any clock drifts', async () => {
    const { clock, host, reference, pass, codes } = setUp();
    await clock.start();
    reference.offsetUs += 10 * SECOND;
    host.stepSystem(10 * SECOND);
    await pass(64);
    expect(codes()).toContain('REFERENCE_JUMPED');
    expect(clock.read().uncertaintyUs).toBeGreaterThan(10 * SECOND);
  });
});

describe('a step of the date', () => {
  it.each([-3_600, 3_600])('of %i s does not move a synchronised clock', async (seconds) => {
    const { clock, host, pass, bursts, codes } = setUp();
    await clock.start();
    const before = clock.nowUs();
    host.stepSystem(seconds * SECOND);
    await pass(2);
    expect(clock.nowUs()).toBe(before + 2 * SECOND);
    expect(clock.read().uncertaintyUs).toBeLessThan(2_100);
    expect(codes()).toEqual(['SYSTEM_DATE_DIFFERS', 'SYSTEM_DATE_STEPPED']);
    expect(bursts).toEqual([true, true]);
    expect(Math.abs(clock.status().systemErrorUs - seconds * SECOND)).toBeLessThanOrEqual(1_000);
  });

  it('is slewed while unsynchronised, with the rest in the uncertainty and an alarm', async () => {
    const { clock, host, reference, pass, codes } = setUp();
    reference.reachable = false;
    await clock.start();
    const before = clock.nowUs();
    host.stepSystem(-2 * SECOND);
    await pass(2);
    const reading = clock.read();
    expect(reading.nowUs).toBeGreaterThan(before + 2 * SECOND - 1_001);
    expect(reading.nowUs).toBeLessThan(before + 2 * SECOND);
    expect(reading.uncertaintyUs).toBeGreaterThan(BOUND_US + 2 * SECOND - 2_000);
    expect(codes()).toContain('SYSTEM_DATE_STEPPED');
  });

  it('of 50 ms is no alarm', async () => {
    const { clock, host, pass, codes } = setUp();
    await clock.start();
    host.stepSystem(50_000);
    await pass(2);
    expect(codes()).toEqual([]);
  });

  it('stays listed for an hour, and as long as the date differs from the reference', async () => {
    const { clock, host, pass, codes } = setUp();
    await clock.start();
    host.stepSystem(5 * SECOND);
    await pass(3_590);
    expect(codes()).toContain('SYSTEM_DATE_STEPPED');
    await pass(20);
    expect(codes()).toEqual(['SYSTEM_DATE_DIFFERS']);
    host.stepSystem(-5 * SECOND);
    await pass(2);
    expect(codes()).toEqual(['SYSTEM_DATE_STEPPED']);
  });
});

describe('a freeze before an opening', () => {
  it('keeps the opening on one monotonic instant while estimates move, then goes on', async () => {
    const { clock, host, reference, pass } = setUp();
    await clock.start();
    const opensAtUs = clock.nowUs() + 130 * SECOND;
    clock.freezeUntil(opensAtUs);
    const opensAtMonotonicUs = clock.monotonicAt(opensAtUs);
    reference.offsetUs += 5_000;
    await pass(129);
    expect(clock.monotonicAt(opensAtUs)).toBe(opensAtMonotonicUs);
    expect(clock.status()).toMatchObject({ frozenUntilUs: opensAtUs, correctionUs: 5_000 });
    expect(clock.read().uncertaintyUs).toBeGreaterThanOrEqual(5_000 + 2_000);
    await pass(1);
    expect([clock.nowUs(), host.monotonicUs()]).toEqual([opensAtUs, opensAtMonotonicUs]);
    await pass(21);
    expect(clock.status()).toMatchObject({ frozenUntilUs: undefined, correctionUs: 0 });
  });

  it('can be ended early, and in the past does nothing', async () => {
    const { clock } = setUp();
    await clock.start();
    clock.freezeUntil(clock.nowUs());
    expect(clock.status().frozenUntilUs).toBeUndefined();
    clock.freezeUntil(clock.nowUs() + SECOND);
    clock.unfreeze();
    expect(clock.status().frozenUntilUs).toBeUndefined();
  });

  it('does not step either', async () => {
    const { clock, reference } = setUp({ mayStep: () => true });
    const before = clock.nowUs();
    clock.freezeUntil(before + 60 * SECOND);
    reference.offsetUs = before + SECOND;
    expect((await clock.start()).nowUs).toBe(before);
  });
});

describe('whatever happens', () => {
  const event = fc.record({
    seconds: fc.integer({ min: 1, max: 90 }),
    reachable: fc.boolean(),
    misreading: fc.double({ min: -1, max: 1, noNaN: true }),
    errorUs: fc.integer({ min: 10, max: 200_000 }),
    driftPpm: fc.integer({ min: -15, max: 15 }),
    dateStepUs: fc.option(fc.integer({ min: -5_000 * SECOND, max: 5_000 * SECOND })),
    freeze: fc.boolean(),
  });

  it('never goes back, keeps to 500 ppm, and holds true time within its uncertainty', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 8 }), async (events) => {
        const { clock, host, reference, pass } = setUp();
        let truthOffsetUs = START_US + 7_777;
        reference.offsetUs = truthOffsetUs;
        let last = await clock.start();
        for (const { seconds, dateStepUs, freeze, ...next } of events) {
          const { errorUs, reachable } = next;
          const offsetUs = truthOffsetUs + next.misreading * errorUs;
          Object.assign(reference, { reachable, errorUs, offsetUs });
          if (dateStepUs !== null) host.stepSystem(dateStepUs);
          if (freeze) clock.freezeUntil(clock.nowUs() + 5 * SECOND);
          for (let second = 0; second < seconds; second += 1) {
            await pass(1);
            truthOffsetUs += next.driftPpm;
            reference.offsetUs += next.driftPpm;
            const reading = clock.read();
            const beside = Math.abs(reading.nowUs - last.nowUs - SECOND);
            const wrongUs = Math.abs(reading.nowUs - host.monotonicUs() - truthOffsetUs);
            expect(beside).toBeLessThanOrEqual(502);
            expect(wrongUs).toBeLessThanOrEqual(reading.uncertaintyUs + 16);
            last = reading;
          }
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('a reading', () => {
  it('is whole microseconds and costs far less than a millisecond', async () => {
    const { clock } = setUp();
    await clock.start();
    const reading = clock.read();
    expect(Number.isInteger(reading.nowUs) && Number.isInteger(reading.uncertaintyUs)).toBe(true);
    expect(clock.nowUs()).toBe(reading.nowUs);
  });
});

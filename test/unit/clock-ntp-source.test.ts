/** Several NTP servers as one source, with packets made up here: votes, filters, refusals. */
import { describe, expect, it } from 'vitest';
import { manualHostClock, ntpSource, type Timers } from '../../engine/clock/index.ts';
import { judge, type NtpAnswer } from '../../engine/clock/ntp-exchange.ts';

const START_US = 1_700_000_000_000_000;
const EPOCH_1900_MS = Date.UTC(1900, 0, 1);

/** Timers that do not wait: a pause between exchanges is no time at all. */
const promptTimers = (pausesMs: number[] = []): Timers => ({
  after(ms, fn) {
    pausesMs.push(ms);
    let cancelled = false;
    queueMicrotask(() => {
      if (!cancelled) fn();
    });
    return () => {
      cancelled = true;
    };
  },
  every: () => () => {},
  immediate: () => () => {},
});

function packet(atUs: number, askedAtUs: number, changes: Partial<NtpAnswer> = {}): NtpAnswer {
  return {
    ...{ leapIndicator: 0, version: 4, mode: 4, stratum: 2 },
    rootDelay: new Date(EPOCH_1900_MS),
    rootDispersion: new Date(EPOCH_1900_MS),
    originTimestamp: new Date(askedAtUs / 1000),
    receiveTimestamp: new Date(Math.floor(atUs / 1000)),
    transmitTimestamp: new Date(Math.floor(atUs / 1000)),
    ...changes,
  };
}

type Behaviour = { readonly wrongByUs?: number; readonly delaysUs?: number[] } | 'silent';

/** Servers 10.0.0.1, 10.0.0.2 … on manual time, each `wrongByUs` off and with its delays. */
function setUp(behaviours: readonly Behaviour[]) {
  const host = manualHostClock({ monotonicUs: 1_000, systemUs: START_US });
  const questions = new Map<string, number>();
  const pausesMs: number[] = [];
  const source = ntpSource({
    host,
    timers: promptTimers(pausesMs),
    servers: behaviours.map((_, index) => ({ host: `10.0.0.${index + 1}`, port: 123 })),
    async ask(address) {
      questions.set(address, (questions.get(address) ?? 0) + 1);
      const behaviour = behaviours[Number(address.split('.')[3]) - 1];
      if (behaviour === undefined || behaviour === 'silent') throw new Error('time-out');
      const askedAtUs = host.systemUs();
      const delayUs = behaviour.delaysUs?.shift() ?? 0;
      host.advance(delayUs / 2);
      const truthUs = host.monotonicUs() + START_US - 1_000;
      const answer = packet(truthUs + (behaviour.wrongByUs ?? 0), askedAtUs);
      host.advance(delayUs / 2);
      return answer;
    },
  });
  return { source, questions, pausesMs, truthOffsetUs: START_US - 1_000 };
}

describe('NTP servers as one source', () => {
  it('are outvoted by the majority when one of three is ten seconds off', async () => {
    const { source, truthOffsetUs } = setUp([{}, { wrongByUs: 10_000_000 }, {}]);
    const answer = await source.poll(false);
    expect(answer.servers.map((report) => report.outcome)).toEqual(['used', 'outvoted', 'used']);
    if (answer.kind !== 'estimate') throw new Error(answer.failure);
    const { offsetUs, errorUs } = answer.estimate;
    expect(Math.abs(offsetUs - truthOffsetUs)).toBeLessThanOrEqual(errorUs);
    expect(errorUs).toBeLessThan(5_000);
  });

  it('give no estimate when none agrees with another', async () => {
    const { source } = setUp([{}, { wrongByUs: 1e7 }, { wrongByUs: -1e7 }]);
    const answer = await source.poll(false);
    expect(answer).toMatchObject({ kind: 'failed', failure: 'NO_MAJORITY' });
    expect(new Set(answer.servers.map((report) => report.outcome))).toEqual(
      new Set(['NO_MAJORITY']),
    );
  });

  it('leave the vote to those that answer', async () => {
    const { source, questions } = setUp(['silent', {}]);
    const answer = await source.poll(true);
    expect(answer.kind).toBe('estimate');
    expect(answer.servers.map((report) => report.outcome)).toEqual(['NO_ANSWER', 'used']);
    expect(questions).toEqual(
      new Map([
        ['10.0.0.1', 2],
        ['10.0.0.2', 8],
      ]),
    );
  });

  it('fail by name when nobody answers, and when there is none', async () => {
    expect(await setUp(['silent', 'silent']).source.poll(true)).toMatchObject({
      ...{ kind: 'failed', failure: 'NO_ANSWER' },
    });
    expect(await setUp([]).source.poll(true)).toEqual({
      ...{ kind: 'failed', failure: 'ABSENT', servers: [] },
    });
  });

  it('are asked eight times 125 ms apart in a burst, and once otherwise', async () => {
    const { source, questions, pausesMs } = setUp([{}]);
    await source.poll(true);
    expect(pausesMs).toEqual(Array(7).fill(125));
    await source.poll(false);
    expect(questions.get('10.0.0.1')).toBe(9);
    expect(pausesMs).toHaveLength(7);
  });

  it('count by the exchange with the smallest round trip of a burst', async () => {
    const delaysUs = [80_000, 60_000, 90_000, 4_000, 70_000, 50_000, 80_000, 90_000];
    const { source, truthOffsetUs } = setUp([{ delaysUs }]);
    const answer = await source.poll(true);
    if (answer.kind !== 'estimate') throw new Error(answer.failure);
    expect(answer.estimate.errorUs).toBeLessThan(2_000 + 2_100);
    expect(Math.abs(answer.estimate.offsetUs - truthOffsetUs)).toBeLessThanOrEqual(1_000);
  });

  it('forget earlier exchanges that the latest contradicts', async () => {
    const behaviour = { wrongByUs: 0, delaysUs: [] };
    const { source, truthOffsetUs } = setUp([behaviour]);
    await source.poll(true);
    behaviour.wrongByUs = 5_000_000;
    const answer = await source.poll(false);
    if (answer.kind !== 'estimate') throw new Error(answer.failure);
    expect(answer.estimate.offsetUs - truthOffsetUs).toBeGreaterThan(4_990_000);
  });
});

describe('one answer', () => {
  const own = { sentUs: 0, receivedUs: 500, askedAtUs: START_US, answeredAtUs: START_US };
  const verdict = (changes: Partial<NtpAnswer>) => {
    const outcome = judge(packet(START_US, START_US, changes), own);
    return outcome.kind === 'failed' ? outcome.failure : outcome.estimate;
  };
  const after1900 = (ms: number) => new Date(EPOCH_1900_MS + ms);

  it('states half the round trip, the lost millisecond and the distance of its root', () => {
    const estimate = verdict({ rootDelay: after1900(10), rootDispersion: after1900(3) });
    const rootUs = (3 + 1) * 1_000 + ((10 + 1) * 1_000) / 2;
    expect(estimate).toMatchObject({ errorUs: (500 + 1_000) / 2 + rootUs });
  });

  it.each<[string, string, Partial<NtpAnswer>]>([
    ['of a client', 'ANSWER_REFUSED', { mode: 3 }],
    ['of an unknown version', 'ANSWER_REFUSED', { version: 5 }],
    ['to a question we did not ask', 'ANSWER_REFUSED', { originTimestamp: new Date(0) }],
    ['sent before it was received', 'ANSWER_REFUSED', { transmitTimestamp: new Date(0) }],
    ['cut short', 'ANSWER_REFUSED', { transmitTimestamp: new Date(Number.NaN) }],
    ['with a cut root delay', 'NOT_SYNCHRONISED', { rootDelay: new Date(Number.NaN) }],
    ['that begs to be left alone', 'NOT_SYNCHRONISED', { stratum: 0 }],
    ['of stratum 16', 'NOT_SYNCHRONISED', { stratum: 16 }],
    ['with the leap alarm', 'NOT_SYNCHRONISED', { leapIndicator: 3 }],
    ['far from its root', 'NOT_SYNCHRONISED', { rootDispersion: after1900(2_000) }],
  ])('%s is %s', (_name, failure, changes) => {
    expect(verdict(changes)).toBe(failure);
  });

  it('without any field is refused', () => {
    expect(judge({}, own)).toEqual({ kind: 'failed', failure: 'ANSWER_REFUSED' });
  });
});

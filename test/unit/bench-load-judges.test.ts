/** The judges of the load scenarios: what they must see, each with a case in which it is there. */
import { describe, expect, it } from 'vitest';
import { type Answers, emptyAnswers, NO_SUBMISSION } from '#bench/drivers/answers.ts';
import { connectionsWithin } from '#bench/drivers/descriptors.ts';
import { bulkSizes, decreeSenders } from '#bench/scenarios/decree-senders.ts';
import { unansweredOf, untrueOf } from '#bench/scenarios/load-stage.ts';
import {
  acceptedEarly,
  firstAdmissionMs,
  lastAcknowledgementS,
  refusedOnTime,
} from '#bench/scenarios/opening-load.ts';
import { unexplainedOf } from '#bench/scenarios/overload.ts';

type Row = Partial<Record<'submission' | 'atMs' | 'sentAtMs' | 'seq' | 'stampUs', number>> & {
  readonly outcome?: string;
  readonly retryAfterMs?: number;
};

const UNCERTAINTY_US = 1_000;

function answersOf(rows: readonly Row[]): Answers {
  const outcomes = [...new Set(['accepted', 'duplicate', ...rows.map((row) => row.outcome ?? '')])];
  const answers = emptyAnswers(rows.length, outcomes);
  for (const [at, { outcome = 'accepted', retryAfterMs = Number.NaN, ...row }] of rows.entries()) {
    answers.outcome[at] = outcomes.indexOf(outcome);
    answers.retryAfterMs[at] = retryAfterMs;
    answers.uncertaintyUs[at] = outcome === 'accepted' ? UNCERTAINTY_US : 0;
    for (const column of ['submission', 'atMs', 'sentAtMs', 'seq', 'stampUs'] as const) {
      answers[column][at] = row[column] ?? 0;
    }
  }
  return answers;
}

describe('the check against the ledger', () => {
  const entry = { clickDay: 'd', digest: '', gate: 'g1', model: 'A', office: 'RM' };
  const entries = [
    { ...entry, application: 'a', seq: 1, stampUs: 10, uncertaintyUs: 0 },
    { ...entry, application: 'b', seq: 2, stampUs: 20, uncertaintyUs: 0 },
  ];
  const applications = ['a', 'b', 'c'];
  const untrue = (...rows: Row[]) =>
    untrueOf({ answers: answersOf(rows), applications }, { entries });

  it('bears out what was acknowledged as it was told, also twice', () => {
    const first = { submission: 0, seq: 1, stampUs: 10 };
    expect(
      untrue(first, { ...first, outcome: 'duplicate' }, { submission: 1, seq: 2, stampUs: 20 }),
    ).toBe(0);
  });

  it.each([
    ['was lost', { submission: 2, seq: 3, stampUs: 30 }],
    ['was renumbered', { submission: 0, seq: 2, stampUs: 10 }],
    ['was stamped anew', { submission: 0, seq: 1, stampUs: 11 }],
    ['was never submitted', { submission: NO_SUBMISSION, seq: 1, stampUs: 10 }],
  ])('catches what %s', (_what, row) => {
    expect(untrue(row)).toBe(1);
  });

  it('counts who heard nothing', () => {
    const answers = answersOf([{ submission: 0 }, { submission: 2, outcome: 'CLOSED' }]);
    expect(unansweredOf({ answers, applications })).toBe(1);
  });
});

describe('the judge of an opening', () => {
  const opensAtUs = 5_000_000;
  /** The senders' clock is 1 s behind the date. */
  const heard = (...rows: Row[]) => ({ answers: answersOf(rows), dateOffsetMs: 1_000 });

  it('calls early what was written before the opening for certain and accepted', () => {
    const early = { sentAtMs: 3_998.9 };
    expect(acceptedEarly(heard(early), opensAtUs)).toBe(1);
    expect(acceptedEarly(heard({ ...early, outcome: 'TOO_EARLY' }), opensAtUs)).toBe(0);
    expect(acceptedEarly(heard({ ...early, outcome: 'duplicate' }), opensAtUs)).toBe(0);
    expect(acceptedEarly(heard({ sentAtMs: 3_999.1 }), opensAtUs)).toBe(0);
  });

  it('calls refused on time what was written after it for certain', () => {
    const late = { sentAtMs: 4_002.1, outcome: 'TOO_EARLY' };
    expect(refusedOnTime(heard(late, {}), opensAtUs)).toBe(1);
    expect(refusedOnTime(heard({ ...late, sentAtMs: 4_001.9 }, {}), opensAtUs)).toBe(0);
  });

  it('measures the first stamp from the first instant at which there may be one', () => {
    const stamps = [{ stampUs: 5_009_000 }, { stampUs: 5_001_500 }];
    expect(firstAdmissionMs(heard(...stamps), opensAtUs)).toBe(0.5);
    expect(firstAdmissionMs(heard({ outcome: 'TOO_EARLY' }), opensAtUs)).toBe(Infinity);
  });

  it('measures the last acknowledgement, not what came after', () => {
    const rows = [{ atMs: 4_500 }, { atMs: 6_000, outcome: 'CLOSED' }];
    expect(lastAcknowledgementS(heard(...rows), opensAtUs)).toBe(0.5);
  });
});

describe('the judge of refusals under load', () => {
  it('wants a reason of load and a time to come again', () => {
    const refusal = { outcome: 'RATE_LIMITED', retryAfterMs: 50 };
    expect(unexplainedOf(answersOf([{}, refusal]))).toBe(0);
    expect(unexplainedOf(answersOf([{ outcome: 'RATE_LIMITED' }]))).toBe(1);
    expect(unexplainedOf(answersOf([{ ...refusal, outcome: 'CLOSED' }]))).toBe(1);
  });
});

describe('the senders of the decree', () => {
  const shape = { applications: 392_310, connections: 20_000 };

  it('submit everything once, half of it in bulk, over as many connections', () => {
    const senders = decreeSenders(shape);
    const all = senders.flatMap((sender) => sender.applications);
    const bulk = senders.filter(({ account }) => account.startsWith('bulk'));
    expect(senders).toHaveLength(shape.connections);
    expect(new Set(all).size).toBe(shape.applications);
    expect(all).toHaveLength(shape.applications);
    expect(bulk.flatMap(({ applications }) => applications)).toHaveLength(196_155);
    expect(bulkSizes(shape)).toHaveLength(94);
  });

  it('have four connections an account at most, and something on each', () => {
    const senders = decreeSenders(shape);
    const counts = Map.groupBy(senders, ({ account }) => account);
    expect(Math.max(...Array.from(counts.values(), (some) => some.length))).toBe(4);
    const least = Math.min(...senders.map(({ applications }) => applications.length));
    expect(least).toBeGreaterThan(0);
  });

  it('stand mixed: no hundred neighbours are without a bulk sender', () => {
    const senders = decreeSenders(shape);
    for (let at = 0; at + 100 <= senders.length; at += 100) {
      const some = senders.slice(at, at + 100);
      expect(some.some(({ account }) => account.startsWith('bulk'))).toBe(true);
    }
  });
});

describe('the limit of open files', () => {
  it('takes a little off a scenario, and forbids one that would be another', () => {
    expect(connectionsWithin(20_000, 65_536)).toBe(20_000);
    expect(connectionsWithin(20_000, 20_000)).toBe(19_900);
    expect(connectionsWithin(20_000, 4_096)).toBeUndefined();
  });
});

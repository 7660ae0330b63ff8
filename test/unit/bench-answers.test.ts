/** What the load generator keeps of its answers, and how it puts several threads together. */
import { describe, expect, it } from 'vitest';
import { latenessMs, offeredPerSecond, refusalsOf } from '#bench/drivers/answer-figures.ts';
import { AnswerJournal } from '#bench/drivers/answer-journal.ts';
import { type Answers, buffersOf, emptyAnswers, mergeAnswers } from '#bench/drivers/answers.ts';
import { sharesOf, threadsDefault } from '#bench/drivers/load.ts';
import { swarmResultOf } from '#bench/drivers/swarm-result.ts';

/** Answers at these instants, numbered from 1, with these outcomes. */
function answersAt(atMs: readonly number[], outcomes: readonly string[] = []): Answers {
  const names = [...new Set(['accepted', 'duplicate', ...outcomes])];
  const answers = emptyAnswers(atMs.length, names);
  for (const [row, instant] of atMs.entries()) {
    answers.atMs[row] = instant;
    answers.sentAtMs[row] = instant - 1;
    answers.submission[row] = row;
    answers.seq[row] = row + 1;
    answers.outcome[row] = names.indexOf(outcomes[row] ?? 'accepted');
  }
  return answers;
}

describe('the journal', () => {
  it('gives back every answer in order, beyond its blocks and the number expected', () => {
    const journal = new AnswerJournal(10);
    const filler = 'x'.repeat(20_000);
    const count = 500;
    for (let at = 0; at < count; at += 1) {
      const bytes = Buffer.from(`..${at} ${filler}..`);
      journal.append(at % 7, at / 2, bytes, 2, bytes.length - 2);
    }
    const read: string[] = [];
    journal.forEach((connection, atMs, text) => {
      read.push(`${connection} ${atMs} ${text.replace(filler, '')}`);
    });
    expect(read).toEqual(Array.from({ length: count }, (_, at) => `${at % 7} ${at / 2} ${at} `));
  });
});

describe('answers of several threads', () => {
  it('are merged in the order they came', () => {
    const merged = mergeAnswers([answersAt([1, 4, 6]), answersAt([2, 3, 7]), answersAt([5])]);
    expect([...merged.atMs]).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect([...merged.seq]).toEqual([1, 1, 2, 2, 1, 3, 3]);
  });

  it('keep their codes although each thread numbers them anew', () => {
    const one = answersAt([1, 3], ['CLOSED', 'TOO_EARLY']);
    const other = answersAt([2, 4], ['TOO_EARLY', 'accepted']);
    const merged = mergeAnswers([one, other]);
    const codes = [...merged.outcome].map((outcome) => merged.outcomes[outcome]);
    expect(codes).toEqual(['CLOSED', 'TOO_EARLY', 'TOO_EARLY', 'accepted']);
    expect(refusalsOf(merged)).toEqual({ CLOSED: 1, TOO_EARLY: 2 });
  });

  it('are handed over whole', () => {
    const answers = answersAt([1]);
    const columns = Object.values(answers).filter((one) => ArrayBuffer.isView(one));
    expect(buffersOf(answers)).toHaveLength(columns.length);
  });
});

describe('what an open loop offered', () => {
  it('counts from its first write to its last, whatever was answered first', () => {
    const answers = answersAt([5, 9, 7, 11, 13]);
    expect(offeredPerSecond(answers)).toBe(500);
    expect(offeredPerSecond(answersAt([5]))).toBe(0);
  });

  it('was late by as much as a write came after its instant', () => {
    const answers = answersAt([5, 9]);
    answers.dueAtMs.set([1, 8]);
    expect(latenessMs(answers)).toEqual([3, 0]);
  });
});

describe('the shares of a plan', () => {
  const plan = {
    ...{ host: '', port: 0, path: '/', sourceAddresses: [], refs: false },
    load: { kind: 'closed', inFlight: 1, honoursRetry: true } as const,
    connections: [['a'], ['b', 'c'], ['d'], ['e']].map((applications) => ({
      passbooks: [],
      applications,
    })),
  };

  it('deal connections one by one and keep the numbers of their submissions', () => {
    const [one, other] = sharesOf({ ...plan, threads: 2 });
    expect(one?.connections.map((it) => it.applications)).toEqual([['a'], ['d']]);
    expect(one?.numbers).toEqual([0, 3]);
    expect(other?.connections.map((it) => it.applications)).toEqual([['b', 'c'], ['e']]);
    expect(other?.numbers).toEqual([1, 4]);
  });

  it('share an open rate by taking turns', () => {
    const load = { kind: 'open', perSecond: 1_000 } as const;
    const shares = sharesOf({ ...plan, load, threads: 2 });
    expect(shares.map((share) => share.load)).toEqual([
      { kind: 'open', perSecond: 500, delayMs: 0 },
      { kind: 'open', perSecond: 500, delayMs: 1 },
    ]);
  });

  it('are never more than the connections, and few on a small machine', () => {
    expect(sharesOf({ ...plan, threads: 9 })).toHaveLength(4);
    expect([1, 2, 4, 8, 64].map((cores) => threadsDefault(cores))).toEqual([1, 1, 2, 4, 4]);
  });
});

describe('the result of a closed loop', () => {
  it('leaves the warm-up out of rate and latencies, and nothing else', () => {
    const answers = answersAt([0, 900, 1_000, 1_100, 1_200, 1_300, 1_400, 1_500, 1_600, 1_700]);
    const span = { startedAtMs: 0, finishedAtMs: 1_700 };
    const told = { cpuShare: 1, failures: [], retries: 0, dateOffsetMs: Number.NaN };
    const load = { answers, connecting: span, playing: span, ...told };
    const result = swarmResultOf(load, 'abcdefghij'.split(''));
    expect(result.acknowledgements).toHaveLength(10);
    expect(result.latenciesMs).toEqual([1, 1, 1, 1, 1, 1, 1, 1]);
    expect(result.ratePerSecond).toBe(10);
    expect(result.elapsedMs).toBe(1_700);
    expect(result.acknowledgements[9]?.application).toBe('j');
  });
});

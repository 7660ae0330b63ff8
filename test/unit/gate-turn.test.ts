/** Turns: one frame a turn, one lane after the other, whoever sends more waits longer. */
import { describe, expect, it } from 'vitest';
import { Lane } from '#engine/gate/lane.ts';
import { createTurns, type Turns } from '#engine/gate/turn.ts';
import { limits } from '#engine/limits.ts';
import { submissionOf } from '#test/support/gate-submissions.ts';

const IN_FLIGHT = limits.inFlightPerConnection;

function enqueue(turns: Turns, lane: Lane, ...applications: string[]) {
  for (const application of applications) turns.enqueue(submissionOf(application, { lane }));
}

function dealt(turns: Turns): string[] {
  const order: string[] = [];
  turns.deal((submission) => void order.push(submission.application));
  return order;
}

const named = (name: string, count: number) =>
  Array.from({ length: count }, (_, at) => `${name}${at + 1}`);

describe('turns', () => {
  it('are dealt one frame a lane, round after round', () => {
    const turns = createTurns();
    const [a, b, c] = [new Lane(), new Lane(), new Lane()];
    enqueue(turns, a, 'a1', 'a2', 'a3');
    enqueue(turns, b, 'b1');
    enqueue(turns, c, 'c1', 'c2');
    expect(turns.waiting()).toBe(6);
    const order = dealt(turns);
    expect(order.slice(0, 3).toSorted()).toEqual(['a1', 'b1', 'c1']);
    expect(order.slice(3, 5).toSorted()).toEqual(['a2', 'c2']);
    expect(order[5]).toBe('a3');
    expect(turns.waiting()).toBe(0);
  });

  it('do not depend on who was read first, only on who waits', () => {
    const first = new Map<string, number>();
    const turns = createTurns();
    for (let pass = 0; pass < 300; pass += 1) {
      const lanes = ['a', 'b', 'c'].map((name) => ({ name, lane: new Lane() }));
      for (const { name, lane } of lanes) enqueue(turns, lane, name);
      const [winner] = dealt(turns) as [string];
      first.set(winner, (first.get(winner) ?? 0) + 1);
    }
    expect(Object.fromEntries(first)).toEqual({ a: 100, b: 100, c: 100 });
  });

  it('keep a lane’s own order', () => {
    const turns = createTurns();
    const lane = new Lane();
    enqueue(turns, lane, ...named('a', 5));
    expect(dealt(turns)).toEqual(named('a', 5));
  });

  it('end at the in-flight limit and go on as slots are given back', () => {
    const turns = createTurns();
    const lane = new Lane();
    enqueue(turns, lane, ...named('a', IN_FLIGHT + 3));
    expect(dealt(turns)).toEqual(named('a', IN_FLIGHT));
    expect(dealt(turns)).toEqual([]);
    turns.release(lane);
    turns.release(lane);
    expect(dealt(turns)).toEqual([`a${IN_FLIGHT + 1}`, `a${IN_FLIGHT + 2}`]);
    expect(lane.inFlight).toBe(IN_FLIGHT);
    expect(turns.waiting()).toBe(1);
  });

  it('go on within one deal when a turn is answered at once', () => {
    const turns = createTurns();
    const [a, b] = [new Lane(), new Lane()];
    enqueue(turns, a, ...named('a', 30));
    enqueue(turns, b, ...named('b', 30));
    const order: string[] = [];
    turns.deal(({ application, lane }) => {
      order.push(application);
      turns.release(lane);
    });
    expect(order).toHaveLength(60);
    expect(longestRun(order)).toBe(1);
    expect([a.inFlight, b.inFlight]).toEqual([0, 0]);
  });

  it('refuse what comes when too many wait, and take again as they get their turn', () => {
    const turns = createTurns();
    const lane = new Lane();
    const max = limits.waitingPerConnectionMax;
    enqueue(turns, lane, ...named('a', max));
    expect(turns.enqueue(submissionOf('late', { lane }))).toBe(false);
    expect(turns.enqueue(submissionOf('other'))).toBe(true);
    expect(turns.waiting()).toBe(max + 1);
    dealt(turns);
    expect(turns.enqueue(submissionOf('again', { lane }))).toBe(true);
  });

  it('share the room when too many wait in all, and refuse nobody within his in-flight limit', () => {
    const turns = createTurns();
    const bulks = Array.from({ length: limits.waitingMax / 1024 }, () => new Lane());
    for (const [at, lane] of bulks.entries()) enqueue(turns, lane, ...named(`b${at}-`, 1024));
    expect(turns.waiting()).toBe(limits.waitingMax);
    const single = new Lane();
    const within = named('s', IN_FLIGHT).map((name) => submissionOf(name, { lane: single }));
    expect(within.every((one) => turns.enqueue(one))).toBe(true);
    const [bulk] = bulks as [Lane];
    for (let taken = 0; taken < 100; taken += 1) bulk.shift();
    expect(turns.enqueue(submissionOf('late', { lane: bulk }))).toBe(true);
    const share = Math.floor(limits.waitingMax / (bulks.length + 1));
    while (bulk.waiting < share) enqueue(turns, bulk, 'more');
    enqueue(turns, bulk, 'more', 'more');
    expect(bulk.waiting).toBeLessThanOrEqual(share + 1);
    expect(turns.enqueue(submissionOf('too-late', { lane: bulk }))).toBe(false);
  });

  it('forget what a lane that is gone had waiting, and only that', () => {
    const turns = createTurns();
    const [gone, other] = [new Lane(), new Lane()];
    enqueue(turns, gone, ...named('g', 20));
    enqueue(turns, other, ...named('o', 20));
    expect(dealt(turns)).toHaveLength(2 * IN_FLIGHT);
    turns.drop(gone);
    expect(turns.waiting()).toBe(20 - IN_FLIGHT);
    for (let slot = 0; slot < IN_FLIGHT; slot += 1) {
      turns.release(gone);
      turns.release(other);
    }
    expect(dealt(turns)).toEqual(named('o', 20).slice(IN_FLIGHT, 2 * IN_FLIGHT));
    expect(gone.inFlight).toBe(0);
  });

  it('skip a lane that is dropped before its listed turn', () => {
    const turns = createTurns();
    const [gone, other] = [new Lane(), new Lane()];
    enqueue(turns, gone, 'g1');
    enqueue(turns, other, 'o1');
    turns.drop(gone);
    expect(dealt(turns)).toEqual(['o1']);
    expect(turns.waiting()).toBe(0);
  });
});

describe('a sender with 1,000 frames among 100 with one', () => {
  /** All frames read in one pass, the big sender's first; commits free slots between deals. */
  function played(): string[] {
    const turns = createTurns();
    const big = new Lane();
    enqueue(turns, big, ...named('big', 1_000));
    const small = named('small', 100).map((name) => ({ name, lane: new Lane() }));
    for (const { name, lane } of small) enqueue(turns, lane, name);
    const order: string[] = [];
    while (turns.waiting() > 0) {
      const lanes: Lane[] = [];
      turns.deal((submission) => {
        order.push(submission.application);
        lanes.push(submission.lane);
      });
      for (const lane of lanes) turns.release(lane);
    }
    return order;
  }

  it('gets one place in the first round, and at most one a round after', () => {
    const order = played();
    expect(order).toHaveLength(1_100);
    const share = order.slice(0, 101).filter((name) => name.startsWith('big'));
    expect(share).toEqual(['big1']);
  });

  it('passes nobody: everyone with one frame is in before its second', () => {
    const order = played();
    const last = Math.max(...named('small', 100).map((name) => order.indexOf(name)));
    expect(order.indexOf('big2')).toBeGreaterThan(last);
    expect(longestRun(order.slice(0, 101))).toBe(1);
  });

  it('would take the first thousand places by order of arrival: the checks see that', () => {
    const arrival = [...named('big', 1_000), ...named('small', 100)];
    expect(longestRun(arrival)).toBe(1_000);
    expect(arrival.slice(0, 101).every((name) => name.startsWith('big'))).toBe(true);
  });
});

/** The longest row of frames from one sender. */
function longestRun(order: readonly string[]): number {
  let longest = 0;
  let run = 0;
  order.forEach((name, at) => {
    const isSame = at > 0 && sender(order[at - 1]!) === sender(name);
    run = isSame ? run + 1 : 1;
    longest = Math.max(longest, run);
  });
  return longest;
}

/** Singles are senders of their own. */
function sender(name: string): string {
  return name.startsWith('small') ? name : name.replace(/\d+$/, '');
}

/**
 * The click day that is played to a client, on manual time: a sound client keeps to every rule, and
 * one that breaks a rule is found out by it.
 */
import { describe, expect, it } from 'vitest';
import { manualClock, manualTimers } from '#engine/clock/index.ts';
import { CLIENT_RULES, createFakeDay, judgeClient } from '#engine/conformance/index.ts';
import { usFromIso } from '#protocol/time.ts';
import { fakePassbook } from '#test/support/fake-gate.ts';

const APPLICATIONS = Array.from({ length: 12 }, (_, at) => `application-${at}`);
const START_US = 1_700_000_000_000_000;
const STEP_MS = 10;
const OPENS_IN_MS = 5_000;
const PLAY_STEPS = 4_000;

type Fault = (typeof CLIENT_RULES)[number] | 'none';
type Frame = Record<string, unknown> & { type: string };

/** A client in a few lines that does everything right but one thing. */
function play(fault: Fault) {
  const clock = manualClock({ nowUs: START_US });
  const timers = manualTimers(clock);
  const day = createFakeDay({ clock, timers, opensInMs: OPENS_IN_MS });
  let due = new Map(APPLICATIONS.map((id) => [id, 0]));
  const inFlight = new Set<string>();
  const hand = { opensAtUs: Number.POSITIVE_INFINITY, limit: 1, awayUntilUs: 0, hasLeft: false };
  let line: ReturnType<typeof day.connect> | undefined;

  const lose = (byUs: number) => {
    line?.ended();
    line = undefined;
    hand.awayUntilUs = day.nowUs() + byUs;
    for (const id of inFlight) if (fault !== 'lost-answer') due.set(id, 0);
    inFlight.clear();
  };
  const hear = (frame: Frame) => {
    if (frame.type === 'welcome') hand.limit = Number(frame.inFlightLimit);
    const isCalendar = frame.type === 'calendar' && fault !== 'never-early';
    if (frame.type === 'welcome' || isCalendar) {
      const [first] = frame.clickDays as { opensAt: string }[];
      hand.opensAtUs = usFromIso(first!.opensAt);
    }
    if (frame.type === 'news' && fault === 'unknown-frames') {
      hand.hasLeft = true;
      lose(0);
    }
    if (frame.type === 'accepted') inFlight.delete(String(frame.application));
    if (frame.type === 'rejected') refused(frame);
  };
  const refused = ({ application, retryAfterMs }: Frame) => {
    const id = String(application);
    inFlight.delete(id);
    if (fault === 'complete') due.clear();
    else if (typeof retryAfterMs === 'number') {
      const againAtUs = fault === 'retry-after' ? 0 : day.nowUs() + retryAfterMs * 1_000;
      due = new Map([[id, againAtUs], ...due]);
    } else if (fault === 'refused-for-good') due.set(id, 0);
  };
  const connect = () => {
    line = day.connect({
      send: (frame) => hear(frame as Frame),
      close: () => lose(fault === 'comes-back' ? 16_000_000 : 500_000),
      cut: () => lose(500_000),
    });
    const passbooks = [fakePassbook(APPLICATIONS, '2011-01-31')];
    if (fault === 'hello-first') line.receive('{"type":"submit","application":"application-1"}');
    line.receive(JSON.stringify({ type: 'hello', passbooks, client: 'test/1' }));
  };
  const submit = () => {
    const lateUs = fault === 'starts' ? 11_000_000 : 0;
    if (day.nowUs() - 2_000 < hand.opensAtUs + lateUs) return;
    for (const [id, atUs] of due) {
      if (inFlight.size >= (fault === 'in-flight' ? 9 : hand.limit) || line === undefined) return;
      if (atUs > day.nowUs()) continue;
      due.delete(id);
      inFlight.add(id);
      line.receive(JSON.stringify({ type: 'submit', application: id }));
    }
  };
  for (let step = 0; step < PLAY_STEPS; step += 1) {
    if (line === undefined && !hand.hasLeft && day.nowUs() >= hand.awayUntilUs) connect();
    if (line !== undefined) submit();
    timers.advance(STEP_MS);
  }
  return judgeClient(day.seen);
}

describe('the click day that is played to a client', () => {
  it('finds nothing wrong with a sound client, and comes to every rule', () => {
    expect(play('none').filter(({ ok }) => ok !== true)).toEqual([]);
  });

  it.each(CLIENT_RULES)('finds out a client that breaks the rule %s', (fault) => {
    const wrong = play(fault).filter(({ ok }) => ok === false);
    expect(wrong.map(({ check }) => check)).toContain(fault);
  });

  it('says that nobody came', () => {
    const clock = manualClock({ nowUs: START_US });
    const day = createFakeDay({ clock, timers: manualTimers(clock), opensInMs: 0 });
    const wrong = judgeClient(day.seen).filter(({ ok }) => ok === false);
    expect(wrong.map(({ check }) => check)).toEqual(['hello-first', 'starts', 'complete']);
  });
});

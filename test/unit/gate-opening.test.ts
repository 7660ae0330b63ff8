/** The opening: never early, not by lying in a buffer either, and at once when it is certain. */
import { describe, expect, it } from 'vitest';
import type { ClickDayWindow } from '#engine/calendar/index.ts';
import { manualClock, manualTimers } from '#engine/clock/index.ts';
import { type AdmissionCode, admission } from '#engine/gate/admission.ts';
import { createOpenings, type Openings } from '#engine/gate/opening.ts';
import { DAY, SECOND_US } from '#test/support/gate-papers.ts';
import { OPENING_US } from '#test/support/register-entries.ts';

const HOUR_MS = 3_600_000;
const CLOSING_US = OPENING_US + HOUR_MS * 1000;

function windowOf(change: Partial<ClickDayWindow> = {}): ClickDayWindow {
  return { id: DAY, opensAtUs: OPENING_US, closesAtUs: CLOSING_US, suspended: false, ...change };
}

function stage(options: { inMs: number; uncertaintyUs?: number; connections?: number }) {
  const { inMs, uncertaintyUs = 0, connections = 0 } = options;
  const clock = manualClock({ nowUs: OPENING_US - inMs * 1000, uncertaintyUs });
  const timers = manualTimers(clock);
  const approached: number[] = [];
  const opened: { id: string; nowUs: number }[] = [];
  const openings = createOpenings({
    clock,
    timers,
    connections: () => connections,
    onApproach: (day) => approached.push(day.opensAtUs),
    onOpen: (day) => opened.push({ id: day.id, nowUs: clock.nowUs() }),
  });
  openings.setCalendar([windowOf()]);
  const door = () => openings.atDoor(DAY);
  return { clock, timers, openings, approached, opened, door };
}

describe('the door', () => {
  it('stays shut until the clock minus its uncertainty has reached the opening', () => {
    const { clock, timers, door } = stage({ inMs: 10_000, uncertaintyUs: 700 });
    timers.advance(10_000);
    for (let pass = 0; pass < 5; pass += 1) timers.runImmediates();
    expect(door()).toBe('TOO_EARLY');
    clock.advance(699);
    for (let pass = 0; pass < 5; pass += 1) timers.runImmediates();
    expect(door()).toBe('TOO_EARLY');
    clock.advance(1);
    timers.runImmediates();
    expect(door()).toBe('TOO_EARLY');
    timers.runImmediates();
    expect(door()).toBe('ACCEPT');
  });

  it('is open within three passes of the event loop after the instant, however far it was', () => {
    const { timers, clock, door, opened } = stage({ inMs: 24 * HOUR_MS });
    timers.advance(24 * HOUR_MS - 1);
    expect(door()).toBe('TOO_EARLY');
    clock.advance(1000);
    for (let pass = 0; pass < 3; pass += 1) timers.runImmediates();
    expect(door()).toBe('ACCEPT');
    expect(opened).toEqual([{ id: DAY, nowUs: OPENING_US }]);
  });

  it('looks at the clock in every pass of the last milliseconds and not before', () => {
    const { timers } = stage({ inMs: 10 });
    expect(timers.runImmediates()).toBe(0);
    timers.advance(6);
    expect(timers.runImmediates()).toBe(0);
    timers.advance(1);
    expect(timers.runImmediates()).toBe(1);
    expect(timers.runImmediates()).toBe(1);
  });

  it('shuts again at the close, to the microsecond', () => {
    const { clock, timers, door } = opened();
    clock.set({ nowUs: CLOSING_US - 1 });
    expect(door()).toBe('ACCEPT');
    clock.set({ nowUs: CLOSING_US });
    expect(door()).toBe('CLOSED');
    expect(timers.pending()).toBe(0);
  });

  it('is shut for a day that is not in the calendar', () => {
    expect(opened().openings.atDoor('2012-01-31')).toBe('WRONG_CLICK_DAY');
  });

  it('is SUSPENDED while it is, before the opening too, and opens without a second drain', () => {
    const { openings, timers, door } = opened();
    openings.setCalendar([windowOf({ suspended: true })]);
    expect(door()).toBe('SUSPENDED');
    openings.setCalendar([windowOf()]);
    expect(timers.runImmediates()).toBe(0);
    expect(door()).toBe('ACCEPT');
  });

  it('opens a day that opened while the gate was away, after one pass', () => {
    const { timers, door } = stage({ inMs: -1_000 });
    expect(door()).toBe('TOO_EARLY');
    timers.runImmediates();
    expect(door()).toBe('ACCEPT');
  });

  it('opens each of several days at its own instant', () => {
    const { openings, timers, opened: days } = stage({ inMs: 1_000 });
    const later = windowOf({ id: 'later', opensAtUs: OPENING_US + 5 * SECOND_US });
    openings.setCalendar([later, windowOf()]);
    passing(timers, 2_000);
    expect(openings.atDoor(DAY)).toBe('ACCEPT');
    expect(openings.atDoor('later')).toBe('TOO_EARLY');
    passing(timers, 5_000);
    expect(days.map(({ id }) => id)).toEqual([DAY, 'later']);
    expect(openings.atDoor('later')).toBe('ACCEPT');
  });
});

describe('a clock in doubt by an hour', () => {
  const doubted = { uncertaintyUs: 3_600 * SECOND_US };

  it('sends nobody away for longer than 5 s once it may be time', () => {
    const { openings } = stage({ inMs: 10_000, ...doubted });
    expect(openings.retryAfterMs(windowOf())).toBe(5_000);
  });

  it('sends away until it may be time, and 5 s', () => {
    const { openings } = stage({ inMs: 2 * HOUR_MS, ...doubted });
    expect(openings.retryAfterMs(windowOf())).toBe(HOUR_MS + 5_000);
  });

  it('opens within a second once the doubt has ended', () => {
    const { clock, timers, door } = stage({ inMs: -2_000, ...doubted });
    passing(timers, 10_000);
    expect(door()).toBe('TOO_EARLY');
    clock.set({ uncertaintyUs: 0 });
    passing(timers, 1_010);
    expect(door()).toBe('ACCEPT');
  });
});

/** A stage whose day has opened. */
function opened() {
  const made = stage({ inMs: 0 });
  made.timers.runImmediates();
  expect(made.door()).toBe('ACCEPT');
  return made;
}

/** Lets time pass a millisecond at a time, with a pass of the event loop after each. */
function passing(timers: ReturnType<typeof manualTimers>, ms: number) {
  for (let at = 0; at < ms; at += 1) {
    timers.advance(1);
    timers.runImmediates();
  }
}

/**
 * The check: what does a frame hear that was sent before the opening, but is read in the first pass
 * after it?
 */
function heardByFrameInTheBuffer(
  make: (parts: ReturnType<typeof stage>) => Pick<Openings, 'atDoor'>,
): AdmissionCode {
  const parts = stage({ inMs: 2 });
  const openings = make(parts);
  parts.timers.runImmediates();
  parts.clock.advance(2_000);
  parts.timers.runImmediates();
  return openings.atDoor(DAY);
}

describe('a frame that lay in a buffer at the opening', () => {
  it('is refused, and may try again at once', () => {
    expect(heardByFrameInTheBuffer(({ openings }) => openings)).toBe('TOO_EARLY');
    const { clock, openings } = stage({ inMs: 2 });
    expect(openings.retryAfterMs(windowOf())).toBe(2);
    clock.advance(1_001);
    expect(openings.retryAfterMs(windowOf())).toBe(1);
    clock.advance(999);
    expect(openings.retryAfterMs(windowOf())).toBe(0);
  });

  it('would be let in by an opening that does not drain: the check sees that', () => {
    const heard = heardByFrameInTheBuffer(({ clock }) => ({
      atDoor: () => admission(windowOf(), clock.nowUs(), 0),
    }));
    expect(heard).toBe('ACCEPT');
  });

  it('is refused in every pass that it takes to read all sockets', () => {
    const counts = [0, 49_151, 49_152, 98_303, 98_304];
    const passes = counts.map((connections) => {
      const { timers, door } = stage({ inMs: 0, connections });
      let count = 0;
      for (; door() === 'TOO_EARLY'; count += 1) timers.runImmediates();
      return count;
    });
    expect(passes).toEqual([1, 1, 2, 2, 3]);
  });
});

describe('an opening that is near', () => {
  it('is so by the clock, from three milliseconds before until it has drained', () => {
    const { clock, timers, openings, door } = stage({ inMs: 10, uncertaintyUs: 700 });
    clock.advance(7_699);
    expect(openings.isNear()).toBe(false);
    clock.advance(1);
    expect(openings.isNear()).toBe(true);
    timers.advance(8);
    expect([door(), openings.isNear()]).toEqual(['TOO_EARLY', true]);
    timers.runImmediates();
    expect([door(), openings.isNear()]).toEqual(['ACCEPT', false]);
  });

  it('is so no more when it is put off, nor on a gate that stops', () => {
    const { clock, openings } = stage({ inMs: 1 });
    expect(openings.isNear()).toBe(true);
    openings.setCalendar([windowOf({ opensAtUs: OPENING_US + SECOND_US })]);
    expect(openings.isNear()).toBe(false);
    clock.advance(SECOND_US);
    expect(openings.isNear()).toBe(true);
    openings.stop();
    expect(openings.isNear()).toBe(false);
  });
});

describe('a calendar that changes', () => {
  it('moved forward opens later, moved back opens earlier, each after its pass', () => {
    const { openings, timers, door } = stage({ inMs: 1_000 });
    openings.setCalendar([windowOf({ opensAtUs: OPENING_US + SECOND_US })]);
    passing(timers, 1_500);
    expect(door()).toBe('TOO_EARLY');
    openings.setCalendar([windowOf({ opensAtUs: OPENING_US + 600_000 })]);
    passing(timers, 110);
    expect(door()).toBe('ACCEPT');
  });

  it('shuts an open day whose opening was moved to later, and drains again there', () => {
    const { openings, timers, door } = opened();
    openings.setCalendar([windowOf({ opensAtUs: OPENING_US + SECOND_US })]);
    expect(door()).toBe('TOO_EARLY');
    timers.advance(997);
    timers.advance(3);
    expect(door()).toBe('TOO_EARLY');
    for (let pass = 0; pass < 2; pass += 1) timers.runImmediates();
    expect(door()).toBe('ACCEPT');
  });

  it('forgets a day that was taken out, and drains when it comes back', () => {
    const { openings, timers, door } = opened();
    openings.setCalendar([]);
    expect(door()).toBe('WRONG_CLICK_DAY');
    openings.setCalendar([windowOf()]);
    expect(door()).toBe('TOO_EARLY');
    timers.runImmediates();
    expect(door()).toBe('ACCEPT');
  });

  it('read in the middle of the draining pass does not cut it short', () => {
    const { openings, timers, door } = stage({ inMs: 0 });
    openings.setCalendar([windowOf()]);
    expect(door()).toBe('TOO_EARLY');
    expect(timers.runImmediates()).toBe(1);
    expect(door()).toBe('ACCEPT');
  });

  it('says a minute before each opening that it is near, once an instant', () => {
    const { openings, timers, approached } = stage({ inMs: 120_000 });
    timers.advance(59_000);
    expect(approached).toEqual([]);
    timers.advance(2_000);
    expect(approached).toEqual([OPENING_US]);
    const later = OPENING_US + 90 * SECOND_US;
    openings.setCalendar([windowOf({ opensAtUs: later })]);
    timers.advance(100_000);
    expect(approached).toEqual([OPENING_US, later]);
  });

  it('leaves no timer behind when the gate stops', () => {
    const { openings, timers } = stage({ inMs: 120_000 });
    openings.stop();
    expect(timers.pending()).toBe(0);
  });
});

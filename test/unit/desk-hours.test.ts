/** The desk's hours: working time by the Roman clock, and the clocks of a ticket that run in it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hoursProblems } from '#engine/portal/helpdesk-tools/hours/check.ts';
import {
  duesOf,
  type Passage,
  stopsOf,
  type Targets,
} from '#engine/portal/helpdesk-tools/hours/clocks.ts';
import { dayFromIso, dayOf, romeDay } from '#engine/portal/helpdesk-tools/hours/rome-days.ts';
import { HOURS_DEFAULT } from '#engine/portal/helpdesk-tools/hours/service.ts';
import { createWorkingTime } from '#engine/portal/helpdesk-tools/hours/working-time.ts';
import type { DeskHours } from '#protocol/desk-tools-api.ts';
import { isoFromUs, usFromIso } from '#protocol/time.ts';

const us = (iso: string) => usFromIso(`${iso}:00.000000Z`);
const MINUTE_US = 60_000_000;
const HOUR_US = 60 * MINUTE_US;
const DAY = [{ from: '08:00', until: '18:00' }];
const NIGHTS: DeskHours['week'] = Array(7).fill([{ from: '00:00', until: '24:00' }]);
const working = (week: DeskHours['week'], extra: DeskHours['extra'] = []) =>
  createWorkingTime({ week, extra });
const office = working(HOURS_DEFAULT.week);
const hour = (value: number | null) => (value === null ? null : isoFromUs(value).slice(0, 16));

/** Another way to the same answer: every minute looked at by itself, by the Roman clock. */
const wall = new Intl.DateTimeFormat('sv-SE', {
  ...{ timeZone: 'Europe/Rome', dateStyle: 'short', timeStyle: 'short' },
});
function isWorked({ week, extra }: Pick<DeskHours, 'week' | 'extra'>, atUs: number): boolean {
  const [day = '', time = ''] = wall.format(new Date(atUs / 1000)).split(' ');
  const weekday = (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7;
  const spans = extra.find((each) => each.day === day)?.spans ?? week[weekday] ?? [];
  return spans.some(({ from, until }) => from <= time && time < until);
}

describe('a day of Rome', () => {
  it('lasts 23 hours in spring, 25 in autumn, else 24', () => {
    const lasts = (iso: string) => {
      const { fromUs, untilUs } = romeDay(dayFromIso(iso));
      return (untilUs - fromUs) / HOUR_US;
    };
    expect(['2011-03-27', '2011-10-30', '2011-01-31', '2026-03-29'].map(lasts)).toEqual([
      23, 25, 24, 23,
    ]);
  });

  it('puts a time that is left out at the jump, and takes one that comes twice the first time', () => {
    const spring = romeDay(dayFromIso('2011-03-27'));
    const autumn = romeDay(dayFromIso('2011-10-30'));
    expect([90, 150, 180].map((minute) => hour(spring.at(minute)))).toEqual([
      '2011-03-27T00:30',
      '2011-03-27T01:00',
      '2011-03-27T01:00',
    ]);
    expect([150, 180].map((minute) => hour(autumn.at(minute)))).toEqual([
      '2011-10-30T00:30',
      '2011-10-30T02:00',
    ]);
  });

  it('begins at midnight there, not here', () => {
    expect(dayOf(us('2011-07-01T22:00'))).toBe(dayFromIso('2011-07-02'));
    expect(dayOf(us('2011-01-31T22:59'))).toBe(dayFromIso('2011-01-31'));
  });

  it('is none when the calendar has no such day', () => {
    expect([dayFromIso('2011-02-29'), dayFromIso('2011-13-01')]).toEqual([Number.NaN, Number.NaN]);
  });
});

describe('working time', () => {
  it('goes on where it stopped: over the night, the weekend, a holiday', () => {
    const easter = working(HOURS_DEFAULT.week, [{ day: '2011-04-25', spans: [] }]);
    // Friday 22 April, 17:00 in Rome; 4 hours later it is Tuesday 11:00.
    expect(hour(easter.after(us('2011-04-22T15:00'), 4 * HOUR_US))).toBe('2011-04-26T09:00');
    expect(hour(office.after(us('2011-04-22T15:00'), HOUR_US))).toBe('2011-04-22T16:00');
  });

  it('counts a night in which the clock is changed for what it lasts', () => {
    const always = working(NIGHTS);
    const of = (from: string, until: string) => always.between(us(from), us(until)) / HOUR_US;
    expect(of('2011-03-26T23:00', '2011-03-27T22:00')).toBe(23);
    expect(of('2011-10-29T22:00', '2011-10-30T23:00')).toBe(25);
  });

  it('opens a single day: a click day on a Sunday', () => {
    const time = working(HOURS_DEFAULT.week, [{ day: '2011-02-06', spans: DAY }]);
    expect([office, time].map((each) => each.isOpen(us('2011-02-06T09:00')))).toEqual([
      false,
      true,
    ]);
  });

  it('says when it changes next, across midnight and the end of a year', () => {
    expect(hour(office.changesAt(us('2010-12-31T18:00')))).toBe('2011-01-03T07:00');
    expect(hour(office.changesAt(us('2011-01-03T07:00')))).toBe('2011-01-03T17:00');
    expect(working(NIGHTS).changesAt(us('2011-01-03T07:00'))).toBeNull();
    const closed = Array(7).fill([]);
    expect(working(closed).changesAt(us('2011-01-03T07:00'))).toBeNull();
    expect(working(closed).after(us('2011-01-03T07:00'), 1)).toBeNull();
    const overnight = [...NIGHTS.slice(0, 2), ...Array(5).fill([])];
    expect(hour(working(overnight).changesAt(us('2011-01-03T07:00')))).toBe('2011-01-04T23:00');
  });

  const edges = fc.constantFrom(0, 120, 180, 1440);
  const minutes = fc.uniqueArray(fc.oneof(fc.integer({ min: 0, max: 1440 }), edges), {
    ...{ minLength: 0, maxLength: 6 },
  });
  const time = (minute: number) =>
    `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
  const spans = minutes.map((list) => {
    const sorted = list.toSorted((one, other) => one - other);
    return Array.from({ length: Math.floor(sorted.length / 2) }, (_, at) => ({
      from: time(sorted[2 * at]!),
      until: time(sorted[2 * at + 1]!),
    }));
  });
  const hours = fc.record({
    week: fc.array(spans, { minLength: 7, maxLength: 7 }),
    extra: fc
      .uniqueArray(fc.integer({ min: -4, max: 4 }), { maxLength: 3 })
      .chain((days) => fc.tuple(...days.map((day) => fc.record({ day: fc.constant(day), spans })))),
  });
  /** Around the days on which the clock is changed, a new year, and a usual week. */
  const middles = ['2011-03-27', '2011-10-30', '2012-01-01', '2011-06-15', '2026-03-29'];
  const moment = fc.record({
    middle: fc.constantFrom(...middles),
    from: fc.integer({ min: -2880, max: 2880 }),
    length: fc.integer({ min: 0, max: 2880 }),
  });

  it('is what every minute looked at by itself adds up to', () => {
    fc.assert(
      fc.property(hours, moment, ({ week, extra }, { middle, from, length }) => {
        const day = dayFromIso(middle);
        const named = extra.map((each) => ({
          day: isoFromUs((day + each.day) * 24 * HOUR_US).slice(0, 10),
          spans: each.spans,
        }));
        const time = working(week, named);
        const fromUs = day * 24 * HOUR_US + from * MINUTE_US;
        const untilUs = fromUs + length * MINUTE_US;
        // Times of the autumn hour that come twice are told apart by no clock on a wall.
        fc.pre(middle !== '2011-10-30' || !usesTwice([...week, ...named.map((n) => n.spans)]));
        let count = 0;
        for (let at = fromUs; at < untilUs; at += MINUTE_US) {
          const isOpen = isWorked({ week, extra: named }, at);
          if (isOpen !== time.isOpen(at)) return false;
          if (isOpen) count += 1;
        }
        return time.between(fromUs, untilUs) === count * MINUTE_US;
      }),
      { numRuns: 60, seed: 20110131 },
    );
  });

  it('reaches with `after` what `between` counts, and leaves with `before`', () => {
    const workUs = fc.integer({ min: 1, max: 200 * 60 }).map((minutes) => minutes * MINUTE_US);
    fc.assert(
      fc.property(hours, moment, workUs, ({ week }, { middle, from }, workUs) => {
        const time = working(week);
        const fromUs = dayFromIso(middle) * 24 * HOUR_US + from * MINUTE_US;
        const reachedUs = time.after(fromUs, workUs);
        if (reachedUs === null) return true;
        const startUs = time.before(reachedUs, workUs) ?? 0;
        const isFirst = time.between(fromUs, reachedUs - 1) < workUs;
        const isLast = time.between(startUs + 1, reachedUs) < workUs;
        return (
          time.between(fromUs, reachedUs) === workUs &&
          time.between(startUs, reachedUs) === workUs &&
          startUs >= fromUs &&
          isFirst &&
          isLast
        );
      }),
      { numRuns: 300, seed: 20110202 },
    );
  });
});

function usesTwice(days: readonly (readonly { from: string; until: string }[])[]): boolean {
  const isIn = (time: string) => time > '02:00' && time < '03:00';
  return days.flat().some(({ from, until }) => isIn(from) || isIn(until));
}

describe('the clocks of a ticket', () => {
  const targets: Targets = HOURS_DEFAULT;
  const created = us('2011-01-17T09:00'); // a Monday, 10:00 in Rome
  const ticket = { id: 'T', kind: 'technical', status: 'analysis', created_at_us: created };
  const dues = (passages: readonly Passage[]) => {
    const both = duesOf(office, targets, { ticket, stops: stopsOf(passages) });
    return [hour(both.first_response_due_us), hour(both.solution_due_us)];
  };
  const passage = (at: string, from: string, to: string) => ({ atUs: us(at), from, to });

  it('fall due after their working minutes', () => {
    expect(dues([])).toEqual(['2011-01-17T13:00', '2011-01-19T09:00']);
  });

  it('stand still while the user is waited for, the first response excepted', () => {
    const asked = passage('2011-01-17T10:00', 'analysis', 'waiting');
    const given = passage('2011-01-18T10:00', 'waiting', 'analysis');
    expect(dues([asked, given])).toEqual(['2011-01-17T13:00', '2011-01-20T09:00']);
    expect(dues([asked])).toEqual(['2011-01-17T13:00', '2011-01-19T09:00']);
  });

  it('go on with what was left when an answered or closed one comes back', () => {
    const way = [
      passage('2011-01-17T10:00', 'analysis', 'answered'),
      passage('2011-01-18T10:00', 'answered', 'closed'),
      passage('2011-01-21T10:00', 'closed', 'in-charge'),
    ];
    // One hour of twenty had run: nineteen are left from Friday 11:00.
    expect(dues(way)[1]).toBe('2011-01-25T09:00');
  });

  it('leave a promise broken that was broken before the stop', () => {
    const way = [
      passage('2011-01-20T10:00', 'analysis', 'waiting'),
      passage('2011-01-21T10:00', 'waiting', 'analysis'),
    ];
    expect(dues(way)[1]).toBe('2011-01-19T09:00');
  });

  it('have the whole target run between creation and due, whatever the stops', () => {
    const gaps = fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(gaps, (list) => {
        let atUs = created;
        const passages = list.map((minutes, at) => {
          atUs += minutes * MINUTE_US;
          const states = ['analysis', 'waiting'] as const;
          return { atUs, from: states[at % 2]!, to: states[(at + 1) % 2]! };
        });
        const stops = stopsOf(passages).filter((stop) => Number.isFinite(stop.untilUs));
        const { solution_due_us: dueUs } = duesOf(office, targets, { ticket, stops });
        const ran = office.between(created, dueUs!);
        const stood = stops
          .filter((stop) => stop.fromUs < dueUs!)
          .reduce((sum, stop) => sum + office.between(stop.fromUs, stop.untilUs), 0);
        return ran - stood === 1200 * MINUTE_US;
      }),
      { numRuns: 200, seed: 20110203 },
    );
  });
});

describe('hours that are written', () => {
  const problems = (more: Partial<DeskHours>) =>
    hoursProblems({ ...HOURS_DEFAULT, ...more }).map(({ field, code }) => `${field} ${code}`);

  it('are kept when they are right', () => {
    expect(problems({})).toEqual([]);
  });

  it('are refused with what is wrong and where', () => {
    const overlap = [
      { from: '08:00', until: '13:00' },
      { from: '12:00', until: '18:00' },
    ];
    const week = [overlap, [{ from: '18:00', until: '08:00' }], ...Array(5).fill([])];
    expect(problems({ week })).toEqual(['week.0 HOURS_SPAN', 'week.1 HOURS_SPAN']);
    const day = { day: '2011-02-30', spans: [] };
    const twice = { day: '2011-02-06', spans: [] };
    expect(problems({ extra: [day, twice, twice] })).toEqual([
      'extra.0.day HOURS_DAY',
      'extra.2.day HOURS_DAY',
    ]);
    const { legal: _legal, ...two } = HOURS_DEFAULT.targets;
    expect(problems({ targets: two })).toContain('targets.legal HOURS_TARGETS');
  });
});

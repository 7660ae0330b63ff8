/** The pure parts of the operators' pages: clocks, placeholders, hours, numbers read out, plots. */
import { describe, expect, it } from 'vitest';
import type { Canned } from '#protocol/desk-tools-api.ts';
import {
  cannedFor,
  fillPlaceholders,
  openPlaceholders,
} from '../../admin-ui/src/features/desk/canned.ts';
import {
  ageText,
  clockView,
  isBurning,
  nextClock,
} from '../../admin-ui/src/features/desk/clocks.ts';
import { axisTop, flowSeries, stepOf } from '../../admin-ui/src/features/desk/flow-series.ts';
import { mentionedIn } from '../../admin-ui/src/features/desk/mentions.ts';
import { dayAfter, nextMonday } from '../../admin-ui/src/features/desk/planning-days.ts';
import { parseSpans, spansText } from '../../admin-ui/src/features/desk/spans.ts';
import { spell } from '../../admin-ui/src/features/desk/spelling.ts';
import { deskTexts } from '../../admin-ui/src/features/desk/texts.ts';

const NOON = '2011-01-17T12:00:00.000000Z';
const NOON_MS = Date.parse(NOON);
const MINUTE_MS = 60_000;
const t = deskTexts.en;

describe('a clock', () => {
  const due = (minutes: number) => new Date(NOON_MS + minutes * MINUTE_MS).toISOString();

  it('says how long still, and how late', () => {
    const text = (minutes: number, state: 'running' | 'warning' = 'running') =>
      clockView({ due: due(minutes), state }, NOON_MS, t);
    expect(text(45)).toEqual({ text: 'in 45 min', tone: 'info' });
    expect(text(125)).toEqual({ text: 'in 2 h 5 min', tone: 'info' });
    expect(text(180)).toEqual({ text: 'in 3 h', tone: 'info' });
    expect(text(3 * 24 * 60 + 120).text).toBe('in 3 d 2 h');
    expect(text(5, 'warning')).toEqual({ text: 'due soon, in 5 min', tone: 'warning' });
  });

  it('is breached from the instant on at which it was due', () => {
    const clock = { due: due(0), state: 'running' } as const;
    expect(clockView(clock, NOON_MS - 1, t).tone).toBe('info');
    expect(clockView(clock, NOON_MS, t)).toEqual({
      text: 'breached, late by 0 min',
      tone: 'danger',
    });
    expect(clockView({ due: null, state: 'breached' }, NOON_MS, t).text).toBe('breached');
  });

  it('is not late while it stands still or was met', () => {
    const past = due(-60);
    expect(clockView({ due: past, state: 'stopped' }, NOON_MS, t).tone).toBe('neutral');
    expect(clockView({ due: past, state: 'met' }, NOON_MS, t).tone).toBe('success');
  });

  it('burns when it is late, close, or somebody said so', () => {
    const met = { due: null, state: 'met' } as const;
    const ticket = (solution: object, isEscalated = false) =>
      ({ firstResponse: met, solution, isEscalated }) as never;
    expect(nextClock(ticket({ due: due(9), state: 'running' })).name).toBe('solution');
    expect(isBurning(ticket({ due: due(9), state: 'running' }), NOON_MS)).toBe(false);
    expect(isBurning(ticket({ due: due(-9), state: 'running' }), NOON_MS)).toBe(true);
    expect(isBurning(ticket({ due: due(9), state: 'warning' }), NOON_MS)).toBe(true);
    expect(isBurning(ticket({ due: due(9), state: 'running' }, true), NOON_MS)).toBe(true);
  });

  it('tells ages in words', () => {
    expect(ageText(NOON, NOON_MS + 59_999, t)).toBe('now');
    expect(ageText(NOON, NOON_MS + 5 * MINUTE_MS, t)).toBe('5 min ago');
  });
});

describe('a canned answer', () => {
  it('fills what is known and leaves what is not to be seen', () => {
    const text = 'Dear {{name}}, {{ number }} and {{protocol}}, {{nonsense}}';
    const filled = fillPlaceholders(text, { name: 'Maria $& Rossi', number: '7K2M-X9QT' });
    expect(filled).toBe('Dear Maria $& Rossi, 7K2M-X9QT and {{protocol}}, {{nonsense}}');
    expect(openPlaceholders(`${filled} {{protocol}}`)).toEqual(['{{protocol}}', '{{nonsense}}']);
  });

  it('is offered for its kind first, then those for any, never those for another', () => {
    const canned = (title: string, kind: Canned['kind']) => ({ title, kind }) as Canned;
    const all = [canned('any', null), canned('legal', 'legal'), canned('b', 'technical')];
    expect(cannedFor('technical', all).map(({ title }) => title)).toEqual(['b', 'any']);
  });
});

describe('working hours', () => {
  it('are understood as people type them, and written back', () => {
    const spans = parseSpans(' 8:00 - 13.00 ; 14:00–24:00 ');
    expect(spans).toEqual([
      { from: '08:00', until: '13:00' },
      { from: '14:00', until: '24:00' },
    ]);
    expect(spansText(spans ?? [])).toBe('08:00-13:00, 14:00-24:00');
    expect(parseSpans('')).toEqual([]);
  });

  it.each([
    'nine to five',
    '13:00-08:00',
    '08:00-24:01',
    '08:60-09:00',
    '08:00-12:00, 11:00-13:00',
    '08:00-12:00, 12:00-13:00',
    '00:00-01:00, 02:00-03:00, 04:00-05:00, 06:00-07:00, 08:00-09:00',
  ])('are not guessed from %s', (text) => {
    expect(parseSpans(text)).toBeNull();
  });
});

describe('a number', () => {
  it('has a word for every letter in both languages, and digits say themselves', () => {
    for (const language of ['it', 'en'] as const) {
      const letters = spell('ABCDEFGHIJKLMNOPQRSTUVWXYZ', language);
      expect(letters.every(({ sign, word }) => word?.startsWith(sign))).toBe(true);
    }
    expect(spell('7k-2', 'it')).toEqual([
      { sign: '7', word: null },
      { sign: 'K', word: 'Kursaal' },
      { sign: '2', word: null },
    ]);
  });
});

describe('a plot', () => {
  const [one, two, four] = [1, 2, 4].map((hour) => `2011-01-17T0${hour}:00:00Z`) as [
    string,
    string,
    string,
  ];

  it('lays two counts on one axis of time', () => {
    const points = flowSeries(
      [
        { at: four, count: 3 },
        { at: one, count: 1 },
      ],
      [{ at: two, count: 2 }],
    );
    expect(points).toEqual([
      { at: one, opened: 1, closed: 0 },
      { at: two, opened: 0, closed: 2 },
      { at: four, opened: 3, closed: 0 },
    ]);
    expect(stepOf(points)).toBe(3_600_000);
    expect(stepOf([])).toBe(3_600_000);
  });

  it('ends its axis at 1, 2 or 5 times a power of ten', () => {
    expect([1, 3, 5, 6, 99, 101].map(axisTop)).toEqual([1, 5, 5, 10, 100, 200]);
  });
});

describe('a mention', () => {
  const people = ['Anna', 'Annalisa Bo', 'op@clickday.example'].map((name) => ({ id: name, name }));
  const named = (text: string) => mentionedIn(text, people).map(({ name }) => name);

  it('is a name behind an @, whole, however it is spelt', () => {
    expect(named('@anna guardi tu? Con @Annalisa Bo.')).toEqual(['Anna', 'Annalisa Bo']);
    expect(named('@Annalisa Bo')).toEqual(['Annalisa Bo']);
    expect(named('Anna, e op@clickday.example')).toEqual([]);
    expect(named('chiedi a @op@clickday.example')).toEqual(['op@clickday.example']);
  });
});

describe('a day to postpone to', () => {
  it('is counted as Rome has it', () => {
    const lateMs = Date.parse('2026-11-27T23:30:00Z'); // Saturday there already
    expect([dayAfter(lateMs, 1), nextMonday(lateMs)]).toEqual(['2026-11-29', '2026-11-30']);
    const mondayMs = Date.parse('2026-03-23T12:00:00Z');
    expect([nextMonday(mondayMs), dayAfter(mondayMs, 7)]).toEqual(['2026-03-30', '2026-03-30']);
  });
});

import { describe, expect, it } from 'vitest';
import {
  clickDayText,
  dayText,
  romeClock,
  timeText,
  uncertaintyText,
} from '#engine/receipts/moments.ts';
import { receiptTexts } from '#engine/receipts/texts.ts';
import { usFromIso } from '#protocol/time.ts';

const inRome = romeClock();
const [it_, en] = [receiptTexts('it'), receiptTexts('en')];

describe('instants on a receipt', () => {
  it('are in Rome time to the microsecond', () => {
    const moment = inRome(usFromIso('2011-01-31T07:00:00.000123Z'));
    expect(dayText(moment, it_)).toBe('31 gennaio 2011');
    expect(timeText(moment, it_)).toBe('08:00:00,000123');
    expect(timeText(moment, en)).toBe('08:00:00.000123');
  });

  it('name the zone on both sides of the change to summer time', () => {
    const before = inRome(usFromIso('2026-03-29T00:59:59.999999Z'));
    const after = inRome(usFromIso('2026-03-29T01:00:00.000000Z'));
    expect([timeText(before, it_), before.zone, before.offset]).toEqual([
      '01:59:59,999999',
      'CET',
      'UTC+01:00',
    ]);
    expect([timeText(after, it_), after.zone, after.offset]).toEqual([
      '03:00:00,000000',
      'CEST',
      'UTC+02:00',
    ]);
  });

  it('tell the two hours of the change back apart by their zone', () => {
    const summer = inRome(usFromIso('2026-10-25T00:30:00.000001Z'));
    const winter = inRome(usFromIso('2026-10-25T01:30:00.000001Z'));
    expect([timeText(summer, it_), summer.zone]).toEqual(['02:30:00,000001', 'CEST']);
    expect([timeText(winter, it_), winter.zone]).toEqual(['02:30:00,000001', 'CET']);
  });

  it('cross midnight and the year with the zone', () => {
    const moment = inRome(usFromIso('2010-12-31T23:30:00.500000Z'));
    expect(dayText(moment, en)).toBe('1 January 2011');
    expect(timeText(moment, en)).toBe('00:30:00.500000');
  });

  it('carry their uncertainty in seconds', () => {
    expect(uncertaintyText(50_000, it_)).toBe('± 0,050000 s');
    expect(uncertaintyText(7, en)).toBe('± 0.000007 s');
  });

  it('write out a click day whose id is a date and leave other ids alone', () => {
    expect(clickDayText('2011-02-03', it_)).toBe('3 febbraio 2011 (2011-02-03)');
    expect(clickDayText('2011-13-03', it_)).toBe('2011-13-03');
    expect(clickDayText('prova.1', it_)).toBe('prova.1');
  });
});

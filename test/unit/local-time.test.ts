/** Instants as people read them, against the tables that Intl has of Rome. */
import { describe, expect, it } from 'vitest';
import { LocalTime } from '#protocol/local-time.ts';

const HOUR_MS = 3_600_000;

describe('an instant in Rome', () => {
  it.each([
    ['it', 'it-IT', ', ore ', ' (ora di Roma)'],
    ['en', 'en-GB', ', ', ' (Rome time)'],
  ] as const)(
    'is what Intl says, in %s, around each change of the clocks',
    (language, tag, before, after) => {
      const zone = { timeZone: 'Europe/Rome' } as const;
      const day = new Intl.DateTimeFormat(tag, {
        ...{ ...zone, weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' },
      });
      const time = new Intl.DateTimeFormat(tag, {
        ...{ ...zone, hour: 'numeric', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
      });
      const local = new LocalTime(language);
      for (const at of instants()) {
        const clock = time.format(at).replace(/^0(\d)/, '$1');
        expect(local.instant(at)).toBe(
          `${day.format(at).replace(',', '')}${before}${clock}${after}`,
        );
      }
    },
  );

  it('keeps the microseconds of a stamp, and its day where that is wanted', () => {
    const local = new LocalTime('it');
    expect(local.stamp('2011-01-31T07:00:00.000123Z')).toBe('8:00:00,000123');
    expect(local.datedStamp('2011-01-31T23:30:00.5Z')).toBe('01/02/2011 0:30:00,500000');
    expect(new LocalTime('en').datedStamp('2011-07-01T07:00:00Z')).toBe(
      '01/07/2011 9:00:00.000000',
    );
  });

  it('is a dash when it is none', () => {
    const local = new LocalTime('it');
    expect([local.time('soon'), local.datedStamp(''), local.time(Number.NaN)]).toEqual([
      ...['–', '–', '–'],
    ]);
  });
});

/** A second before, at and after each hour of the days on which clocks may change, and each day. */
function instants(): number[] {
  const all: number[] = [];
  for (let year = 1996; year <= 2037; year += 1) {
    for (let day = 0; day < 365; day += 13) all.push(Date.UTC(year, 0, 1 + day, day % 24, 5, 9));
    for (const month of [2, 9]) {
      for (let hour = 24 * 24; hour <= 31 * 24; hour += 1) {
        const at = Date.UTC(year, month, 1) + hour * HOUR_MS;
        if (new Date(at).getUTCDay() === 0) all.push(at - 1000, at, at + 1000);
      }
    }
  }
  return all;
}

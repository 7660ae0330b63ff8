/** What the web application makes of what people type and of what they read: pure parts only. */
import { expect, test } from 'vitest';
import { nextFromAddress, tokenFromAddress } from '../../admin-ui/src/features/accounts/token.ts';
import { mailPieces } from '../../admin-ui/src/features/admin/mail-pieces.ts';
import { exactChoice, findChoices } from '../../admin-ui/src/features/forms/choices.ts';
import { parseNumber, showNumber } from '../../admin-ui/src/features/forms/number-text.ts';
import { instantFromRome, romeWallTime } from '../../admin-ui/src/i18n/rome-time.ts';
import {
  formatInstant,
  formatStamp,
  formatUncertainty,
} from '../../admin-ui/src/i18n/time-format.ts';

test('shows an opening with its seconds and says that it is the time of Rome', () => {
  const opensAt = '2011-01-31T07:00:00.000000Z';
  expect(formatInstant(opensAt, 'it')).toBe('lunedì 31 gennaio 2011, ore 8:00:00 (ora di Roma)');
  expect(formatInstant(opensAt, 'en')).toBe('Monday 31 January 2011, 8:00:00 (Rome time)');
  expect(formatInstant('2011-01-31T23:00:00.000000Z', 'it')).toContain('ore 0:00:00');
});

test('shows a stamp with all its microseconds', () => {
  expect(formatStamp('2011-01-31T07:00:00.000123Z', 'it')).toContain('ore 8:00:00,000123');
  expect(formatStamp('2011-01-31T07:00:00.000123Z', 'en')).toContain('8:00:00.000123');
});

test('says how far a stamp may be off in the unit that can be read', () => {
  expect(formatUncertainty(250, 'it')).toBe('± 250 µs');
  expect(formatUncertainty(50_980, 'it')).toBe('± 50,98 ms');
  expect(formatUncertainty(1_234, 'en')).toBe('± 1.234 ms');
});

test('turns the wall time of Rome into the instant in winter, in summer and back', () => {
  expect(instantFromRome('2011-01-31T08:00:00')).toBe('2011-01-31T07:00:00.000000Z');
  expect(instantFromRome('2011-07-31T08:00')).toBe('2011-07-31T06:00:00.000000Z');
  expect(instantFromRome('2011-03-27T03:00:00')).toBe('2011-03-27T01:00:00.000000Z');
  expect(romeWallTime('2011-01-31T07:00:00.000000Z')).toBe('2011-01-31T08:00:00');
  expect(instantFromRome('soon')).toBeNull();
});

test('understands amounts with either decimal sign and leaves what is no number as typed', () => {
  expect(parseNumber('1.234,56', 'it')).toBe(1234.56);
  expect(parseNumber('1,234.56', 'en')).toBe(1234.56);
  expect(parseNumber(' 20000 € ', 'it')).toBe(20000);
  expect(parseNumber('447,61', 'en')).toBe(447.61);
  expect(parseNumber('', 'it')).toBe('');
  expect(parseNumber('venti', 'it')).toBe('venti');
  expect(showNumber(447.61, 'it')).toBe('447,61');
});

test('finds places without accents and takes a whole name only when it is one place', () => {
  const choices = [
    { code: 'F205', text: 'Milano (MI)' },
    { code: 'A001', text: 'Forlì (FC)' },
    { code: 'H753', text: 'Samone (TN)' },
    { code: 'H754', text: 'Samone (TO)' },
  ];
  expect(findChoices(choices, 'forli', 10).map((choice) => choice.code)).toEqual(['A001']);
  expect(exactChoice(choices, 'MILANO')?.code).toBe('F205');
  expect(exactChoice(choices, 'Samone')).toBeNull();
  expect(exactChoice(choices, 'Samone (TO)')?.code).toBe('H754');
});

test('makes links of a mail clickable and nothing else', () => {
  const pieces = mailPieces('Apri http://a.example/confirm?token=x\n<b>ciao</b>');
  expect(pieces.filter((piece) => piece.isLink)).toEqual([
    { text: 'http://a.example/confirm?token=x', isLink: true },
  ]);
});

test('goes back only to pages of its own after logging in', () => {
  expect(nextFromAddress('?next=%2Fapplications')).toBe('/applications');
  expect(nextFromAddress('?next=%2F%2Fevil.example')).toBeNull();
  expect(nextFromAddress('?next=https%3A%2F%2Fevil.example')).toBeNull();
  expect(tokenFromAddress('?token=00012')).toBe('00012');
});

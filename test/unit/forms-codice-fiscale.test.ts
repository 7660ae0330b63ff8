/** The codice fiscale: known codes, hard names, omocodia, and every part that can disagree. */
import { describe, expect, it } from 'vitest';
import {
  checkLetter,
  codiceFiscaleOf,
  hasValidCheckLetter,
  nameCode,
  partsOf,
  surnameCode,
} from '#protocol/forms/index.ts';

const MARIO = { surname: 'Rossi', name: 'Mario', sex: 'M', birthDate: '1972-07-09' } as const;

describe('codice fiscale', () => {
  it('makes the code of a man born in Rome', () => {
    expect(codiceFiscaleOf({ ...MARIO, place: 'H501' })).toBe('RSSMRA72L09H501S');
  });

  it('adds 40 to the day of a woman', () => {
    const code = codiceFiscaleOf({ ...MARIO, sex: 'F', place: 'H501' });
    expect(code.slice(9, 11)).toBe('49');
    expect(partsOf(code)).toMatchObject({ day: 9, sex: 'F', month: 7, year: '72' });
  });

  it.each([
    ['Fo', 'FOX'],
    ['D’Amico', 'DMC'],
    ['De Luca', 'DLC'],
    ['Lü', 'LUX'],
    ['Nicolò', 'NCL'],
    ['Đorđević', 'DRD'],
    ['Øst', 'STO'],
    ['Weiß', 'WSS'],
    ['Aiello', 'LLA'],
  ])('codes the surname %s as %s', (surname, code) => {
    expect(surnameCode(surname)).toBe(code);
  });

  it.each([
    ['Gianfranco', 'GFR'],
    ['Maria', 'MRA'],
    ['Noè', 'NOE'],
    ['Zoë', 'ZOE'],
    ['Łucja', 'LCJ'],
    ['Maria Teresa', 'MTR'],
  ])('codes the given name %s as %s', (name, code) => {
    expect(nameCode(name)).toBe(code);
  });

  it('reads digits that omocodia has turned into letters', () => {
    const first15 = 'RSSMRA72L09H50M';
    const code = first15 + checkLetter(first15);
    expect(hasValidCheckLetter(code)).toBe(true);
    expect(partsOf(code)?.place).toBe('H501');
  });

  it('refuses one changed letter, a wrong length and small letters', () => {
    expect(hasValidCheckLetter('RSSMRA72L09H501S')).toBe(true);
    expect(hasValidCheckLetter('RSSMRA72L09H501T')).toBe(false);
    expect(hasValidCheckLetter('RSSMRA72L19H501S')).toBe(false);
    expect(hasValidCheckLetter('RSSMRA72L09H501')).toBe(false);
    expect(hasValidCheckLetter('rssmra72l09h501s')).toBe(false);
    expect(partsOf('not a code')).toBeUndefined();
  });
});

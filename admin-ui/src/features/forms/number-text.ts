/**
 * Numbers as people type them. Both decimal signs are understood in both languages: the last one
 * followed by one or two digits is the decimal sign, every other one groups thousands.
 */
import type { FieldValue } from '#protocol/forms/index.ts';
import type { Language } from '../../i18n/dictionary.ts';

/** The number meant, '' for nothing typed, or the text itself when it is no number. */
export function parseNumber(text: string, language: Language): FieldValue | '' {
  const compact = text.replace(/[\s€]/g, '');
  if (compact === '') return '';
  const match = /^(-?)(\d{1,3}(?:[.,’']\d{3})+|\d+)(?:[.,](\d{1,2}))?$/.exec(compact);
  if (!match) return plainDecimal(compact, language) ?? text;
  const whole = (match[2] ?? '').replace(/\D/g, '');
  return Number(`${match[1] ?? ''}${whole}.${match[3] ?? '0'}`);
}

/** How a stored number is shown in its input: without grouping, with the language's sign. */
export function showNumber(value: FieldValue, language: Language): string {
  const text = String(value);
  return language === 'it' && typeof value === 'number' ? text.replace('.', ',') : text;
}

function plainDecimal(compact: string, language: Language): number | null {
  const sign = language === 'it' ? ',' : '.';
  const [whole = '', fraction = '', ...rest] = compact.split(sign);
  const plain = /^-?\d+$/.test(whole) && /^\d+$/.test(fraction) && rest.length === 0;
  return plain ? Number(`${whole}.${fraction}`) : null;
}

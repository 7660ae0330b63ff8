/** Words for many users: each gets those of their language; where one is written, all get that. */
import type { DeskBulk } from '#protocol/desk-api.ts';
import type { Texts } from '#protocol/portal-api.ts';
import { refusalOf } from './canned.ts';
import type { TicketWords } from './ticket-texts.ts';

export const noWords = (): Texts => ({ it: '', en: '' });

export function bulkWords({ it, en }: Texts): Pick<DeskBulk, 'text' | 'texts'> {
  const texts = { it: it.trim(), en: en.trim() };
  if (texts.it !== '' && texts.en !== '') return { texts };
  const text = texts.it || texts.en;
  return text === '' ? {} : { text };
}

/** Why they cannot go to anybody as they are; empty: they can. */
export function bulkRefusal(
  { it, en }: Texts,
  t: Pick<TicketWords, 'placeholdersLeft'>,
  missing = '',
): string {
  if (missing !== '' && `${it}${en}`.trim() === '') return missing;
  return refusalOf(`${it}\n${en}`, t);
}

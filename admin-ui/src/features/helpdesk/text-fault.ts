/**
 * What is wrong with a text that is about to be sent. Its length is checked here and not by the
 * field, which would cut off what is pasted without a word.
 */
import { TICKET_TEXT_LENGTH_MAX } from '#protocol/helpdesk-api.ts';
import type { Language } from '../../i18n/dictionary.ts';
import { writeTexts } from './write-texts.ts';

/** The message under the control's `id`; nothing when it is right. */
export function faultOf(
  text: string,
  { id, missing, language }: { id: string; missing: string; language: Language },
): Record<string, string> {
  const { length } = text.trim();
  if (length === 0) return { [id]: missing };
  const isLong = length > TICKET_TEXT_LENGTH_MAX;
  return isLong ? { [id]: writeTexts[language].textLong(TICKET_TEXT_LENGTH_MAX) } : {};
}

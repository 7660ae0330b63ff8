/** What an office has decided, in words: the outcome, and its own note where it wrote one. */
import type { Language } from '../../i18n/dictionary.ts';
import { outcomeTexts } from './outcome-texts.ts';

/** `detail` as the way of an application has it; what is not known of it is left out. */
export function outcomeText(
  detail: Readonly<Record<string, unknown>> | undefined,
  language: Language,
): string {
  const t = outcomeTexts[language];
  const words = new Map<unknown, string>([
    ['granted', t.granted],
    ['refused', t.refused],
  ]);
  const parts = [words.get(detail?.outcome), detail?.note];
  return parts.filter((part) => typeof part === 'string').join('. ');
}

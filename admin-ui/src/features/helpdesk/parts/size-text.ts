/** How large a file is, as people say it. */
import { type Language, localeTag } from '../../../i18n/dictionary.ts';

const kb = 1024;

/** "12 KB", "1,4 MB"; the least that is said of what is not empty is 1 KB. */
export function sizeText(bytes: number, language: Language): string {
  const isLarge = bytes >= kb * kb;
  const form = { maximumFractionDigits: isLarge ? 1 : 0 };
  const count = isLarge ? bytes / kb / kb : Math.max(Math.min(bytes, 1), bytes / kb);
  return `${new Intl.NumberFormat(localeTag(language), form).format(count)} ${isLarge ? 'MB' : 'KB'}`;
}

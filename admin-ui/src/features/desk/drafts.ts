/** What is wrong with words that must be there in both languages; shared by the desk's editors. */
import type { Texts } from '#protocol/portal-api.ts';

/** The fields of a pair that are empty, with what to say at each. */
export function missingOf(
  id: string,
  value: Texts,
  labels: Texts,
  say: (label: string) => string,
): Record<string, string> {
  return {
    ...(value.it.trim() ? {} : { [`${id}It`]: say(labels.it) }),
    ...(value.en.trim() ? {} : { [`${id}En`]: say(labels.en) }),
  };
}

export function tidy({ it, en }: Texts): Texts {
  return { it: it.trim(), en: en.trim() };
}

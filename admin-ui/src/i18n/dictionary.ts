/**
 * The words of the application: one dictionary a feature, Italian written first, English checked
 * by the compiler to have every key and the same parameters. A text is a string or a function
 * that puts its parameters into a sentence.
 *
 * Any other language is a folder of `admin-ui/src/languages/`: while one is spoken its words stand
 * in the place of the Italian ones, key by key, and what it does not say is said in Italian. So a
 * feature looks up `texts[language]` and knows nothing of it. What comes from the portal (forms,
 * messages, names) is in Italian or English: `Language` is the language of such contents.
 */
import { spokenTag, spokenWords, type Text } from './spoken.ts';

export type Language = 'it' | 'en';

type Words = Readonly<Record<string, Text>>;

/** The same keys with translatable values: any string for a string, the same parameters else. */
export type Translated<T> = { readonly [K in keyof T]: T[K] extends string ? string : T[K] };

export type Dictionary<T> = Readonly<Record<Language, Translated<T>>>;

/**
 * Declares the words of a feature in Italian and English.
 * @param name what an added language calls this dictionary; each has its own
 * @param both `it` is the original, `en` must have the same keys and parameters
 */
export function dictionary<T extends Words>(
  name: string,
  both: { readonly it: T; readonly en: Translated<NoInfer<T>> },
): Dictionary<T> {
  let merged: { readonly added: Words | undefined; readonly words: Translated<T> } | undefined;
  return {
    en: both.en,
    get it() {
      const added = spokenWords(name);
      if (merged === undefined || merged.added !== added) {
        merged = { added, words: { ...both.it, ...added } as Translated<T> };
      }
      return merged.words;
    },
  };
}

/** True for a language of contents. */
export function isLanguage(value: unknown): value is Language {
  return value === 'it' || value === 'en';
}

/** How numbers and dates are written (BCP 47) where contents are in `language`. */
export function localeTag(language: Language): string {
  return language === 'en' ? 'en-GB' : (spokenTag() ?? 'it-IT');
}

/**
 * The words of the application: one dictionary a feature, Italian written first, English checked
 * by the compiler to have every key and the same parameters. A text is a string or a function
 * that puts its parameters into a sentence. There is no third language and no fallback: a missing
 * translation does not compile.
 */
export type Language = 'it' | 'en';

export const languages: readonly Language[] = ['it', 'en'];

type Text = string | ((...parameters: never[]) => string);
type Words = Readonly<Record<string, Text>>;

/** The same keys with translatable values: any string for a string, the same parameters else. */
export type Translated<T> = { readonly [K in keyof T]: T[K] extends string ? string : T[K] };

export type Dictionary<T> = Readonly<Record<Language, Translated<T>>>;

/**
 * Declares the words of a feature in both languages.
 * @param both `it` is the original, `en` must have the same keys and parameters
 */
export function dictionary<T extends Words>(both: {
  readonly it: T;
  readonly en: Translated<NoInfer<T>>;
}): Dictionary<T> {
  return both as Dictionary<T>;
}

/** True for one of the two languages; what comes from storage or the server is checked with it. */
export function isLanguage(value: unknown): value is Language {
  return value === 'it' || value === 'en';
}

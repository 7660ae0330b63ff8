/**
 * Which language the person reads. Chosen once (stored choice, else the browser's preference,
 * else Italian), remembered on this device and written to `<html lang>` so that screen readers
 * pronounce the page rightly.
 */
import { isLanguage, type Language } from './dictionary.ts';

const storageKey = 'clickday.language';

export class Locale {
  language = $state<Language>('it');
  readonly #storage: Storage;
  readonly #root: HTMLElement;

  constructor(options: { storage: Storage; root: HTMLElement; preferred: readonly string[] }) {
    this.#storage = options.storage;
    this.#root = options.root;
    const stored = this.#storage.getItem(storageKey);
    this.#apply(isLanguage(stored) ? stored : preferredLanguage(options.preferred));
  }

  /** Changes the language of the whole application at once and remembers it on this device. */
  choose(language: Language): void {
    this.#storage.setItem(storageKey, language);
    this.#apply(language);
  }

  #apply(language: Language): void {
    this.language = language;
    this.#root.lang = language;
  }
}

function preferredLanguage(preferred: readonly string[]): Language {
  const known = preferred.map((tag) => tag.slice(0, 2).toLowerCase()).find(isLanguage);
  return known ?? 'it';
}

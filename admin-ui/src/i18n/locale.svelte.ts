/**
 * Which language the person reads. Chosen once (stored choice, else the browser's preference,
 * else Italian), remembered on this device and written to `<html lang>` so that screen readers
 * pronounce the page rightly.
 */
import { isLanguage, type Language } from './dictionary.ts';
import type { OfferedLanguage } from './languages.ts';
import { speak } from './spoken.ts';

const storageKey = 'clickday.language';

export class Locale {
  /** The language of what comes from the portal, and the key into dictionaries. */
  language = $state<Language>('it');
  /** The code of the language the person reads: `it`, `en` or an added one. */
  chosen = $state('it');
  readonly offered: readonly OfferedLanguage[];
  readonly #storage: Storage;
  readonly #root: HTMLElement;
  #asked = 0;

  constructor(options: {
    storage: Storage;
    root: HTMLElement;
    offered: readonly OfferedLanguage[];
  }) {
    this.#storage = options.storage;
    this.#root = options.root;
    this.offered = options.offered;
  }

  /** Speaks what was chosen here before, else what the browser prefers; before anything shows. */
  async start(preferred: readonly string[]): Promise<void> {
    const wanted = [this.#storage.getItem(storageKey) ?? '', ...preferred.map(primaryTag)];
    const code = wanted.find((each) => this.offered.some((language) => language.code === each));
    await this.#speak(code ?? 'it').catch(() => this.#speak('it'));
  }

  /**
   * Changes the language of the whole application at once and remembers it on this device.
   * Rejects, with everything as it was, when the words of an added language cannot be had.
   */
  async choose(code: string): Promise<void> {
    await this.#speak(code);
    this.#storage.setItem(storageKey, code);
  }

  async #speak(code: string): Promise<void> {
    const language = this.offered.find((each) => each.code === code);
    if (language === undefined) throw new Error(`no language ${code}`);
    this.#asked += 1;
    const mine = this.#asked;
    const words = language.words === null ? null : await language.words();
    if (mine !== this.#asked) return; // another was chosen meanwhile
    speak(words === null ? null : { tag: language.tag, words });
    this.language = isLanguage(code) ? code : 'it';
    this.chosen = code;
    this.#root.lang = code;
  }
}

function primaryTag(tag: string): string {
  return tag.split('-')[0]?.toLowerCase() ?? '';
}

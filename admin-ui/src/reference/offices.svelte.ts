/**
 * What the offices are called, asked for once when an office is first shown. Until it is there, or
 * when it cannot be had, the bare code stands for the office.
 */
import type { Texts } from '#protocol/portal-api.ts';
import type { ApiClient } from '../api/client.ts';
import type { Language } from '../i18n/dictionary.ts';

export class Offices {
  #names = $state.raw<Readonly<Record<string, Texts>>>({});
  #asked = false;
  readonly #api: ApiClient;

  constructor(api: ApiClient) {
    this.#api = api;
  }

  /** Asks for the names; a page that shows an office calls it when it opens. */
  async load(): Promise<void> {
    if (this.#asked) return;
    this.#asked = true;
    try {
      this.#names = await this.#api.offices();
    } catch {
      this.#asked = false; // the code is shown; the next page tries again
    }
  }

  /** The official name with the code of the office, as on the receipt. */
  nameOf(code: string, language: Language): string {
    const name = this.#names[code]?.[language];
    return name ? `${name} (${code})` : code;
  }
}

/**
 * What the offices are called: the code table of the provinces, asked for once when an office is
 * first shown. Until it is there, or when it cannot be had, the bare code stands for the office.
 */
import { type CodeTable, readTable } from '#protocol/forms/index.ts';
import type { ApiClient } from '../api/client.ts';
import type { Language } from '../i18n/dictionary.ts';

export class Offices {
  #table = $state.raw<CodeTable | null>(null);
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
      this.#table = readTable(await this.#api.table('provinces'));
    } catch {
      this.#asked = false; // the code is shown; the next page tries again
    }
  }

  /** The official name with the code of the province, as on the receipt. */
  nameOf(code: string, language: Language): string {
    const extra = this.#table?.row(code)?.extra;
    const name = language === 'it' ? extra?.officeIt : extra?.officeEn;
    return name ? `${name} (${code})` : code;
  }
}

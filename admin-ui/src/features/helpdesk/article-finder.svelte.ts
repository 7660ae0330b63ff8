/**
 * Articles for words that are being typed: asked for a moment after the last key, a later question
 * wins over an earlier answer. Without words it yields nothing unless `all` is asked for.
 */
import type { ArticleSummary } from '#protocol/helpdesk-api.ts';
import type { ApiClient } from '../../api/client.ts';
import { type ApiProblem, asProblem } from '../../api/problem.ts';
import type { Language } from '../../i18n/dictionary.ts';
import { helpdeskClient } from './client.ts';

const restMs = 250;
export const WORDS_LENGTH_MIN = 3;

export class ArticleFinder {
  /** Null until the first answer. */
  articles = $state.raw<readonly ArticleSummary[] | null>(null);
  /** The words that `articles` answer. */
  answered = $state('');
  problem = $state.raw<ApiProblem | null>(null);
  readonly #api: ReturnType<typeof helpdeskClient>;
  readonly #language: () => Language;
  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: { api: ApiClient; language: () => Language }) {
    this.#api = helpdeskClient(options.api);
    this.#language = options.language;
  }

  /** Finds when the typing rests. */
  type(words: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.find(words), restMs);
  }

  find = async (typed: string): Promise<void> => {
    clearTimeout(this.#timer);
    this.#asked += 1;
    const mine = this.#asked;
    const words = typed.trim().length < WORDS_LENGTH_MIN ? '' : typed.trim();
    try {
      const wanted = { language: this.#language(), ...(words ? { q: words } : {}) };
      const articles = await this.#api.articles(wanted);
      if (mine !== this.#asked) return;
      this.articles = articles;
      this.answered = words;
      this.problem = null;
    } catch (error) {
      if (mine === this.#asked) this.problem = asProblem(error);
    }
  };

  stop = (): void => clearTimeout(this.#timer);
}

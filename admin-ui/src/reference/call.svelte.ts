/**
 * The call being run: which models can be begun, the questions that lead to one, and the words
 * that are the call's own (a grant knows no workers). Asked for once, when a page first needs it.
 */
import type { CallTerm, ModelChoice, ModelSummary, Texts } from '#protocol/portal-api.ts';
import type { ApiClient } from '../api/client.ts';
import { type ApiProblem, asProblem } from '../api/problem.ts';
import type { Language } from '../i18n/dictionary.ts';

export class Call {
  models = $state.raw<readonly ModelSummary[] | null>(null);
  choice = $state.raw<ModelChoice | null>(null);
  /** The official words of the call, each with a line of explanation. */
  terms = $state.raw<readonly CallTerm[]>([]);
  problem = $state.raw<ApiProblem | null>(null);
  #words = $state.raw<Readonly<Record<string, Texts>>>({});
  #asked = false;
  readonly #api: ApiClient;

  constructor(api: ApiClient) {
    this.#api = api;
  }

  async load(): Promise<void> {
    if (this.#asked) return;
    this.#asked = true;
    try {
      const { models, choice, words, terms } = await this.#api.call();
      this.models = models;
      this.choice = choice;
      this.#words = words;
      this.terms = terms;
      this.problem = null;
    } catch (error) {
      this.#asked = false;
      this.problem = asProblem(error);
    }
  }

  /** Whether the model lets an application be copied for another person. */
  copiesPerson(model: string): boolean {
    return this.models?.find(({ code }) => code === model)?.copiesPerson === true;
  }

  /** The call's word of that name, or the general one. */
  word(name: string, language: Language, general: string): string {
    return this.#words[name]?.[language] ?? general;
  }
}

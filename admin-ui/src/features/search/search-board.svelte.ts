/**
 * A search as the page shows it: what is asked (and stands in the address, so that it can be kept
 * and sent on), one page of what was found, the way back to the pages before, and what can be
 * chosen. Of two answers the later question's counts.
 */
import type {
  FoundAnswer,
  SavedSearch,
  SearchChoices,
  SearchFilters,
} from '#protocol/search-api.ts';
import type { ApiClient } from '../../api/client.ts';
import { type ApiProblem, asProblem } from '../../api/problem.ts';

export type FilterName = keyof SearchFilters;
export type Wish = Readonly<Partial<Record<FilterName, string>>>;

/** Of these several values can be chosen, one after the other. */
export const listed: readonly FilterName[] = [
  'status',
  'year',
  'clickDay',
  'model',
  'office',
  'nationality',
  'decree',
];
export const typed: readonly FilterName[] = ['q', 'worker', 'employer', 'protocol', 'from', 'to'];
export const pageRows = 50;
const firstSort = '-changed';

export class SearchBoard {
  wish = $state.raw<Wish>({});
  sort = $state(firstSort);
  answer = $state.raw<FoundAnswer | null>(null);
  choices = $state.raw<SearchChoices | null>(null);
  saved = $state.raw<readonly SavedSearch[]>([]);
  problem = $state.raw<ApiProblem | null>(null);
  isBusy = $state(false);
  /** Cursors of the pages before this one; the first page has none. */
  #trail = $state.raw<readonly (string | null)[]>([]);
  #cursor: string | null = null;
  #asked = 0;
  readonly #api: ApiClient;
  readonly #onAsked: (parameters: string) => void;

  /** `onAsked` is told the parameters of each question, for the address. */
  constructor(options: { api: ApiClient; onAsked: (parameters: string) => void }) {
    this.#api = options.api;
    this.#onAsked = options.onAsked;
  }

  readonly isRestricted = $derived(Object.keys(this.wish).length > 0);
  readonly isFirst = $derived(this.#trail.length === 0);
  readonly firstRow = $derived(this.#trail.length * pageRows + 1);

  /** What is asked as the parameters of an address, without cursor and limit. */
  readonly parameters = $derived(new URLSearchParams({ ...this.wish, sort: this.sort }).toString());

  /** Takes over a question from an address or a saved search and asks it. */
  async open(parameters: string): Promise<void> {
    const given = new URLSearchParams(parameters);
    const names = [...listed, ...typed].filter((name) => given.get(name));
    this.wish = Object.fromEntries(names.map((name) => [name, given.get(name) ?? '']));
    this.sort = given.get('sort') || firstSort;
    await this.#begin();
  }

  /** Sets filters; an empty one no longer restricts. */
  async restrict(to: Wish): Promise<void> {
    const all = Object.entries({ ...this.wish, ...to }).filter(([, value]) => value !== '');
    this.wish = Object.fromEntries(all);
    await this.#begin();
  }

  async add(name: FilterName, value: string): Promise<void> {
    const values = this.wish[name]?.split(',') ?? [];
    if (value !== '' && !values.includes(value)) {
      await this.restrict({ [name]: [...values, value].join(',') });
    }
  }

  async remove(name: FilterName, value: string): Promise<void> {
    const values = listed.includes(name) ? (this.wish[name]?.split(',') ?? []) : [];
    await this.restrict({ [name]: values.filter((each) => each !== value).join(',') });
  }

  async clear(): Promise<void> {
    this.wish = {};
    await this.#begin();
  }

  async sortBy(sort: string): Promise<void> {
    this.sort = sort;
    await this.#begin();
  }

  async next(): Promise<void> {
    const { next } = this.answer ?? {};
    if (!next) return;
    this.#trail = [...this.#trail, this.#cursor];
    this.#cursor = next;
    await this.#ask();
  }

  async previous(): Promise<void> {
    this.#cursor = this.#trail.at(-1) ?? null;
    this.#trail = this.#trail.slice(0, -1);
    await this.#ask();
  }

  again = () => this.#ask();

  /** What filters can be set to, and the searches that were kept. */
  async prepare(): Promise<void> {
    try {
      [this.choices, this.saved] = await Promise.all([
        this.#api.searchChoices(),
        this.#api.savedSearches(),
      ]);
    } catch (error) {
      this.problem = asProblem(error);
    }
  }

  /** Rejects with an ApiProblem, for the form to show. */
  async keep(name: string): Promise<void> {
    await this.#api.saveSearch({ name, query: this.parameters });
    this.saved = await this.#api.savedSearches();
  }

  async forget(id: string): Promise<void> {
    await this.#api.deleteSavedSearch(id);
    this.saved = this.saved.filter((each) => each.id !== id);
  }

  async #begin(): Promise<void> {
    this.#trail = [];
    this.#cursor = null;
    this.#onAsked(this.parameters);
    await this.#ask();
  }

  async #ask(): Promise<void> {
    this.#asked += 1;
    const mine = this.#asked;
    this.isBusy = true;
    try {
      const cursor = this.#cursor === null ? {} : { cursor: this.#cursor };
      const wanted = { ...this.wish, sort: this.sort, limit: pageRows, ...cursor };
      const answer = await this.#api.search(wanted);
      if (mine !== this.#asked) return;
      this.answer = answer;
      this.problem = null;
    } catch (error) {
      if (mine === this.#asked) this.problem = asProblem(error);
    } finally {
      if (mine === this.#asked) this.isBusy = false;
    }
  }
}

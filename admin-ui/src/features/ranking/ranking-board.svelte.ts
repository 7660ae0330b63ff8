/**
 * The ranking of one click day as the page shows it: a piece of the list, the numbers of the day
 * and when places were taken. While the day is open it asks each second whether there are more
 * places (the browser's cache answers "the same" by ETag), and for the rest only when there are.
 */
import type { RankingHistogram, RankingPage, RankingSummary } from '#protocol/ranking/api.ts';
import type { ApiClient } from '../../api/client.ts';
import { type ApiProblem, asProblem } from '../../api/problem.ts';

const pollEveryMs = 1000;
const rowsBeforeFound = 3;
export const pageRows = 50;

export class RankingBoard {
  page = $state.raw<RankingPage | null>(null);
  summary = $state.raw<RankingSummary | null>(null);
  histogram = $state.raw<RankingHistogram | null>(null);
  problem = $state.raw<ApiProblem | null>(null);
  clickDay = $state('');
  quota = $state('');
  office = $state('');
  /** The place that was looked for; null when none was. */
  marked = $state<number | null>(null);
  isNotFound = $state(false);
  #cursors = $state.raw<readonly number[]>([]);

  readonly #api: ApiClient;
  /** A later wish wins over the answer to an earlier one. */
  #wish = 0;

  constructor(api: ApiClient) {
    this.#api = api;
  }

  readonly isFiltered = $derived(this.quota !== '' || this.office !== '');
  readonly isFirst = $derived((this.#cursors.at(-1) ?? 0) === 0);

  async choose(clickDay: string): Promise<void> {
    this.clickDay = clickDay;
    this.page = null;
    this.summary = null;
    this.histogram = null;
    await this.filter({ quota: '', office: '' });
  }

  async filter(to: { quota?: string; office?: string }): Promise<void> {
    this.quota = to.quota ?? this.quota;
    this.office = to.office ?? this.office;
    this.#forgetSearch();
    this.#cursors = [];
    await this.load();
  }

  async next(): Promise<void> {
    const { next } = this.page ?? {};
    if (!next) return;
    this.#cursors = [...this.#cursors, Number(next)];
    await this.load();
  }

  async previous(): Promise<void> {
    const before = this.#cursors.slice(0, -1);
    const jumped = before.length === 0 && !this.isFiltered ? (this.#cursors[0] ?? 0) : 0;
    this.#cursors = jumped > pageRows ? [jumped - pageRows] : before;
    await this.load();
  }

  async first(): Promise<void> {
    this.#cursors = [];
    await this.load();
  }

  /** Shows the place of an application's id or protocol number; filters are taken off. */
  async find(text: string): Promise<void> {
    this.#forgetSearch();
    try {
      const { rows } = await this.#api.ranking(this.clickDay, { application: text });
      const place = rows[0]?.place ?? null;
      this.isNotFound = place === null;
      if (place === null) return;
      this.quota = '';
      this.office = '';
      this.#cursors = [Math.max(0, place - 1 - rowsBeforeFound)];
      await this.load();
      this.marked = place;
    } catch (error) {
      this.problem = asProblem(error);
    }
  }

  async load(): Promise<void> {
    this.#wish += 1;
    const mine = this.#wish;
    const { clickDay, quota, office } = this;
    const filter = { quota, office };
    const countBefore = this.page?.count;
    const histogramOf = this.#filterShown;
    try {
      const cursor = this.#cursors.at(-1) ?? 0;
      const page = await this.#api.ranking(clickDay, { ...filter, cursor, limit: pageRows });
      if (mine !== this.#wish) return;
      this.page = page;
      this.problem = null;
      const isSame = histogramOf === `${quota} ${office}` && page.count === countBefore;
      if (isSame && this.histogram !== null) return;
      const [summary, histogram] = await Promise.all([
        this.#api.rankingSummary(clickDay),
        this.#api.rankingHistogram(clickDay, filter),
      ]);
      if (mine !== this.#wish) return;
      this.summary = summary;
      this.histogram = histogram;
      this.#filterShown = `${quota} ${office}`;
    } catch (error) {
      if (mine === this.#wish) this.problem = asProblem(error);
    }
  }

  /** Asks again each second, one question at a time, while `isLive`; the result stops it. */
  follow(isLive: () => boolean): () => void {
    let isAsking = false;
    const ask = async (): Promise<void> => {
      if (isAsking || this.clickDay === '' || document.visibilityState !== 'visible') return;
      if (!isLive()) return;
      isAsking = true;
      await this.load();
      isAsking = false;
    };
    const timer = setInterval(() => void ask(), pollEveryMs);
    return () => clearInterval(timer);
  }

  #filterShown = '';

  #forgetSearch(): void {
    this.marked = null;
    this.isNotFound = false;
  }
}

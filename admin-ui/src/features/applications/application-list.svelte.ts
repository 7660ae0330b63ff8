/** The person's applications, a piece at a time, restricted by state and by a search text. */
import type { Application } from '#protocol/portal-api.ts';
import type { By } from '#protocol/search-api.ts';
import type { ApiClient } from '../../api/client.ts';
import { type ApiProblem, asProblem } from '../../api/problem.ts';
import type { News } from '../../live/news-feed.ts';
import { arrival } from './arrival.ts';

const pieceSize = 50;

export class ApplicationList {
  applications = $state.raw<readonly Application[] | null>(null);
  total = $state(0);
  problem = $state.raw<ApiProblem | null>(null);
  status = $state('');
  search = $state('');
  /** Of an organisation's, only those that the person began; or a member's personal ones. */
  by = $state<By | null>(null);
  #next = $state<string | null>(null);

  readonly #api: ApiClient;
  #asked = 0;

  constructor(api: ApiClient) {
    this.#api = api;
  }

  readonly hasMore = $derived(this.#next !== null);
  readonly isRestricted = $derived(this.status !== '' || this.search !== '' || this.by !== null);

  /** Loads the first piece for the present restriction; a later call wins over an earlier one. */
  async load(): Promise<void> {
    await this.#fetch(null);
  }

  async more(): Promise<void> {
    await this.#fetch(this.#next);
  }

  async restrict(to: { status?: string; search?: string; by?: By | null }): Promise<void> {
    this.by = to.by === undefined ? this.by : to.by;
    this.status = to.status ?? this.status;
    this.search = to.search ?? this.search;
    await this.load();
  }

  /**
   * Takes what the portal tells; the application, when it has arrived or has its receipt now. What
   * is shown stays where it is, also when the restriction no longer fits: nothing vanishes under
   * somebody's hand.
   */
  hear(news: News): Application | null {
    const shown = this.applications ?? [];
    if (news.kind === 'reload') {
      if (shown.length <= pieceSize) void this.load();
      return null;
    }
    if (news.kind === 'gone') {
      if (shown.some(({ id }) => id === news.id)) this.total -= 1;
      this.applications = shown.filter(({ id }) => id !== news.id);
      return null;
    }
    const { application } = news;
    const before = shown.find(({ id }) => id === application.id);
    if (before) this.applications = shown.map((one) => (one === before ? application : one));
    else if (!this.isRestricted && shown.length <= pieceSize) void this.load();
    return arrival(before ?? null, application);
  }

  async #fetch(cursor: string | null): Promise<void> {
    this.#asked += 1;
    const mine = this.#asked;
    try {
      const answer = await this.#api.applications({
        status: this.status,
        q: this.search,
        limit: pieceSize,
        ...(this.by === null ? {} : { by: this.by }),
        ...(cursor ? { cursor } : {}),
      });
      if (mine !== this.#asked) return;
      const before = cursor ? (this.applications ?? []) : [];
      this.applications = [...before, ...answer.applications];
      this.total = answer.total;
      this.#next = answer.next;
      this.problem = null;
    } catch (error) {
      if (mine === this.#asked) this.problem = asProblem(error);
    }
  }
}

/** One application as its page shows it, with its way, kept as the portal tells that it is. */
import type { Way } from '#protocol/drafting-api.ts';
import type { Application } from '#protocol/portal-api.ts';
import type { ApiClient } from '../../api/client.ts';
import { type ApiProblem, asProblem } from '../../api/problem.ts';
import type { News } from '../../live/news-feed.ts';
import { wayOf } from '../drafting/drafting-api.ts';
import { arrival } from './arrival.ts';

export class ApplicationRecord {
  application = $state.raw<Application | null>(null);
  way = $state.raw<Way | null>(null);
  problem = $state.raw<ApiProblem | null>(null);

  readonly #api: ApiClient;
  readonly #id: string;

  constructor(options: { api: ApiClient; id: string }) {
    this.#api = options.api;
    this.#id = options.id;
  }

  async load(): Promise<void> {
    await this.#keep(() => this.#api.application(this.#id));
  }

  async backToDraft(): Promise<boolean> {
    return this.#keep(() => this.#api.backToDraft(this.#id));
  }

  async remove(): Promise<boolean> {
    try {
      await this.#api.deleteApplication(this.#id);
      return true;
    } catch (error) {
      this.problem = asProblem(error);
      return false;
    }
  }

  /** Takes what the portal tells; the application, when it has arrived or has its receipt now. */
  hear(news: News): Application | null {
    if (news.kind === 'application' && news.application.id === this.#id) {
      const before = this.application;
      this.application = news.application;
      void this.#readWay();
      return arrival(before, news.application);
    }
    if (news.kind === 'reload' || (news.kind === 'gone' && news.id === this.#id)) void this.load();
    return null;
  }

  /** What has happened; what is shown stays when it cannot be had. */
  async #readWay(): Promise<void> {
    this.way = await wayOf(this.#api, this.#id).catch(() => this.way);
  }

  async #keep(call: () => Promise<Application>): Promise<boolean> {
    try {
      this.application = await call();
      this.way = await wayOf(this.#api, this.#id);
      this.problem = null;
      return true;
    } catch (error) {
      this.problem = asProblem(error);
      return false;
    }
  }
}

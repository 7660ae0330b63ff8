/**
 * One application as its page shows it. While something is under way (sent, no receipt yet; or
 * ready and its day open) it is asked for again every few seconds.
 */

import type { Way } from '#protocol/drafting-api.ts';
import type { Application } from '#protocol/portal-api.ts';
import type { ApiClient } from '../../api/client.ts';
import { type ApiProblem, asProblem } from '../../api/problem.ts';
import { wayOf } from '../drafting/drafting-api.ts';

const refreshEveryMs = 5_000;

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

  /** Refreshes while it can change by itself; the result stops it. */
  follow(): () => void {
    const timer = setInterval(() => {
      const status = this.application?.status;
      if (status === 'ready' || status === 'submitted') void this.load();
    }, refreshEveryMs);
    return () => clearInterval(timer);
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

/** The numbers of the control room, asked for again every few seconds while the page is open. */
import type { AdminStatus } from '#protocol/portal-api.ts';
import type { ApiClient } from '../../api/client.ts';
import { type ApiProblem, asProblem } from '../../api/problem.ts';

const refreshEveryMs = 5_000;

export class StatusFeed {
  status = $state.raw<AdminStatus | null>(null);
  problem = $state.raw<ApiProblem | null>(null);
  /** Official time of the last answer, ms, or null. */
  updatedAtMs = $state<number | null>(null);

  readonly #api: ApiClient;
  readonly #nowMs: () => number | null;

  constructor(options: { api: ApiClient; nowMs: () => number | null }) {
    this.#api = options.api;
    this.#nowMs = options.nowMs;
  }

  async load(): Promise<void> {
    try {
      this.status = await this.#api.adminStatus();
      this.updatedAtMs = this.#nowMs();
      this.problem = null;
    } catch (error) {
      this.problem = asProblem(error);
    }
  }

  /** Loads now and then regularly; the result stops it. */
  start(): () => void {
    void this.load();
    const timer = setInterval(() => void this.load(), refreshEveryMs);
    return () => clearInterval(timer);
  }
}

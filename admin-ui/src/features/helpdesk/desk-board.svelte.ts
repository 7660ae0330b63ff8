/**
 * What is known before anybody writes: incidents, whether the desk is open, how long an answer
 * takes. A portal that does not answer leaves the last state standing.
 */
import type { HelpdeskAnswer } from '#protocol/helpdesk-api.ts';
import type { ApiClient } from '../../api/client.ts';
import { type ApiProblem, asProblem } from '../../api/problem.ts';
import { helpdeskClient } from './client.ts';
import { watch } from './watch.ts';

const askEveryMs = 60_000;

export class DeskBoard {
  desk = $state.raw<HelpdeskAnswer | null>(null);
  problem = $state.raw<ApiProblem | null>(null);
  /** The incident whose following could not be changed. */
  refused = $state.raw<{ id: string; problem: ApiProblem } | null>(null);
  readonly #api: ReturnType<typeof helpdeskClient>;

  constructor(api: ApiClient) {
    this.#api = helpdeskClient(api);
  }

  readonly incidents = $derived(this.desk?.incidents ?? []);

  /** Asks while somebody looks; the result stops it. */
  start = (): (() => void) => watch(() => void this.load(), askEveryMs);

  load = async (): Promise<void> => {
    try {
      this.desk = await this.#api.desk();
      this.problem = null;
    } catch (error) {
      this.problem = asProblem(error);
    }
  };

  /** True when it is as wished. */
  async follow(id: string, isFollowed: boolean): Promise<boolean> {
    try {
      await (isFollowed ? this.#api.follow(id) : this.#api.unfollow(id));
      this.refused = null;
    } catch (error) {
      this.refused = { id, problem: asProblem(error) };
      return false;
    }
    const incidents = this.incidents.map((each) =>
      each.id === id ? { ...each, isFollowed } : each,
    );
    if (this.desk) this.desk = { ...this.desk, incidents };
    return true;
  }
}

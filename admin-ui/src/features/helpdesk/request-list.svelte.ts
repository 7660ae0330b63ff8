/** The person's requests, a piece at a time; while somebody looks, the first piece is read anew. */
import type { TicketSummary } from '#protocol/helpdesk-api.ts';
import type { ApiClient } from '../../api/client.ts';
import { type ApiProblem, asProblem } from '../../api/problem.ts';
import { helpdeskClient } from './client.ts';
import { watch } from './watch.ts';

const askEveryMs = 30_000;

export class RequestList {
  tickets = $state.raw<readonly TicketSummary[] | null>(null);
  problem = $state.raw<ApiProblem | null>(null);
  #next = $state<string | null>(null);
  #pieces = 0;
  readonly #api: ReturnType<typeof helpdeskClient>;

  constructor(api: ApiClient) {
    this.#api = helpdeskClient(api);
  }

  readonly hasMore = $derived(this.#next !== null);
  readonly forYou = $derived(this.tickets?.filter(({ isForYou }) => isForYou) ?? []);
  readonly others = $derived(this.tickets?.filter(({ isForYou }) => !isForYou) ?? []);

  /** Asks while somebody looks; the result stops it. Who has gone on in the list is left there. */
  start = (): (() => void) =>
    watch(() => {
      if (this.#pieces <= 1) void this.load();
    }, askEveryMs);

  load = (): Promise<void> => this.#fetch(null);
  more = (): Promise<void> => this.#fetch(this.#next);

  async #fetch(cursor: string | null): Promise<void> {
    try {
      const answer = await this.#api.tickets(cursor);
      this.tickets = [...(cursor ? (this.tickets ?? []) : []), ...answer.tickets];
      this.#next = answer.nextCursor;
      this.#pieces = cursor ? this.#pieces + 1 : 1;
      this.problem = null;
    } catch (error) {
      this.problem = asProblem(error);
    }
  }
}

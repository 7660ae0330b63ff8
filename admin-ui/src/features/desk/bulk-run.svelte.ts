/** One action on many tickets: begun once, then asked about until it is finished. */
import type { DeskBulk, DeskBulkState } from '#protocol/desk-api.ts';
import { type ApiProblem, asProblem } from '../../api/problem.ts';
import type { DeskClient } from './client.ts';

const ASK_EVERY_MS = 1_000;

export class BulkRun {
  state = $state.raw<DeskBulkState | null>(null);
  problem = $state.raw<ApiProblem | null>(null);
  isBusy = $state(false);
  readonly #client: DeskClient;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(client: DeskClient) {
    this.#client = client;
  }

  /** Resolves true when the portal took the action on. `onfinished` is called at its end. */
  async begin(bulk: DeskBulk, onfinished: (state: DeskBulkState) => void): Promise<boolean> {
    this.isBusy = true;
    this.problem = null;
    try {
      this.#follow(await this.#client.bulk(bulk), onfinished);
      return true;
    } catch (error) {
      this.problem = asProblem(error);
      this.isBusy = false;
      return false;
    }
  }

  /** Nobody looks any more; the action itself goes on. */
  stop(): void {
    clearTimeout(this.#timer);
  }

  #follow(state: DeskBulkState, onfinished: (state: DeskBulkState) => void): void {
    this.state = state;
    if (state.isFinished) {
      this.isBusy = false;
      onfinished(state);
      return;
    }
    this.#timer = setTimeout(() => void this.#ask(state.id, onfinished), ASK_EVERY_MS);
  }

  async #ask(id: string, onfinished: (state: DeskBulkState) => void): Promise<void> {
    try {
      this.#follow(await this.#client.bulkState(id), onfinished);
    } catch (error) {
      this.problem = asProblem(error);
      this.isBusy = false;
    }
  }
}

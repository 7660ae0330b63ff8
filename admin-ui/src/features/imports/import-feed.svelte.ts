/** One import: how far it is, asked for every second while it is worked on, and its findings. */
import type { ImportFinding, ImportView } from '#protocol/imports-api.ts';
import type { ApiClient } from '../../api/client.ts';
import { type ApiProblem, asProblem } from '../../api/problem.ts';
import { importsClient } from './client.ts';

const refreshEveryMs = 1_000;
const atWork: readonly string[] = ['checking', 'taking', 'undoing'];

export class ImportFeed {
  view = $state.raw<ImportView | null>(null);
  findings = $state.raw<readonly ImportFinding[]>([]);
  problem = $state.raw<ApiProblem | null>(null);
  #next = $state<number | null>(null);

  readonly #id: string;
  readonly #api: ReturnType<typeof importsClient>;

  constructor(api: ApiClient, id: string) {
    this.#api = importsClient(api);
    this.#id = id;
  }

  readonly isAtWork = $derived(this.view !== null && atWork.includes(this.view.state));
  readonly hasMore = $derived(this.#next !== null);

  /** Loads now and then while there is work; the result stops it. */
  start(): () => void {
    void this.load();
    const timer = setInterval(() => {
      if (this.isAtWork || this.problem) void this.load();
    }, refreshEveryMs);
    return () => clearInterval(timer);
  }

  load = (): Promise<void> => this.#show(() => this.#api.read(this.#id));
  take = (makeReady: boolean): Promise<void> =>
    this.#show(() => this.#api.take(this.#id, makeReady));
  undo = (): Promise<void> => this.#show(() => this.#api.undo(this.#id));

  /** Whether it is forgotten now. */
  async remove(): Promise<boolean> {
    try {
      await this.#api.remove(this.#id);
      return true;
    } catch (error) {
      this.problem = asProblem(error);
      return false;
    }
  }

  async more(): Promise<void> {
    await this.#find(this.#next ?? 0);
  }

  async #show(call: () => Promise<ImportView>): Promise<void> {
    try {
      const before = this.view?.state;
      this.view = await call();
      this.problem = null;
      if (!this.isAtWork && before !== this.view.state) await this.#find(0);
    } catch (error) {
      this.problem = asProblem(error);
    }
  }

  async #find(after: number): Promise<void> {
    try {
      const answer = await this.#api.findings(this.#id, after);
      this.findings = [...(after === 0 ? [] : this.findings), ...answer.findings];
      this.#next = answer.next;
    } catch (error) {
      this.problem = asProblem(error);
    }
  }
}

/** The person's own applications to choose one of: a few are listed, many are searched. */
import type { Application } from '#protocol/portal-api.ts';
import type { ApiClient } from '../../api/client.ts';

const shownMax = 50;
const restMs = 300;

export class ApplicationChoices {
  found = $state.raw<readonly Application[]>([]);
  /** All there are, however few are shown. */
  total = $state(0);
  /** The one that was there beforehand, also when the list does not show it. */
  #chosen = $state.raw<Application | null>(null);
  readonly #api: ApiClient;
  /** What `found` answers, or will. */
  #words = '';
  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(api: ApiClient) {
    this.#api = api;
  }

  readonly areMany = $derived(this.total > shownMax);
  readonly shown: readonly Application[] = $derived.by(() => {
    const one = this.#chosen;
    const isThere = one === null || this.found.some(({ id }) => id === one.id);
    return isThere ? this.found : [one, ...this.found];
  });

  /** Who has none, and an office, is not asked: the portal's refusal leaves the list empty. */
  async load(chosen: string): Promise<void> {
    await this.#find('');
    this.total = this.found.length === 0 ? 0 : Math.max(this.total, this.found.length);
    if (chosen) await this.keep(chosen);
  }

  /** Leaves the chosen one in the list, whatever is searched next. */
  async keep(id: string): Promise<void> {
    const known = this.shown.find((each) => each.id === id);
    this.#chosen = known ?? (await this.#api.application(id).catch(() => null));
  }

  search(typed: string): void {
    clearTimeout(this.#timer);
    const words = typed.trim();
    if (words === this.#words) return;
    this.#timer = setTimeout(() => void this.#find(words), restMs);
  }

  stop = (): void => clearTimeout(this.#timer);

  async #find(q: string): Promise<void> {
    this.#asked += 1;
    this.#words = q;
    const mine = this.#asked;
    const answer = await this.#api.applications({ q, limit: shownMax }).catch(() => null);
    if (answer === null || mine !== this.#asked) return;
    this.found = answer.applications;
    if (q === '') this.total = answer.total;
  }
}

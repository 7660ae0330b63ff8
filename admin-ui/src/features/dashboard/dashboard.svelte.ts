/**
 * How many of the person's applications stand where, and whether the help desk waits for them. Of
 * applications one call for whoever has few; for whoever has more than a list's first piece the
 * portal counts each state.
 */
import type { ApiClient } from '../../api/client.ts';
import { helpdeskClient } from '../helpdesk/client.ts';
import { type NextStep, nextStepOf, type Tally, tallyOf } from './next-step.ts';

const fewMax = 20;
const states = ['draft', 'ready', 'submitted', 'receipt'] as const;

export class Dashboard {
  #known = $state.raw<Omit<Parameters<typeof nextStepOf>[0], 'isDay'> | null>(null);
  readonly #api: ApiClient;
  readonly #isDay: () => boolean;

  /** `isDay`: a click day opens within 24 hours or is open, by the official clock. */
  constructor(options: { api: ApiClient; isDay: () => boolean }) {
    this.#api = options.api;
    this.#isDay = options.isDay;
  }

  /** Null until it is known; then the one thing to do. */
  readonly next: NextStep | null = $derived.by(() =>
    this.#known === null ? null : nextStepOf({ ...this.#known, isDay: this.#isDay() }),
  );

  get tally(): Tally | null {
    return this.#known?.tally ?? null;
  }

  /** A portal that does not answer leaves what is known; the page's own call says so. */
  async load(): Promise<void> {
    try {
      const { applications, total } = await this.#api.applications({ limit: fewMax });
      const isWhole = applications.length === total;
      const only = total === 1 ? (applications[0] ?? null) : null;
      const [tally, asked] = await Promise.all([
        isWhole ? tallyOf(applications) : this.#count(),
        this.#asked(),
      ]);
      this.#known = { tally, only, asked };
    } catch {
      // Said by whatever else the page asks for; this box only helps.
    }
  }

  /** Of the newest requests, those that wait for the person; none when that cannot be had. */
  async #asked(): Promise<readonly string[]> {
    const { tickets } = await helpdeskClient(this.#api)
      .tickets(null)
      .catch(() => ({ tickets: [] }));
    return tickets.filter(({ isForYou }) => isForYou).map(({ id }) => id);
  }

  async #count(): Promise<Tally> {
    const one = async (status: (typeof states)[number]) =>
      [status, (await this.#api.applications({ status, limit: 1 })).total] as const;
    return Object.fromEntries(await Promise.all(states.map(one))) as unknown as Tally;
  }
}

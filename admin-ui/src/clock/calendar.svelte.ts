/**
 * The click days as the portal publishes them, and their state by the official clock: a day that
 * was planned when the page was loaded is open the moment the clock says so, without a reload.
 */
import type { ClickDayView } from '#protocol/portal-api.ts';
import type { ApiClient } from '../api/client.ts';
import { type ApiProblem, asProblem } from '../api/problem.ts';
import { msFromIso } from '../i18n/time-format.ts';
import type { OfficialClock } from './official-clock.svelte.ts';

const dayMs = 24 * 60 * 60 * 1000;

export class Calendar {
  clickDays = $state.raw<readonly ClickDayView[] | null>(null);
  problem = $state<ApiProblem | null>(null);

  readonly #api: ApiClient;
  readonly #clock: OfficialClock;

  constructor(options: { api: ApiClient; clock: OfficialClock }) {
    this.#api = options.api;
    this.#clock = options.clock;
  }

  async load(): Promise<void> {
    try {
      const days = await this.#api.clickDays();
      this.clickDays = days.toSorted((a, b) => a.opensAt.localeCompare(b.opensAt));
      this.problem = null;
    } catch (error) {
      this.problem = asProblem(error);
    }
  }

  find(id: string | null): ClickDayView | null {
    return this.clickDays?.find((day) => day.id === id) ?? null;
  }

  /** The state of a day now, by the official clock once it is known. */
  statusOf(day: ClickDayView): ClickDayView['status'] {
    const now = this.#clock.secondMs;
    if (now === null || day.status === 'suspended') return day.status;
    if (now < msFromIso(day.opensAt)) return 'planned';
    return now < msFromIso(day.closesAt) ? 'open' : 'closed';
  }

  /** The next day to open, or null. */
  readonly next = $derived.by(() => {
    return this.clickDays?.find((day) => this.statusOf(day) === 'planned') ?? null;
  });

  /** The day that is open now, or null. */
  readonly open = $derived.by(() => {
    return this.clickDays?.find((day) => this.statusOf(day) === 'open') ?? null;
  });

  /** True in the 24 hours before an opening and while a day is open: the clock shows tenths. */
  readonly isNear = $derived.by(() => {
    if (this.open !== null) return true;
    const now = this.#clock.secondMs;
    return now !== null && this.next !== null && msFromIso(this.next.opensAt) - now < dayMs;
  });
}

/**
 * What everybody is told now. Asked for when the page opens, again every five minutes while it is
 * looked at, and when it is looked at again. A notice disappears by the official clock the moment
 * its period is over. A portal that does not answer leaves the last ones standing.
 */
import type { Notice } from '#protocol/notices-api.ts';
import type { ApiClient } from '../../api/client.ts';
import type { OfficialClock } from '../../clock/official-clock.svelte.ts';
import { msFromIso } from '../../i18n/time-format.ts';
import { noticesClient } from './notices-client.ts';

const askEveryMs = 5 * 60_000;

export class NoticeBoard {
  #all = $state.raw<readonly Notice[]>([]);
  readonly #api: ApiClient;
  readonly #clock: OfficialClock;

  constructor(options: { api: ApiClient; clock: OfficialClock }) {
    this.#api = options.api;
    this.#clock = options.clock;
  }

  readonly shown: readonly Notice[] = $derived.by(() => {
    const now = this.#clock.secondMs;
    return this.#all.filter((notice) => now === null || now < msFromIso(notice.until));
  });

  async load(): Promise<void> {
    try {
      this.#all = await noticesClient(this.#api).current();
    } catch {
      // The header says that the service does not answer; the next time is in five minutes.
    }
  }

  /** Starts asking; the result stops it. */
  start(): () => void {
    const ask = (): void => {
      if (document.visibilityState === 'visible') void this.load();
    };
    const timer = setInterval(ask, askEveryMs);
    document.addEventListener('visibilitychange', ask);
    void this.load();
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', ask);
    };
  }
}

/**
 * What every page can ask for, made once in `main.ts` and handed down through Svelte's context:
 * no module of the application holds state of its own.
 */
import { createContext } from 'svelte';
import type { ApiClient } from './api/client.ts';
import type { Calendar } from './clock/calendar.svelte.ts';
import type { OfficialClock } from './clock/official-clock.svelte.ts';
import type { Notifications } from './components/notifications.svelte.ts';
import type { Locale } from './i18n/locale.svelte.ts';
import type { NewsFeed } from './live/news-feed.ts';
import type { Call } from './reference/call.svelte.ts';
import type { Offices } from './reference/offices.svelte.ts';
import type { Session } from './session/session.svelte.ts';
import type { UnsavedAnswers } from './session/unsaved-answers.ts';

export interface App {
  readonly api: ApiClient;
  readonly calendar: Calendar;
  readonly call: Call;
  readonly clock: OfficialClock;
  readonly locale: Locale;
  readonly news: NewsFeed;
  readonly notifications: Notifications;
  readonly offices: Offices;
  /** Between 0 and 1, another each time: spreads what many pages would do at one moment. */
  readonly random: () => number;
  readonly session: Session;
  readonly unsaved: UnsavedAnswers;
}

export const [useApp, provideApp] = createContext<App>();

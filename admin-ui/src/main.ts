/**
 * Makes the things that live as long as the page (language, API client, session, official clock,
 * calendar) and shows the application. The only place that touches the browser's globals.
 */
import 'bootstrap-italia/dist/css/bootstrap-italia.min.css';
import './styles/fonts.css';
import './styles/clickday.css';
import './styles/notices.css';
import './styles/helpdesk.css';
import { mount } from 'svelte';
import { ApiClient } from './api/client.ts';
import Root from './app.svelte';
import type { App } from './app-context.ts';
import { Calendar } from './clock/calendar.svelte.ts';
import { OfficialClock } from './clock/official-clock.svelte.ts';
import { Notifications } from './components/notifications.svelte.ts';
import { offeredLanguages } from './i18n/languages.ts';
import { Locale } from './i18n/locale.svelte.ts';
import { NewsFeed } from './live/news-feed.ts';
import { Call } from './reference/call.svelte.ts';
import { Offices } from './reference/offices.svelte.ts';
import { Session } from './session/session.svelte.ts';
import { UnsavedAnswers } from './session/unsaved-answers.ts';

/** Written when a person logs out, so that the other windows hear of it. */
const leftKey = 'clickday.left';

async function createApp(): Promise<App> {
  const locale = new Locale({
    storage: localStorage,
    root: document.documentElement,
    offered: offeredLanguages,
  });
  await locale.start(navigator.languages);
  const session: Session = new Session({
    api: () => api,
    onLeaving: () => {
      unsaved.forget();
      localStorage.setItem(leftKey, String(performance.timeOrigin + performance.now()));
    },
  });
  const unsaved = new UnsavedAnswers({
    storage: localStorage,
    account: () => session.account?.id,
  });
  const api = new ApiClient({
    fetch: (input, init) => fetch(input, init),
    language: () => locale.language,
    onSessionOver: () => session.end(),
  });
  const random = () => Math.random();
  const monotonicMs = () => performance.now();
  const clock = new OfficialClock({ exchange: api.time, monotonicMs, random });
  const calendar = new Calendar({ api, clock });
  const notifications = new Notifications();
  const offices = new Offices(api);
  const call = new Call(api);
  const news = new NewsFeed({
    open: (url) => new EventSource(url),
    after: (ms, work) => {
      const timer = setTimeout(work, ms);
      return () => clearTimeout(timer);
    },
    random,
    isVisible: () => document.visibilityState === 'visible',
  });
  document.addEventListener('visibilitychange', () => news.visibilityChanged());
  const parts = { api, calendar, call, clock, locale, news, notifications };
  return { ...parts, offices, random, session, unsaved };
}

/** Whoever logs out in one window leaves in all of them: no form stays open on the screen. */
function leaveWithOtherWindows(event: StorageEvent): void {
  if (event.key === leftKey) location.assign('/');
}

/** The router takes over every click on a link; one with a key held means a new tab or window. */
function leaveModifiedClicksToTheBrowser(event: MouseEvent): void {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) event.stopPropagation();
}

const target = document.getElementById('app');
if (target) {
  document.addEventListener('click', leaveModifiedClicksToTheBrowser);
  window.addEventListener('storage', leaveWithOtherWindows);
  mount(Root, { target, props: { app: await createApp() } });
}

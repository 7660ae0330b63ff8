/**
 * Makes the things that live as long as the page (language, API client, session, official clock,
 * calendar) and shows the application. The only place that touches the browser's globals.
 */
import 'bootstrap-italia/dist/css/bootstrap-italia.min.css';
import './styles/fonts.css';
import './styles/clickday.css';
import { mount } from 'svelte';
import { ApiClient } from './api/client.ts';
import Root from './app.svelte';
import type { App } from './app-context.ts';
import { Calendar } from './clock/calendar.svelte.ts';
import { OfficialClock } from './clock/official-clock.svelte.ts';
import { Notifications } from './components/notifications.svelte.ts';
import { Locale } from './i18n/locale.svelte.ts';
import { Session } from './session/session.svelte.ts';

function createApp(): App {
  const locale = new Locale({
    storage: localStorage,
    root: document.documentElement,
    preferred: navigator.languages,
  });
  const session: Session = new Session({ api: () => api });
  const api = new ApiClient({
    fetch: (input, init) => fetch(input, init),
    language: () => locale.language,
    onSessionOver: () => session.end(),
  });
  const clock = new OfficialClock({ exchange: api.time, monotonicMs: () => performance.now() });
  const calendar = new Calendar({ api, clock });
  return { api, calendar, clock, locale, notifications: new Notifications(), session };
}

/** The router takes over every click on a link; one with a key held means a new tab or window. */
function leaveModifiedClicksToTheBrowser(event: MouseEvent): void {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) event.stopPropagation();
}

const target = document.getElementById('app');
if (target) {
  document.addEventListener('click', leaveModifiedClicksToTheBrowser);
  mount(Root, { target, props: { app: createApp() } });
}

/**
 * Makes what lives as long as the page and shows it. The only place that touches the browser's
 * globals. The address that opened the page carries a token behind `#`, which is good once: it is
 * exchanged for a cookie and a key, and taken out of the address.
 */
import 'bootstrap-italia/dist/css/bootstrap-italia.min.css';
import './fonts.css';
import './page.css';
import { mount } from 'svelte';
import App from './app.svelte';
import { OfficialClock } from './clock.svelte.ts';
import { Link } from './link.svelte.ts';
import { enter, Program } from './program.ts';

const KEY = 'clickday.page';

async function keyOfThisPage(): Promise<string> {
  const token = location.hash.slice(1);
  if (token !== '') {
    history.replaceState(null, '', '/');
    const key = await enter((...words) => fetch(...words), token);
    if (key !== undefined) localStorage.setItem(KEY, key);
  }
  return localStorage.getItem(KEY) ?? '';
}

/** A new address of the same program in a page that is open already: it begins anew. */
window.addEventListener('hashchange', () => location.reload());

const target = document.getElementById('app');
if (target) {
  const program = new Program((...words) => fetch(...words), await keyOfThisPage());
  const link = new Link(program, navigator.language.startsWith('it') ? 'it' : 'en');
  const clock = new OfficialClock(
    (t0) => program.time(t0),
    () => performance.now(),
  );
  link.start();
  clock.start();
  mount(App, { target, props: { program, link, clock } });
}

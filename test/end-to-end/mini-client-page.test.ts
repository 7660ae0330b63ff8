/**
 * The mini-client's local page, driven in a real browser through a whole small day against real
 * processes: log-in, the list put in order, one button, the opening, outcomes, receipts, the public
 * log. On the way the program is killed and goes on, and a page of somebody else tries everything a
 * browser lets it try to drive the program, and cannot.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import type { FixtureAccount } from '#bench/system.ts';
import { isoFromUs } from '#protocol/time.ts';
import { accessibilityFaults, fitsWidth, openBrowser } from '#test/support/browser.ts';
import { startPage } from '#test/support/page-program.ts';
import {
  clickdayOk,
  exportedLedger,
  fixture,
  runningSystem,
  temporaryDirectory,
} from '#test/support/system.ts';
import { readRecords } from '../../mini-client/core/index.ts';
import { ClientDirectory } from '../../mini-client/node/directory.ts';

const STAFF = 'capo@example.it';
const PASSWORD = 'cavallo batteria graffetta';
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

test('a person presses one button and the program does the day', async () => {
  const data = join(temporaryDirectory(), 'data');
  const words = ['--opens-in', '3600'];
  const [account, other] = await fixture({ data, accounts: 2, applications: 8, words });
  const system = await runningSystem({ data });
  const portal = new URL(system.portal ?? '').origin;
  const openDay = await keyToTheDay(data, portal);
  const directory = temporaryDirectory();
  const first = await startPage(directory);
  const { page, faults } = await openBrowser(first.origin);
  const look = async (name: string) => {
    faults.push(...(await accessibilityFaults(page)).map((fault) => `${name}: ${fault}`));
    if (!(await fitsWidth(page, 360))) faults.push(`${name} is wider than 360 px`);
  };

  await page.goto(first.address);
  await page.getByLabel('Indirizzo del portale').fill(portal);
  await logIn(page, account!);
  await page.getByText('4 da inviare, già selezionate').waitFor();
  await page.getByText(/Varco 127\.0\.0\.1:\d+ raggiungibile/).waitFor();
  await look('the list');
  const order = [...(await putInOrder(page)), ...(await addAccount(page, other!))];
  await look('two accounts');
  await press(page, 'Prepara l’invio');
  await page.getByText('Collegato al varco g1 · 2 account su 2').waitFor();
  await page.getByText('8/8 pronte. Non c’è nulla da fare fino alle').waitFor();
  await page
    .getByText(/Pronto per il click day/)
    .first()
    .waitFor();
  await look('waiting');
  const known = faults.length;
  expect(await attack(page, first.origin)).toEqual(NOTHING_WORKED);
  faults.length = known;
  expect(await page.locator('.mc-big-title').innerText()).toBe('Tutto pronto');

  // A power cut: the next start goes on by itself. Its page is another one.
  await first.kill();
  await page.getByText('Questa pagina ha perso il programma').waitFor();
  const second = await startPage(directory, ['--port', new URL(first.origin).port]);
  await page.goto(second.address);
  await page.getByText('Collegato al varco g1').waitFor();
  // A double click on what runs already opens its page and no second sender.
  const third = await startPage(directory);
  expect([third.origin, await third.ended]).toEqual([second.origin, 0]);
  await openDay();
  await page.getByText('8 accettate. Non devi fare altro.').waitFor();
  const lines = page.locator('.mc-line');
  await lines.getByText('verificata su questo computer').nth(7).waitFor();
  await page.getByText('8/8 al loro posto nel registro').waitFor();
  await page.getByText('L’ordine in cui sono partite.').first().waitFor();
  expect(await page.getByText(/Pronto per il click day/).count()).toBe(0);
  await look('afterwards');
  const shown = await lines.locator('.mc-line-title').allInnerTexts();
  expect(shown).toEqual(order);
  const folders = [directory, join(directory, 'accounts', other!.email)];
  expect(folders.flatMap(sentOf)).toEqual(order);
  const protocols = (await exportedLedger(data)).map(
    ({ seq, gate }) => `/${gate}/${String(seq).padStart(9, '0')}`,
  );
  const ofLines = (await lines.locator('code').allInnerTexts()).sort();
  expect(ofLines).toEqual(protocols.map((protocol) => expect.stringContaining(protocol)));
  await openFile(page, `Apri la ricevuta di ${shown[0]}`, /\/(?!summary)\w+\.pdf$/);
  await openFile(page, 'Riepilogo (PDF)', /\/summary-[\w-]+\.pdf$/);
  await press(page, 'Ferma il programma');
  expect(await second.ended).toBe(0);
  // Chromium's own viewer of the receipt is made of files of Chromium.
  expect(faults.filter((fault) => !/^fetched chrome/.test(fault))).toEqual([]);
});

test('who has one application is asked for no order', async () => {
  const data = join(temporaryDirectory(), 'data');
  const words = ['--opens-in', '3600'];
  const [account] = await fixture({ data, accounts: 1, applications: 1, words });
  const system = await runningSystem({ data });
  const program = await startPage(temporaryDirectory());
  const { page } = await openBrowser(program.origin);
  await page.goto(program.address);
  await page.getByLabel('Indirizzo del portale').fill(new URL(system.portal ?? '').origin);
  await logIn(page, account!);
  await page.getByText('1 da inviare, già selezionata').waitFor();
  const row = page.locator('.mc-row');
  expect(await row.getByRole('button').count()).toBe(0);
  expect(await row.getAttribute('draggable')).toBe('false');
  await press(page, 'Ferma il programma');
  expect(await program.ended).toBe(0);
});

async function logIn(page: Page, account: FixtureAccount): Promise<void> {
  await page.getByLabel('Indirizzo e-mail').fill(account.email);
  await page.getByLabel('Password').fill(account.password);
  await press(page, 'Accedi');
}

/** One more account, of the same portal; the titles of what it adds. */
async function addAccount(page: Page, account: FixtureAccount): Promise<string[]> {
  expect(await page.getByRole('list', { name: 'Account' }).count()).toBe(0);
  await press(page, 'Aggiungi un altro account');
  expect(await page.getByLabel('Indirizzo del portale').count()).toBe(0);
  await logIn(page, account);
  const accounts = page.getByRole('list', { name: 'Account' }).getByRole('listitem');
  await accounts.nth(1).getByText(account.email, { exact: true }).waitFor();
  await page.getByRole('heading', { name: account.email }).waitFor();
  const titles = await page.locator('.mc-row label').allInnerTexts();
  return titles.slice(4).map(firstLine);
}

/** The last one first, by its button, then the first one last, by dragging; the titles as shown. */
async function putInOrder(page: Page): Promise<string[]> {
  const rows = page.locator('.mc-row');
  const titles = async () => (await rows.locator('label').allInnerTexts()).map(firstLine);
  const [one = '', two = '', three = '', four = ''] = await titles();
  const up = rows.nth(3).getByRole('button', { name: /Sposta prima/ });
  await up.focus();
  const hearFirst = await holdFirstChoice(page);
  for (const place of [3, 2, 1]) {
    await page.keyboard.press('Enter');
    await page.getByText(`ora è la numero ${place} di 4`).waitFor();
  }
  await hearFirst(3);
  await page.reload(); // shows what the program has kept
  await rows.nth(3).waitFor();
  expect(await titles()).toEqual([four, one, two, three]);
  await rows.nth(1).dragTo(rows.nth(3));
  await page.getByText(`${one}: ora è la numero 4 di 4.`).waitFor();
  const order = [four, two, three, one];
  expect(await titles()).toEqual(order);
  return order;
}

/** The program hears of the first choice when told to, and then of so many in all. */
async function holdFirstChoice(page: Page): Promise<(choices: number) => Promise<void>> {
  const calls = '**/choice';
  let release = () => {};
  const isReleased = new Promise<void>((resolve) => {
    release = resolve;
  });
  let asked = 0;
  await page.route(calls, async (route) => {
    asked += 1;
    if (asked === 1) await isReleased;
    await route.continue();
  });
  let answered = 0;
  page.on('response', (response) => {
    if (response.url().endsWith('/choice')) answered += 1;
  });
  return async (choices) => {
    release();
    await expect.poll(() => answered).toBe(choices);
    await page.unroute(calls);
  };
}

const firstLine = (text: string) => text.split('\n')[0]!.trim();

/** Presses what opens a PDF in the browser's own viewer. */
async function openFile(page: Page, button: string, name: RegExp): Promise<void> {
  const answered = page.context().waitForEvent('response', (one) => name.test(one.url()));
  await press(page, button);
  const answer = await answered;
  expect([answer.status(), answer.headers()['content-type']]).toEqual([200, 'application/pdf']);
}

/** Titles in the order in which they left for the first time, as the journal has it. */
function sentOf(path: string): string[] {
  const directory = new ClientDirectory(path);
  const titles = new Map(directory.prepared()[0]?.applications.map(({ id, title }) => [id, title]));
  const sent = readRecords(directory.journal().read()).filter(({ type }) => type === 'sent');
  return [...new Set(sent.map(({ application }) => titles.get(application) ?? ''))];
}

/** What each of the attempts came to: nothing could be read, nothing was done. */
const NOTHING_WORKED = {
  read: 'TypeError',
  readWithCookie: 'TypeError',
  call: 'TypeError',
  blindCall: 'TypeError',
  events: 'closed',
  socket: 'closed',
  frame: 'empty',
  script: 'error',
};

/** From a page of another port of this computer, where the browser sends even our cookie along. */
async function attack(page: Page, origin: string): Promise<Record<string, string>> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end('<!doctype html><title>elsewhere</title>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const elsewhere = await page.context().newPage();
  await elsewhere.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  const result = await elsewhere.evaluate(`(${ATTACK})(${JSON.stringify(origin)})`);
  await elsewhere.close();
  return result as Record<string, string>;
}

const ATTACK = `async (origin) => {
  const outcome = (work) => work.then((answer) => answer.type, (error) => error.name);
  const event = (target, names) => new Promise((resolve) => {
    for (const [name, word] of Object.entries(names)) {
      target.addEventListener(name, () => resolve(word));
    }
  });
  const json = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' };
  const stop = origin + '/api/stop';
  const read = await outcome(fetch(origin + '/'));
  const readWithCookie = await outcome(fetch(origin + '/api/events', { credentials: 'include' }));
  const call = await outcome(fetch(stop, { ...json, credentials: 'include' }));
  const blind = { method: 'POST', mode: 'no-cors', credentials: 'include', body: '{}' };
  const blindCall = await outcome(fetch(stop, blind));
  const frame = document.createElement('iframe');
  frame.name = 'answer';
  document.body.append(frame);
  const form = Object.assign(document.createElement('form'), {
    method: 'post', action: stop, target: 'answer', enctype: 'text/plain',
  });
  document.body.append(form);
  const formAnswer = event(frame, { load: 'answered' });
  form.submit();
  await formAnswer;
  const source = new EventSource(origin + '/api/events', { withCredentials: true });
  const events = await event(source, { message: 'open', open: 'open', error: 'closed' });
  source.close();
  const socket = new WebSocket(origin.replace('http', 'ws') + '/api/events');
  const socketAnswer = await event(socket, { open: 'open', error: 'closed' });
  const inner = Object.assign(document.createElement('iframe'), { src: origin + '/' });
  const framed = event(inner, { load: 'loaded' });
  document.body.append(inner);
  await framed;
  let frameShows = 'page';
  try { frameShows = inner.contentDocument ? 'page' : 'empty'; } catch { frameShows = 'empty'; }
  const script = Object.assign(document.createElement('script'), { src: origin + '/api/time' });
  const scriptAnswer = event(script, { load: 'ran', error: 'error' });
  document.head.append(script);
  return {
    read, readWithCookie, call, blindCall, events, socket: socketAnswer,
    frame: frameShows, script: await scriptAnswer,
  };
}`;

/** Moves the opening to the next second and a half, as an administrator. */
async function keyToTheDay(data: string, portal: string): Promise<() => Promise<void>> {
  const staff = ['--email', STAFF, '--role', 'admin', '--public-url', portal];
  const said = await clickdayOk(['user', 'add', '--data', data, ...staff]);
  const token = /token=([\w-]+)/.exec(said)?.[1];
  let authorization = '';
  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await fetch(new URL(path, portal), {
      method,
      headers: { 'content-type': 'application/json', authorization },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    expect(answer.ok, `${method} ${path}`).toBe(true);
    const text = await answer.text();
    return (text === '' ? undefined : JSON.parse(text)) as T;
  };
  await call('POST', '/api/setup', { token, password: PASSWORD });
  const words = { email: STAFF, password: PASSWORD, kind: 'bearer' };
  const session = await call<{ token: string }>('POST', '/api/session', words);
  authorization = `Bearer ${session.token}`;
  return async () => {
    type Days = { clickDays: { id: string; name: object }[] };
    const { clickDays } = await call<Days>('GET', '/api/admin/click-days');
    const { id, name } = clickDays[0]!;
    const opensAtUs = (Date.now() + 1_500) * 1000;
    const times = { opensAt: isoFromUs(opensAtUs), closesAt: isoFromUs(opensAtUs + 3_600_000_000) };
    await call('PUT', `/api/admin/click-days/${id}`, { name, ...times });
  };
}

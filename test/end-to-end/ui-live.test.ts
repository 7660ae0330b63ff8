/**
 * The click day on an open page, in a real browser: what was accepted shows without a reload, in
 * the list and on the page of the application, with its receipt; and a portal that is busy is
 * waited for kindly, with nothing lost and nothing to do.
 */
import type { Page, Route } from 'playwright-core';
import { expect, test } from 'vitest';
import { accessibilityFaults, fitsWidth, openBrowser } from '#test/support/browser.ts';
import { PATIENCE_MS } from '#test/support/patience.ts';
import {
  eventually,
  type FixtureAccount,
  fixture,
  type RunningSystem,
  runningSystem,
  temporaryDirectory,
} from '#test/support/system.ts';

test('an open page shows what arrives, and waits by itself for a busy portal', async () => {
  const data = temporaryDirectory();
  const words = ['--opens-in', '1', '--sessions'];
  const [account] = (await fixture({ data, accounts: 1, applications: 2, words })) as [
    FixtureAccount,
  ];
  const system = await runningSystem({ data });
  const origin = new URL(system.portal ?? '').origin;
  const { page, faults } = await openBrowser(origin);
  const look = async () => {
    faults.push(...(await accessibilityFaults(page)));
    if (!(await fitsWidth(page, 360))) faults.push(`${page.url()} is wider than 360 px`);
  };
  const { hostname: domain } = new URL(origin);
  const value = account.session ?? '';
  await page.context().addCookies([{ name: 'clickday', value, domain, path: '/' }]);

  await showsInTheList(page, { system, account });
  await showsOnItsPage(page, { system, account }, look);
  await waitsWithTheList(page, look);
  await keepsWhatIsTyped(page, origin);

  expect(faults).toEqual([]);
});

const RETRY_AFTER_S = 2;
/** A slow machine only asks later; a timer of the browser may be this early. */
const EARLY_MS = 50;

interface Sender {
  readonly system: RunningSystem;
  readonly account: FixtureAccount;
}

/** Sends one application, as the mini-client would. */
async function send({ system, account }: Sender, application: string): Promise<void> {
  const url = new URL('/v1/submissions', (system.gate ?? '').replace(/^ws/, 'http'));
  const [passbook] = account.passbooks;
  const headers = { authorization: `Bearer ${passbook}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ application });
  await eventually('the gate accepts', PATIENCE_MS, async () => {
    const { status } = await fetch(url, { method: 'POST', headers, body });
    return status === 201;
  });
}

const untouched = (page: Page) => page.evaluate('window.isSamePage === true');

async function showsInTheList(page: Page, sender: Sender): Promise<void> {
  const streaming = page.waitForResponse((response) => response.url().endsWith('/api/events'));
  await page.goto('/applications');
  await page.evaluate('window.isSamePage = true');
  await page.getByText('2 domande', { exact: true }).waitFor();
  expect((await streaming).status()).toBe(200);
  await page.context().route('**/api/applications?*', (route) => route.abort());
  await send(sender, sender.account.applications[0]!);
  await page
    .locator('.cd-item')
    .getByText(/Arrivata .*2\d{3}/)
    .waitFor();
  await page.locator('.cd-item').getByText('Con ricevuta').waitFor();
  await page.locator('.cd-notification').getByText('Con ricevuta').waitFor();
  await page.context().unroute('**/api/applications?*');
  expect(await untouched(page)).toBe(true);
}

async function showsOnItsPage(page: Page, sender: Sender, look: () => Promise<void>) {
  const id = sender.account.applications[1]!;
  await page.goto(`/applications/${id}`);
  await page.evaluate('window.isSamePage = true');
  await page.getByRole('link', { name: 'Come si invia' }).first().waitFor();
  await send(sender, id);
  await page.getByText('Protocollo ').first().waitFor();
  const receipt = page.getByRole('link', { name: 'Scarica la ricevuta (PDF)' });
  await receipt.waitFor();
  expect(await untouched(page)).toBe(true);
  await look();
}

/** What the portal says when it has no time. */
function refuse(route: Route): Promise<void> {
  const messages = { it: 'Il portale è molto occupato.', en: 'The portal is very busy.' };
  return route.fulfill({
    ...{ status: 503, contentType: 'application/problem+json' },
    headers: { 'retry-after': String(RETRY_AFTER_S) },
    body: JSON.stringify({ code: 'BUSY', status: 503, title: 'busy', messages }),
  });
}

async function waitsWithTheList(page: Page, look: () => Promise<void>): Promise<void> {
  const refusedAtMs: number[] = [];
  let isBusy = true;
  await page.route('**/api/applications?limit=50*', (route) => {
    if (!isBusy) return route.continue();
    refusedAtMs.push(performance.now());
    return refuse(route);
  });
  await page.goto('/applications');
  await page.getByText('Un momento di attesa').waitFor();
  await page.getByText(/Riproviamo da soli tra \d second/).waitFor();
  await look();
  await eventually('it has asked again by itself', PATIENCE_MS, () => refusedAtMs.length > 1);
  const [first = 0, second = 0] = refusedAtMs;
  expect(second - first).toBeGreaterThan(RETRY_AFTER_S * 1000 - EARLY_MS);
  isBusy = false;
  await page.getByText('2 domande').waitFor();
}

async function keepsWhatIsTyped(page: Page, origin: string): Promise<void> {
  const made = await page.request.post('/api/applications', {
    ...{ data: { model: 'A' }, headers: { origin } },
  });
  const { id } = (await made.json()) as { id: string };
  let isBusy = true;
  let saved = 0;
  await page.route('**/api/applications/*/pages/1', (route) => {
    if (route.request().method() !== 'PUT') return route.continue();
    if (isBusy) return refuse(route);
    saved += 1;
    return route.continue();
  });
  await page.goto(`/applications/${id}/pages/1`);
  const field = page.locator('main input[type="text"]').first();
  await field.fill('Rossi');
  await page.locator('.cd-saving.is-offline').waitFor();
  isBusy = false;
  await page.getByText(/Salvato alle \d\d:\d\d:\d\d/).waitFor();
  expect([await field.inputValue(), saved]).toEqual(['Rossi', 1]);
}

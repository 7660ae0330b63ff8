/**
 * The public list in a real browser, without a login: empty before the opening, live while entries
 * arrive, filtered, searched, paged by keyboard; looked at by axe, at 360 and 1280 pixels.
 */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { isoFromUs } from '#protocol/time.ts';
import { callerAt } from '#test/contract/portal-world.ts';
import { accessibilityFaults, fitsWidth, openBrowser } from '#test/support/browser.ts';
import { ForeignClient } from '#test/support/foreign-client.ts';
import { PATIENCE_MS } from '#test/support/patience.ts';
import {
  clickdayOk,
  eventually,
  type FixtureAccount,
  fixture,
  runningSystem,
  submissionsUrl,
  temporaryDirectory,
} from '#test/support/system.ts';

const APPLICATIONS = 120;
const PASSWORD = 'cavallo batteria graffetta';

test('anybody watches the public list, finds a place and sees how to check it', async () => {
  const data = temporaryDirectory();
  const [account] = (await fixture({
    ...{ data, accounts: 1, applications: APPLICATIONS, words: ['--opens-in', '3600'] },
  })) as [FixtureAccount];
  const system = await runningSystem({ data });
  const origin = new URL(system.portal ?? '').origin;
  const { page, faults } = await openBrowser(origin);
  const look = async () => {
    faults.push(...(await accessibilityFaults(page)));
    if (!(await fitsWidth(page, 360))) faults.push(`${page.url()} is wider than 360 px`);
  };

  await page.goto('/');
  await page.getByRole('navigation').getByRole('link', { name: 'Graduatoria' }).click();
  await page.getByText('La graduatoria è ancora vuota').waitFor();
  await look();

  await openNow({ data, origin });
  await page.reload();
  await page.getByText('Nessun posto, per ora').waitFor();
  const client = await ForeignClient.connect(submissionsUrl(system));
  await client.hello(account.passbooks);
  await submitAll(client, account.applications.slice(0, 60));
  // Nobody reloads: the page asks by itself.
  await page.getByText('60 posti').waitFor();
  await page.getByText('si aggiorna da sola ogni secondo').waitFor();
  await submitAll(client, account.applications.slice(60));
  await page.getByText(`${APPLICATIONS} posti`).waitFor();
  client.close();
  expect(
    await page
      .locator('tbody tr')
      .filter({ has: page.locator('td code') })
      .count(),
  ).toBe(50);
  await look();

  await readArrivals(page, look);
  await walkPages(page);
  const accepted = client.messages.find(({ seq }) => seq === 77)!;
  await find(page, { ...accepted, protocol: accepted.protocol! }, look);
  await filter(page);
  await check(page, system.gate!.replace('ws', 'http'));
  await page.getByRole('button', { name: 'EN', exact: false }).first().click();
  await page.getByRole('heading', { level: 1, name: 'Public list' }).waitFor();
  await look();
  expect(faults).toEqual([]);
});

async function readArrivals(page: Page, look: () => Promise<void>) {
  const section = page.getByRole('region', { name: 'Quando sono arrivate' });
  await section.getByText('distano meno di un millesimo di secondo').waitFor();
  await section.getByRole('button', { name: 'Prime 24 ore' }).click();
  await section.getByText(`${APPLICATIONS} domande in questo periodo`).waitFor();
  await section.getByText('Gli stessi numeri in una tabella').click();
  const counts = await section.locator('tbody td').allInnerTexts();
  expect(counts.reduce((sum, text) => sum + Number(text), 0)).toBe(APPLICATIONS);
  await look();
}

/** With the keyboard alone. */
async function walkPages(page: Page) {
  const pages = page.getByRole('navigation', { name: 'Pagine dell’elenco' });
  await pages.getByRole('button', { name: 'Successivi' }).focus();
  await page.keyboard.press('Enter');
  await pages.getByText('Dal posto 51 al 100').waitFor();
  await page.keyboard.press('Enter');
  await pages.getByText(`Dal posto 101 al ${APPLICATIONS}`).waitFor();
  await pages.getByRole('button', { name: 'Precedenti' }).click();
  await pages.getByText('Dal posto 51 al 100').waitFor();
  await pages.getByRole('button', { name: 'Inizio' }).click();
  await pages.getByText('Dal posto 1 al 50').waitFor();
}

async function find(
  page: Page,
  wanted: { application?: string; protocol: string },
  look: () => Promise<void>,
) {
  const field = page.getByLabel('Trova una domanda');
  await field.press('Enter');
  await page.getByText('Scrivi l’identificativo o il numero').waitFor();
  await field.fill('2011-01-31/g9/000000001');
  await field.press('Enter');
  await page.getByText('nessun posto ha questo identificativo').waitFor();
  for (const text of [wanted.application!, wanted.protocol]) {
    await field.fill(text);
    await field.press('Enter');
    await page.getByText('È al posto 77').waitFor();
    await page.locator('tr.is-marked:focus').getByText(wanted.protocol).waitFor();
  }
  await look();
  // Who goes on typing is left alone by the page's own renewals.
  await field.focus();
  for (const _renewal of [1, 2]) await page.waitForResponse(/\/api\/rankings\//);
  await expect.poll(() => page.evaluate('document.activeElement.id')).toBe('find');
}

async function filter(page: Page) {
  const offices = page.getByLabel('Sportello Unico competente', { exact: true });
  const option = offices.locator('option').nth(1);
  const value = (await option.getAttribute('value'))!;
  const count = /: (\d+)$/.exec(await option.innerText())?.[1];
  await offices.selectOption(value);
  await page.getByText(new RegExp(`^${count} post[oi] su ${APPLICATIONS}`)).waitFor();
  const downloading = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Scarica in CSV' }).click();
  const stream = await (await downloading).createReadStream();
  const text = Buffer.concat((await stream.toArray()) as Buffer[]).toString('utf8');
  expect(text.split('\n').length - 2).toBe(Number(count));
  expect(text).toContain(`,${value},`);
}

async function check(page: Page, gate: string) {
  const command = await page.locator('.cd-command code').innerText();
  expect(command).toMatch(/^npm run -s clickday -- rank --from-log http:\/\/\S+ --click-day \S+ /);
  expect(command).toContain(`--from-log ${new URL(gate).origin}`);
  expect(command).toContain('/list.ndjson?office=');
}

async function submitAll(client: ForeignClient, ids: readonly string[]) {
  await eventually('all are accepted', PATIENCE_MS, async () => {
    const outcomes = await client.submit(ids);
    return outcomes.every(({ type }) => type === 'accepted');
  });
}

/** The administrator moves the opening to the next second. */
async function openNow({ data, origin }: { data: string; origin: string }) {
  const staff = ['--email', 'capo@example.it', '--role', 'admin', '--public-url', origin];
  const said = await clickdayOk(['user', 'add', '--data', data, ...staff]);
  const token = /token=([\w-]+)/.exec(said)?.[1];
  const nobody = callerAt(origin, {});
  await nobody.call('POST', '/api/setup', { token, password: PASSWORD });
  const credentials = { email: 'capo@example.it', password: PASSWORD, kind: 'bearer' };
  const session = await nobody.call<{ token: string }>('POST', '/api/session', credentials);
  const caller = callerAt(origin, { authorization: `Bearer ${session.body.token}` });
  const path = '/api/admin/click-days';
  const { body } = await caller.call<{ clickDays: { id: string; name: object }[] }>('GET', path);
  const { id, name } = body.clickDays[0]!;
  const opensAtUs = (Date.now() + 1_000) * 1000;
  const times = { opensAt: isoFromUs(opensAtUs), closesAt: isoFromUs(opensAtUs + 3_600_000_000) };
  expect((await caller.call('PUT', `${path}/${id}`, { name, ...times })).status).toBe(200);
}

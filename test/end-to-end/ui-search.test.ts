/**
 * The search in a real browser: an operator over earlier years and this one, with filters as chips,
 * sorted, paged, kept, downloaded, nothing found; looked at by axe, at 320 and 1280 pixels; and an
 * applicant who finds their own alone.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { accessibilityFaults, fitsWidth, openBrowser } from '#test/support/browser.ts';
import { historyCsv, historyHead, historyLines } from '#test/support/history.ts';
import {
  clickdayOk,
  type FixtureAccount,
  fixture,
  runningSystem,
  temporaryDirectory,
} from '#test/support/system.ts';

const PASSWORD = 'cavallo batteria graffetta';
/** Where pictures are put when somebody wants to look at them. */
const PICTURES = process.env.CLICKDAY_TEST_PICTURES;

test('whoever searches finds what they may, keeps the question and takes it along', async () => {
  const data = temporaryDirectory();
  const [account] = (await fixture({
    ...{ data, accounts: 1, applications: 3, words: ['--opens-in', '3600'] },
  })) as [FixtureAccount];
  const file = join(data, 'history.csv');
  const lines = [...historyLines(300)].map(historyCsv);
  writeFileSync(file, `${[historyHead.join(','), ...lines].join('\n')}\n`);
  await clickdayOk(['import-history', file, '--data', data]);
  const link = await clickdayOk([
    ...['user', 'add', '--email', 'sportello@example.org', '--role', 'operator', '--data', data],
  ]);
  const system = await runningSystem({ data });
  const origin = new URL(system.portal ?? '').origin;
  const { page, faults } = await openBrowser(origin);
  const look = async (name: string) => {
    faults.push(...(await accessibilityFaults(page)));
    if (!(await fitsWidth(page, 320))) faults.push(`${page.url()} is wider than 320 px`);
    if (PICTURES === undefined) return;
    mkdirSync(PICTURES, { recursive: true });
    for (const width of [360, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      await page.screenshot({ path: join(PICTURES, `${name}-${width}.png`), fullPage: true });
    }
  };

  const { pathname, search } = new URL(link.trim());
  await page.goto(pathname + search);
  await page.getByLabel('Nuova password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Attiva il profilo' }).click();
  await page.getByText('Profilo attivo').first().waitFor();
  await page.goto('/login');
  await page.getByLabel('Indirizzo e-mail').fill('sportello@example.org');
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('main').getByRole('button', { name: 'Accedi' }).click();
  await page.waitForURL((url) => url.pathname === '/');
  await page.getByRole('navigation').getByRole('link', { name: 'Cerca' }).click();
  await page.getByText('303 domande trovate').waitFor();
  expect(await page.locator('tbody tr').count()).toBe(50);
  await look('search-it');

  await page.getByText('Altri filtri').click();
  await page.locator('#filter-year').selectOption('2007');
  await page.locator('#filter-status').selectOption('granted');
  await page.getByRole('button', { name: 'Togli il filtro Stato: Accolta' }).waitFor();
  const granted = lines.filter((line) => /^2007,.*,granted,/.test(line)).length;
  await page.getByText(`${granted} domande trovate`).waitFor();
  await page.getByRole('button', { name: 'Ordina per Domanda' }).click();
  await page.locator('th[aria-sort=ascending]').getByText('Domanda').waitFor();
  await page.locator('table[aria-busy=false]').waitFor();
  const names = await page.locator('tbody th').allInnerTexts();
  expect(names).toEqual(names.toSorted((one, other) => (letters(one) < letters(other) ? -1 : 1)));
  await look('search-filters-it');

  await page.getByText('Ricerche salvate (0)').click();
  await page.getByLabel('Nome di questa ricerca').fill('Accolte 2007');
  await page.getByRole('button', { name: 'Salva la ricerca' }).click();
  await page.getByRole('button', { name: 'Accolte 2007', exact: true }).waitFor();
  await page.getByRole('button', { name: 'Togli tutti i filtri' }).click();
  await page.getByText('303 domande trovate').waitFor();
  await page.getByRole('button', { name: 'Successive' }).click();
  await page.getByText('da 51 a 100').waitFor();
  await page.getByRole('button', { name: 'Precedenti' }).click();
  await page.getByText('da 1 a 50').waitFor();
  await page.getByRole('button', { name: 'Accolte 2007', exact: true }).click();
  await page.getByText(`${granted} domande trovate`).waitFor();
  const downloaded = page.waitForEvent('download');
  await page.getByRole('link', { name: 'CSV' }).click();
  expect((await downloaded).suggestedFilename()).toBe('applications.csv');
  await page.reload();
  await page.getByText(`${granted} domande trovate`).waitFor();

  await page.getByLabel('Nome, codice fiscale o protocollo').fill('zzzz');
  await page.getByRole('button', { name: 'Cerca', exact: true }).click();
  await page.getByText('Nessuna domanda trovata').waitFor();
  await look('search-empty-it');
  await page.getByRole('navigation').getByRole('link', { name: 'Cerca' }).click();
  await page.getByText('303 domande trovate').waitFor();

  await page.context().clearCookies();
  await page.goto('/login?next=/search');
  await page.getByLabel('Indirizzo e-mail').fill(account.email);
  await page.getByLabel('Password', { exact: true }).fill(account.password);
  await page.getByRole('main').getByRole('button', { name: 'Accedi' }).click();
  await page.getByText('3 domande trovate').waitFor();
  await page.getByRole('button', { name: 'EN', exact: false }).first().click();
  await page.getByText('3 applications found').waitFor();
  await look('search-own-en');
  expect(faults).toEqual([]);
});

/** As names are sorted: letters alone. */
function letters(name: string): string {
  return name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z]/g, ' ')
    .toUpperCase();
}

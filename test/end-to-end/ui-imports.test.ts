/**
 * A member of an organisation imports many applications in a browser: takes the sheet, sends it
 * filled in, reads what is wrong, takes the rest over, takes it back. A private person is told why
 * that is not for them.
 */
import type { Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { sheetRows } from '#engine/portal/spreadsheets/index.ts';
import { ensureUiBuilt } from '#engine/ui-build.ts';
import { memberOf, organisationOf } from '#test/contract/organisation-world.ts';
import { applicant, openWorld } from '#test/contract/portal-world.ts';
import { accessibilityFaults, fitsWidth, openBrowser } from '#test/support/browser.ts';
import { sampleSheet, sheetBytes } from '#test/support/import-sheets.ts';

const PASSWORD = 'la mia parola segreta';
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

async function logIn(page: Page, email: string): Promise<void> {
  await page.goto('/login?next=/applications/import');
  await page.getByLabel('Indirizzo e-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Accedi' }).click();
  await page.getByRole('heading', { level: 1, name: 'Importa molte domande' }).waitFor();
}

const tile = (page: Page, label: string) =>
  page.locator('.cd-tile', { has: page.getByText(label, { exact: true }) }).locator('dd');

test('many applications go from a sheet into the list and back', async () => {
  const uiDirectory = await ensureUiBuilt({ log: { info: () => {} } });
  const world = await openWorld({ uiDirectory });
  onTestFinished(() => world.close());
  await world.fixture({ accounts: 1, applications: 25 });
  const patronato = organisationOf(world, 'Patronato');
  await memberOf(world, patronato, { email: 'anna@patronato.example.it', role: 'preparer' });
  await applicant(world, 'mario@example.it');
  const { page, faults } = await openBrowser(world.address);
  const looked = async () => {
    faults.push(...(await accessibilityFaults(page)));
    expect(await fitsWidth(page, 360)).toBe(true);
  };

  await logIn(page, 'anna@patronato.example.it');
  await page.goto('/applications/new');
  await page.getByRole('link', { name: 'Importale da un foglio di calcolo' }).click();
  await page.getByLabel('Modello', { exact: true }).selectOption('B');
  await looked();
  const downloading = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Scarica in CSV' }).click();
  const stream = await (await downloading).createReadStream();
  const [header] = await Array.fromAsync(sheetRows(Buffer.concat(await Array.fromAsync(stream))));

  const sheet = sampleSheet('B', 12, 'browser');
  sheet.rows[1]!.workerBirthDate = '31/02/1980';
  const filled = {
    fields: header!.cells,
    rows: sheet.rows.map((row) => renamed(row, header!.cells)),
  };
  const buffer = await sheetBytes(filled, 'xlsx');
  const file = { name: 'domande.xlsx', mimeType: XLSX, buffer };
  await page.getByLabel('Scegli il file').setInputFiles(file);
  await page.getByRole('heading', { level: 1, name: 'Importazione di domande.xlsx' }).waitFor();
  await page.getByText('Questa data non esiste').waitFor();
  expect(await tile(page, 'Corrette').textContent()).toBe('11');
  expect(await tile(page, 'Da correggere').textContent()).toBe('1');
  await looked();

  await page.getByLabel('Domande già pronte per l’invio').check();
  await page.getByRole('button', { name: 'Importa', exact: true }).click();
  await page.getByText('Fatto. Le domande sono nell’elenco.').waitFor();
  expect(await tile(page, 'Domande pronte').textContent()).toBe('11');
  await looked();
  await page.getByRole('link', { name: 'Vai alle domande' }).click();
  await page.getByText('11 domande', { exact: true }).waitFor();

  await page.goBack();
  await page.getByRole('button', { name: 'Annulla l’importazione' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Annulla l’importazione' }).click();
  await page.getByText('Eliminate', { exact: true }).waitFor();
  expect(await tile(page, 'Eliminate').textContent()).toBe('11');
  await page.getByText('Domande eliminate: 11. Non eliminate: 0.').waitFor();
  await looked();

  await page.getByRole('button', { name: 'Esci', exact: true }).click();
  await page.getByRole('link', { name: 'Accedi', exact: true }).waitFor();
  await logIn(page, 'mario@example.it');
  await page.getByText('Solo le organizzazioni possono importare').waitFor();
  expect(faults).toEqual([]);
});

/** A row by the headers of the sheet instead of the bare codes. */
function renamed(row: Record<string, string>, headers: readonly string[]): Record<string, string> {
  const named = headers.map((name) => [name, row[/\[(\w+)\]$/.exec(name)?.[1] ?? ''] ?? '']);
  return Object.fromEntries(named);
}

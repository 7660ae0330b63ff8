/**
 * Drafting in a real browser: two windows on one page, a line that is gone, documents, what is
 * alike, copies, reading, ready and back. Its pages are looked at by axe and at 360 px.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { seededRandom } from '#engine/foundation/random.ts';
import type { Application, PageAnswer } from '#protocol/portal-api.ts';
import { pdfBytes, pngBytes } from '#test/support/attachments.ts';
import { accessibilityFaults, fitsWidth, openBrowser } from '#test/support/browser.ts';
import { sampleOf } from '#test/support/models.ts';
import { PATIENCE_MS } from '#test/support/patience.ts';
import { eventually, fixture, runningSystem, temporaryDirectory } from '#test/support/system.ts';

/** Where pictures of the pages go; nowhere when it is not set. */
const PICTURES = process.env.CLICKDAY_TEST_PICTURES;

test('drafts, attaches, copies and takes back an application', async () => {
  const data = temporaryDirectory();
  const words = ['--opens-in', '3600'];
  const [account] = await fixture({ data, accounts: 1, applications: 1, words });
  const system = await runningSystem({ data });
  const origin = new URL(system.portal ?? '').origin;
  const { page, faults } = await openBrowser(origin);
  const headers = { origin };
  const { email, password } = account ?? { email: '', password: '' };
  await page.request.post('/api/session', { headers, data: { email, password } });
  const look = async (name: string) => {
    faults.push(...(await accessibilityFaults(page)));
    if (!(await fitsWidth(page, 360))) faults.push(`${name} is wider than 360 px`);
    await picture(page, name);
  };
  const id = await completeDraft(page, headers);

  // Two windows: what each changed is put together; only what both changed is asked about.
  await page.goto(`/applications/${id}/pages/1`);
  const street = page.getByLabel('Via, piazza o frazione');
  const house = page.getByLabel('Numero civico');
  await street.waitFor();
  const other = await page.context().newPage();
  await other.goto(`/applications/${id}/pages/1`);
  await other.getByLabel('Via, piazza o frazione').fill('Via Altrove');
  await other.getByText(/Salvato alle/).waitFor();
  await house.fill('11');
  await page.getByText('Ci sono anche le modifiche fatte altrove').waitFor();
  expect(await street.inputValue()).toBe('Via Altrove');
  const stored = async (field: string) => {
    const answer = await page.request.get(`/api/applications/${id}/pages/1`);
    return ((await answer.json()) as { values: Record<string, unknown> }).values[field];
  };
  await eventually('both changes are stored', PATIENCE_MS, async () => {
    return (await stored('employerResidenceNumber')) === '11';
  });
  expect(await stored('employerResidenceStreet')).toBe('Via Altrove');
  await other.getByLabel('Via, piazza o frazione').fill('Via Due');
  await eventually('the other window has saved', PATIENCE_MS, async () => {
    return (await stored('employerResidenceStreet')) === 'Via Due';
  });
  await other.close();
  await street.fill('Via Uno');
  await page.getByRole('link', { name: /cambiata altrove: scegli/ }).click();
  expect(await page.evaluate('document.activeElement?.id')).toBe('conflict');
  await look('conflict');
  await page.getByRole('radio', { name: 'Scritto altrove: Via Due' }).check();
  await page.getByRole('button', { name: 'Salva queste scelte' }).click();
  await page.getByText(/Salvato alle/).waitFor();
  expect([await street.inputValue(), await stored('employerResidenceStreet')]).toEqual([
    'Via Due',
    'Via Due',
  ]);

  // Kept on this device while there is no line; a newer version is not overwritten on return. The
  // page's own requests fail too: the browser's being offline ends before a page that leaves does.
  const path = `/api/applications/${id}/pages/1`;
  await page.context().setOffline(true);
  await page.getByText('Non c’è connessione').waitFor();
  await page.evaluate('window.fetch = () => Promise.reject(new TypeError("no line"))');
  await house.fill('22');
  await picture(page, 'offline');
  await page.goto('about:blank');
  await page.context().setOffline(false);
  const now = (await (await page.request.get(path)).json()) as PageAnswer;
  expect(now.values.employerResidenceNumber).toBe('11');
  const values = { ...now.values, employerResidenceStreet: 'Via Terzo' };
  const put = { headers, data: { values, version: now.version } };
  expect((await page.request.put(path, put)).status()).toBe(200);
  await page.goto(`/applications/${id}/pages/1`);
  await eventually('what was typed without a line is stored', PATIENCE_MS, async () => {
    return (await stored('employerResidenceNumber')) === '22';
  });
  expect(await stored('employerResidenceStreet')).toBe('Via Terzo');

  // Errors: a summary with links, which has the focus.
  await street.fill('');
  await page.getByRole('button', { name: 'Salva e continua', exact: true }).click();
  const summary = page.getByRole('alert').filter({ hasText: 'Ci sono dati da correggere' });
  await summary.waitFor();
  expect(await page.evaluate('document.activeElement?.className')).toBe('cd-errors');
  await summary.getByRole('link').first().click();
  expect(await page.evaluate('document.activeElement?.id')).toBe('employerResidenceStreet');
  await street.fill('Via Terzo');
  await page.getByText(/Salvato alle/).waitFor();

  // Documents.
  const file = join(data, 'passaporto.pdf');
  writeFileSync(file, pdfBytes);
  const wrong = join(data, 'foto.pdf');
  writeFileSync(wrong, pngBytes);
  await page.getByRole('link', { name: 'Documenti' }).click();
  const passport = page.getByLabel('Aggiungi un file: Passaporto del lavoratore');
  await passport.setInputFiles(wrong);
  await page
    .getByRole('alert')
    .getByRole('link', { name: /dice un formato diverso/ })
    .waitFor();
  await look('documents-refused');
  await passport.setInputFiles(file);
  await page.getByRole('link', { name: 'passaporto.pdf' }).waitFor();
  await page.getByText('1 file su 12').waitFor();
  await picture(page, 'documents');

  // Copies, and what is alike.
  await page.goto(`/applications/${id}`);
  await page.getByRole('button', { name: 'Copia la domanda' }).click();
  await look('copy');
  await page.getByRole('radio', { name: 'Tutte le risposte' }).check();
  await page.getByRole('button', { name: 'Crea la copia' }).click();
  await page.getByText('La copia è pronta da completare').waitFor();
  await page.getByRole('heading', { name: 'Forse è una domanda doppia' }).waitFor();
  await picture(page, 'alike');
  await page.goto('/applications');
  await page.getByText('Un gruppo di domande riguarda le stesse persone').waitFor();
  await look('list');

  // Ready, read, and back: what a passbook still can do is said.
  await page.goto(`/applications/${id}/review`);
  await page.getByRole('button', { name: 'Rendi pronta la domanda' }).click();
  await page.getByText('La domanda è pronta.').waitFor();
  await picture(page, 'ready');
  await page.getByRole('link', { name: 'Leggi la domanda' }).click();
  await page.getByRole('link', { name: 'passaporto.pdf' }).waitFor();
  await look('reading');
  await page.request.post('/api/passbooks', { headers });
  await page.goto(`/applications/${id}`);
  await page.getByRole('button', { name: 'Modifica di nuovo' }).click();
  const dialog = page.getByRole('dialog').filter({ hasText: 'Modificare di nuovo' });
  await dialog.getByText('Un lasciapassare con la versione di adesso').waitFor();
  await look('back');
  await dialog.getByRole('button', { name: 'Modifica di nuovo' }).click();
  await page.getByText('Hai ripreso la domanda dopo che un lasciapassare').waitFor();
  await page.getByRole('button', { name: 'ENG – English' }).click();
  await page.getByText('You took the application back').waitFor();
  await picture(page, 'taken-back-en');
  expect(faults).toEqual([]);
});

/** A draft of model A with an answer everywhere. */
async function completeDraft(page: Page, headers: Record<string, string>): Promise<string> {
  const begun = await page.request.post('/api/applications', { headers, data: { model: 'A' } });
  const { id } = (await begun.json()) as Application;
  const random = seededRandom('drafting', { nowUs: () => 0 });
  const todayIso = new Date().toISOString().slice(0, 10);
  for (const { number, values } of sampleOf({ random, todayIso, model: 'A' }).pages) {
    const path = `/api/applications/${id}/pages/${number}`;
    await page.request.put(path, { headers, data: { values, version: 0 } });
  }
  return id;
}

async function picture(page: Page, name: string): Promise<void> {
  if (PICTURES === undefined) return;
  for (const width of [360, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    await page.screenshot({ path: join(PICTURES, `${name}-${width}.png`), fullPage: true });
  }
}

/** What a browser does more than once in the tests of the help desk's pages. */
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { INCIDENT } from '#test/support/ui-helpdesk.ts';

/** As nobody: the banner, the search while typing, an article. */
export async function readsHelp(page: Page): Promise<void> {
  await page.goto('/help');
  await page.getByRole('heading', { name: INCIDENT.title.it }).waitFor();
  await page.getByRole('link', { name: 'Accedi per seguirlo' }).waitFor();
  await page.getByLabel('Che cosa cerchi?').pressSequentially('ricevuta');
  await page.getByText(/^\d+ rispost/).waitFor();
  await page.getByRole('link', { name: /La ricevuta/ }).click();
  await page.getByRole('heading', { level: 1, name: /La ricevuta/ }).waitFor();
  await page.locator('.cd-rich strong').first().waitFor();
}

/** How often the page of a request has read it since. */
export function countsReads(page: Page): () => number {
  let count = 0;
  page.on('request', (request) => {
    const isRead = request.method() === 'GET' && /\/api\/tickets\/\w+$/.test(request.url());
    if (isRead) count += 1;
  });
  return () => count;
}

/** What the browser tells when somebody looks at the page again. */
export async function comeBack(page: Page): Promise<void> {
  await page.evaluate(`document.dispatchEvent(new Event('visibilitychange'))`);
}

export async function choose(page: Page, files: readonly { name: string; buffer: Buffer }[]) {
  const mimeType = 'application/octet-stream';
  await page.locator('#files').setInputFiles(files.map((file) => ({ ...file, mimeType })));
}

export async function speakEnglish(page: Page): Promise<void> {
  await page.evaluate(`document.querySelector('.cd-languages button[lang="en"]').click()`);
}

export async function logIn(page: Page, data: { email: string; password: string }): Promise<void> {
  await page.context().clearCookies();
  const headers = { origin: new URL(page.url()).origin };
  const answer = await page.request.post('/api/session', { data, headers });
  expect(answer.status()).toBe(200);
}

/**
 * Nothing typed is lost: a person fills in a form while the connection fails, the page is loaded
 * again, another window saves, and the session ends; each time what was typed arrives. Who leaves
 * is asked first, and then nothing of theirs stays on the computer.
 */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { accessibilityFaults, openBrowser } from '#test/support/browser.ts';
import { PATIENCE_MS } from '#test/support/patience.ts';
import { eventually, fixture, runningSystem, temporaryDirectory } from '#test/support/system.ts';

const HOUR = ['--opens-in', '3600'];
const saved = (page: Page) => page.getByText(/Salvato alle \d\d:\d\d:\d\d/).waitFor();

test('keeps what was typed through a lost line, a conflict and the end of a session', async () => {
  const data = temporaryDirectory();
  const [account] = await fixture({ data, accounts: 1, applications: 1, words: HOUR });
  const system = await runningSystem({ data });
  const origin = new URL(system.portal ?? '').origin;
  const { page, faults } = await openBrowser(origin);
  const headers = { origin };
  if (!account) throw new Error('no account');

  await page.goto('/login');
  await logIn(page, account);
  await page.getByRole('heading', { level: 1, name: 'Le mie domande' }).waitFor();
  await page.goto('/applications/new');
  await page.getByRole('button', { name: 'Comincia con il modello A' }).click();
  const surname = page.getByLabel('Cognome', { exact: true });
  await surname.fill('Uno');
  await saved(page);
  const path = `/api${new URL(page.url()).pathname}`;
  const stored = async () => (await (await page.request.get(path)).json()) as StoredPage;
  const has = (text: string) => async () => Object.values((await stored()).values).includes(text);
  await eventually('the first answer is stored', PATIENCE_MS, has('Uno'));

  await page.route(`**${path}`, (route) =>
    route.request().method() === 'PUT' ? route.abort() : route.continue(),
  );
  await surname.fill('Due');
  await page.getByText('Il servizio non risponde').waitFor();
  faults.push(...(await accessibilityFaults(page)));
  await page.reload();
  expect(await surname.inputValue()).toBe('Due');
  await page.unroute(`**${path}`);
  await eventually('the answer typed offline arrives', PATIENCE_MS, has('Due'));

  const { values, version } = await stored();
  await saved(page);
  const theirs = { ...values, employerSurname: 'Altri' };
  await page.request.put(path, { headers, data: { values: theirs, version } });
  await surname.fill('Tre');
  await page.getByRole('link', { name: /cambiata altrove: scegli/ }).waitFor();
  faults.push(...(await accessibilityFaults(page)));
  await page.getByRole('radio', { name: 'Scritto altrove: Altri' }).waitFor();
  await page.getByRole('button', { name: 'Salva queste scelte' }).click();
  await eventually('my version is kept', PATIENCE_MS, has('Tre'));

  await page.request.delete('/api/session', { headers });
  await surname.fill('Quattro');
  await page.getByText('La sessione è scaduta').waitFor();
  faults.push(...(await accessibilityFaults(page)));
  await page.getByRole('alert').getByRole('link', { name: 'Accedi' }).click();
  await logIn(page, account);
  await page.waitForURL(/\/pages\/1$/);
  await eventually(
    'what was typed after the end of the session arrives',
    PATIENCE_MS,
    has('Quattro'),
  );

  await page.route(`**${path}`, (route) =>
    route.request().method() === 'PUT' ? route.abort() : route.continue(),
  );
  await page.getByLabel('Cognome', { exact: true }).fill('Cinque');
  await page.getByRole('button', { name: 'Esci', exact: true }).click();
  await page.getByText('1 pagina non è ancora salvata').waitFor();
  faults.push(...(await accessibilityFaults(page)));
  await page.getByRole('button', { name: 'Resta' }).click();
  expect(await unsavedKeys(page)).toHaveLength(1);
  await page.getByRole('button', { name: 'Esci', exact: true }).click();
  await page.getByRole('button', { name: 'Esci senza salvare' }).click();
  await page.getByRole('link', { name: 'Accedi', exact: true }).waitFor();
  expect(await unsavedKeys(page)).toEqual([]);
  expect(faults).toEqual([]);
});

async function unsavedKeys(page: Page): Promise<string[]> {
  const keys = (await page.evaluate('Object.keys(localStorage)')) as string[];
  return keys.filter((key) => key.startsWith('clickday.unsaved'));
}

interface StoredPage {
  readonly values: Readonly<Record<string, unknown>>;
  readonly version: number;
}

async function logIn(page: Page, account: { email: string; password: string }) {
  await page.getByLabel('Indirizzo e-mail').fill(account.email);
  await page.getByLabel('Password', { exact: true }).fill(account.password);
  await page.getByRole('main').getByRole('button', { name: 'Accedi' }).click();
}

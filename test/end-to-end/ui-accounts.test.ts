/**
 * The pages of one's account in a real browser: two-step verification set up, logged in with and
 * turned off, sessions ended, another address and the way back, a forgotten password, a deletion
 * asked for and taken back. Every page is looked at by axe and fits a telephone.
 */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { codeAt } from '#engine/portal/accounts/one-time-codes.ts';
import { ensureUiBuilt } from '#engine/ui-build.ts';
import { openWorld } from '#test/contract/portal-world.ts';
import { accessibilityFaults, fitsWidth, openBrowser } from '#test/support/browser.ts';

const log = { info: () => undefined };
const NEXT = 'una parola diversa';
const STEP_US = 30_000_000;

const press = (page: Page, name: string | RegExp) =>
  page.getByRole('main').getByRole('button', { name }).click();
const title = (page: Page, name: string | RegExp) =>
  page.getByRole('heading', { level: 1, name }).waitFor();

test('a person keeps an account safe, mends it and could delete it', async () => {
  const world = await openWorld({ uiDirectory: await ensureUiBuilt({ log }) });
  const [account] = await world.fixture({ accounts: 1, applications: 1 });
  const { email, password } = account ?? { email: '', password: '' };
  const { page, faults } = await openBrowser(world.address);
  const look = async () => {
    faults.push(...(await accessibilityFaults(page)));
    if (!(await fitsWidth(page, 360))) faults.push(`${page.url()} is wider than 360 px`);
  };
  const linkTo = async (to: string) =>
    /https?:\/\/[^/]+(\/\S+token=[\w-]+)/.exec(await world.letter(to))?.[1] ?? 'none';
  const logIn = async (secret: string, name = email) => {
    await page.goto('/login');
    await page.getByLabel('Indirizzo e-mail').fill(name);
    await page.getByLabel('Password', { exact: true }).fill(secret);
    await press(page, 'Accedi');
  };

  await page.goto('/login');
  await look();
  await logIn(password);
  await title(page, 'Le mie domande');
  await page.goto('/account');
  await page.getByText('Non attiva').waitFor();
  await look();

  await page.getByRole('link', { name: 'Gestisci: Verifica in due passaggi' }).click();
  await title(page, 'Verifica in due passaggi');
  await page.getByLabel('La tua password').fill('sbagliata');
  await press(page, 'Attiva');
  await page.getByText('La password attuale non è corretta').first().waitFor();
  await look();
  await page.getByLabel('La tua password').fill(password);
  await press(page, 'Attiva');
  await title(page, 'Aggiungi l’account all’app');
  await page.getByRole('img', { name: 'Codice QR' }).waitFor();
  await look();
  const secret = (await page.getByRole('main').locator('code').innerText()).replaceAll(' ', '');
  const code = () => codeAt(secret, world.clock.nowUs());
  await page.getByLabel('Primo codice').fill(code());
  await press(page, 'Conferma e attiva');
  await title(page, 'Codici di recupero');
  expect(await page.locator('.cd-recovery-codes li').count()).toBe(10);
  const recovery = await page.locator('.cd-recovery-codes li').first().innerText();
  await look();
  await press(page, 'Li ho conservati');
  await page.getByText('Restano 10 codici').waitFor();

  await world.nobody.call('POST', '/api/session', {
    email,
    password,
    kind: 'bearer',
    totp: recovery,
  });
  await page.goto('/account/sessions');
  await page.getByRole('row', { name: /programma/ }).waitFor();
  await look();
  await press(page, /Chiudi la sessione/);
  await page.getByText('Sessione chiusa').waitFor();
  expect(await page.getByRole('row').count()).toBe(2);
  await press(page, 'Esci');

  world.clock.advance(STEP_US);
  await logIn(password);
  await title(page, 'Codice di verifica');
  await page.getByLabel('Codice di verifica').fill('000000');
  await press(page, 'Accedi');
  await page.getByText('non è corretto o è già stato usato').first().waitFor();
  await look();
  await page.getByLabel('Codice di verifica').fill(code());
  await press(page, 'Accedi');
  await title(page, 'Le mie domande');

  world.clock.advance(STEP_US);
  await page.goto('/account/second-factor');
  await press(page, 'Disattiva');
  await page.getByLabel('La tua password').fill(password);
  await page.getByLabel('Codice di verifica').fill(code());
  await press(page, 'Disattiva');
  await page.getByText('Verifica in due passaggi disattivata').waitFor();

  await page.goto('/account/address');
  await page.getByLabel('Nuovo indirizzo').fill('nuovo@example.it');
  await page.getByLabel('La tua password').fill(password);
  await look();
  await press(page, 'Manda il link');
  await title(page, 'Controlla la nuova casella');
  await page.goto(await linkTo('nuovo@example.it'));
  await look();
  await press(page, 'Usa questo indirizzo');
  await title(page, 'Indirizzo cambiato');
  await page.goto(await linkTo(email));
  await press(page, 'Riprendi l’account');
  await title(page, 'Account ripreso');

  await page.goto('/reset');
  await page.getByLabel('Indirizzo e-mail').waitFor();
  await look();
  await page.getByLabel('Indirizzo e-mail').fill(email);
  await press(page, 'Mandami il link');
  await title(page, 'Controlla la tua posta');
  const reset = await linkTo(email);
  await page.goto(reset);
  await page.getByLabel('Nuova password').fill(NEXT);
  await press(page, 'Salva la password');
  await title(page, 'Password salvata');
  await page.goto(reset);
  await page.getByLabel('Nuova password').fill(NEXT);
  await press(page, 'Salva la password');
  await title(page, 'Il link non è più valido');

  await logIn(NEXT);
  await title(page, 'Le mie domande');
  await page.goto('/account/delete');
  await page.getByText('Che cosa resta, e perché').waitFor();
  await press(page, 'Elimina il profilo');
  await page.getByText('Conferma di voler perdere le domande pronte').first().waitFor();
  await look();
  await page.getByLabel('Voglio eliminare il profilo').check();
  await page.getByLabel('La tua password').fill(NEXT);
  await press(page, 'Elimina il profilo');
  await page.getByText('Il profilo verrà eliminato').waitFor();
  await page.goto('/account');
  await press(page, 'Conserva l’account');
  await page.getByText('L’account resta').waitFor();
  expect(faults).toEqual([]);
  await world.close();
});

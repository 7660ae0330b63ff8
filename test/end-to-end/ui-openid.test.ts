/**
 * A person without a password: in real Chromium through a real provider to a profile of their own,
 * then lets the mini-client in by its short code, then leaves here and at the provider. And a
 * person with a password: links, and hears in words when the provider is down.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { accessibilityFaults, fitsWidth, openBrowser } from '#test/support/browser.ts';
import { openOpenIdStage } from '#test/support/openid-provider.ts';
import { fixture, runningSystem, temporaryDirectory } from '#test/support/system.ts';

const NARROW_PX = 360;
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const heading = (page: Page, name: string) => page.getByRole('heading', { name }).waitFor();

test('enters by a provider, lets a program in, leaves; links, and hears of a dead provider', async () => {
  const stage = await openOpenIdStage();
  onTestFinished(() => stage.close());
  const data = temporaryDirectory();
  const words = ['--opens-in', '7200'];
  const [account] = await fixture({ data, accounts: 1, applications: 1, words });
  if (!account) throw new Error('no account');
  const { config } = stage;
  const system = await runningSystem({
    data,
    environment: {
      CLICKDAY_OPENID_ISSUER: config.issuer,
      CLICKDAY_OPENID_CLIENT_ID: config.clientId,
      CLICKDAY_OPENID_CLIENT_SECRET: config.clientSecret ?? '',
      CLICKDAY_OPENID_LABEL_IT: config.label.it,
    },
  });
  const origin = new URL(system.portal ?? '').origin;
  stage.register(origin);
  const { page, faults } = await openBrowser(origin);
  const look = async () => {
    faults.push(...(await accessibilityFaults(page)));
    if (!(await fitsWidth(page, NARROW_PX))) faults.push(`${page.url()} is too wide`);
  };

  stage.person = {
    ...{ sub: 'spid-1', email: 'gemma@example.it', email_verified: true },
    ...{ given_name: 'Maria', family_name: 'Rossi' },
    'https://attributes.eid.gov.it/fiscal_number': 'TINIT-RSSMRA85T50A562W',
  };
  await page.goto('/login?next=/device');
  await button(page, config.label.it).waitFor();
  await look();
  await button(page, config.label.it).click();
  await heading(page, 'Completa la registrazione');
  expect(page.url()).toBe(`${origin}/openid/return`);
  await look();
  await page.getByLabel('Ho letto l’informativa').check();
  await button(page, 'Crea il profilo ed entra').click();

  await heading(page, 'Fai entrare un programma');
  const program = miniClient(['login', '--device', '--portal', origin, '--json']);
  const { userCode } = await program.line();
  await page.getByLabel('Codice', { exact: true }).fill('BBBB-BBBB');
  await button(page, 'Continua').click();
  await page.getByText('Codice non trovato').first().waitFor();
  await look();
  await page.getByLabel('Codice', { exact: true }).fill(userCode?.toLowerCase() ?? '');
  await button(page, 'Continua').click();
  await page.getByText('Clickday mini-client').waitFor();
  await page.getByText('(lo stesso di questo browser)').waitFor();
  await look();
  await button(page, 'Consenti').click();
  await heading(page, 'Accesso consentito');
  await look();
  expect(await program.line()).toMatchObject({ event: 'logged-in', email: 'gemma@example.it' });
  expect(await program.status).toBe(0);

  await page.goto('/account');
  await page.getByText('questo profilo non ha una password').waitFor();
  await look();
  await button(page, 'Esci').first().click();
  await page.waitForURL(`${config.issuer}/session/end**`);
  await button(page, 'Esci').click();
  await page.waitForURL(`${origin}/`);

  stage.person = { sub: 'spid-2', email: account.email, email_verified: true };
  await page.goto('/login');
  await button(page, config.label.it).click();
  await heading(page, 'Hai già un profilo');
  await look();
  await page.getByRole('link', { name: 'Accedi con la password' }).click();
  await page.getByLabel('Indirizzo e-mail').fill(account.email);
  await page.getByLabel('Password', { exact: true }).fill(account.password);
  await page.getByRole('main').getByRole('button', { name: 'Accedi' }).click();
  await heading(page, 'Collega la tua identità digitale');
  await look();
  await button(page, 'Collega').click();
  await heading(page, 'Le mie domande');
  await page.goto('/account');
  await button(page, 'Scollega').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Scollega' }).click();
  await button(page, 'Collega l’identità digitale').waitFor();
  await look();

  const again = async () => {
    await page.context().clearCookies({ name: /^_/ });
    await page.goto('/login');
    await button(page, config.label.it).click();
  };
  stage.person = null;
  await page.context().clearCookies();
  await again();
  await page.getByText('interrotto presso il fornitore').waitFor();
  stage.person = { sub: 'spid-1' };
  await page.route('**/api/openid/return', async (route) => {
    stage.state = stage.state === 'well' ? 'down' : 'well';
    await route.continue();
  });
  await again();
  await page.getByText('Il fornitore d’identità non risponde').waitFor();
  await look();
  await page.getByRole('button', { name: /^Riprova/ }).click();
  await heading(page, 'Le mie domande');
  expect(faults.filter((fault) => !fault.startsWith(`fetched ${config.issuer}/`))).toEqual([]);
});

/** The program itself, with a directory of its own; `line` gives the next thing it tells. */
function miniClient(words: readonly string[]) {
  const directory = temporaryDirectory();
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', 'mini-client/program.ts', ...words].concat(
      '--directory',
      directory,
    ),
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  onTestFinished(() => void child.kill());
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    line: async () => JSON.parse((await lines.next()).value ?? '{}') as Record<string, string>,
    status: once(child, 'exit').then(([code]) => code as number),
  };
}

/**
 * Another language is one folder: with a small one laid beside the application and nothing else
 * changed, it is in the menu, is spoken at once and after coming back, is what the account keeps,
 * and what it does not say is said in Italian.
 */
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { build } from 'vite';
import { expect, test } from 'vitest';
import { openWorld, type World } from '#test/contract/portal-world.ts';
import { openBrowser } from '#test/support/browser.ts';
import { accessibilityFaults } from '#test/support/chromium.ts';
import { temporaryDirectory } from '#test/support/system.ts';
import { goTo } from '#test/support/ui-walk.ts';

const ABOUT = { name: 'Deutsch', short: 'DEU', tag: 'de-DE' };
const WORDS = `
export const words = {
  shared: { home: 'Startseite', register: 'Registrieren', day: 'Tage' },
  home: { heroNext: 'Nächster Click Day', start: 'Jetzt registrieren' },
  time: { instant: (day, time) => day + ' um ' + time + ' Uhr (Zeit von Rom)' },
};
`;

test('a language that is added as a folder is spoken, with Italian for what it lacks', async () => {
  const uiDirectory = await buildWith({
    'language.json': JSON.stringify(ABOUT),
    'words.ts': WORDS,
  });
  const world = await openWorld({ uiDirectory });
  try {
    await world.fixture({ accounts: 1, applications: 0 });
    const { page, faults } = await openBrowser(world.address);
    await page.goto('/');
    await page.getByRole('button', { name: 'DEU – Deutsch' }).click();
    await speaksGerman(page);
    faults.push(...(await accessibilityFaults(page)));
    await page.reload();
    await speaksGerman(page);
    await register(page, world);
    await page.getByRole('button', { name: 'ENG – English' }).click();
    await page.getByRole('link', { name: 'Home', exact: true }).waitFor();
    expect(faults).toEqual([]);
  } finally {
    await world.close();
  }
});

async function speaksGerman(page: Page): Promise<void> {
  await page.getByText('Nächster Click Day').waitFor();
  await page.getByText('Montag 17. Januar 2011 um 9:00:00 Uhr (Zeit von Rom)').first().waitFor();
  // Not translated, and so in Italian.
  await page.getByRole('link', { name: 'Graduatoria' }).first().waitFor();
  expect(await page.evaluate('document.documentElement.lang')).toBe('de');
}

/** The account keeps the language; its letters, which are in two languages, are in Italian. */
async function register(page: Page, world: World): Promise<void> {
  await goTo(page, '/register');
  await page.locator('#givenName').fill('Maria');
  await page.locator('#familyName').fill('Rossi');
  await page.locator('#codiceFiscale').fill('RSSMRA80A41H501Y');
  await page.locator('#sex-F').check();
  await page.locator('#birthDate').fill('1980-01-01');
  await page.locator('#email').fill('maria@example.it');
  await page.locator('#privacyAccepted').check();
  await page.locator('form button[type=submit]').click();
  await page.getByRole('heading', { level: 1, name: 'Controlla la tua posta' }).waitFor();
  expect(await world.letter('maria@example.it')).toContain('Password monouso');
  const { build: query, first } = world.database;
  const accounts = query.selectFrom('accounts').select('language');
  expect(first(accounts.where('email', '=', 'maria@example.it'))?.language).toBe('de');
}

/** The application as it is, with the folder of one more language; where its build lies. */
async function buildWith(files: Readonly<Record<string, string>>): Promise<string> {
  const root = temporaryDirectory();
  const here = process.cwd();
  mkdirSync(join(root, 'engine'));
  symlinkSync(join(here, 'engine', 'protocol'), join(root, 'engine', 'protocol'));
  symlinkSync(join(here, 'node_modules'), join(root, 'node_modules'));
  const ui = join(root, 'admin-ui');
  const isSource = (path: string) => !path.endsWith('/admin-ui/dist');
  cpSync(join(here, 'admin-ui'), ui, { recursive: true, filter: isSource });
  const folder = join(ui, 'src', 'languages', 'de');
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const outDir = join(root, 'built');
  await build({
    ...{ root: ui, configFile: join(ui, 'vite.config.ts'), logLevel: 'error' },
    build: { outDir, minify: false, cssMinify: false },
  });
  return outDir;
}

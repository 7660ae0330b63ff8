/**
 * Every page of the web application as every kind of person, in both languages: axe finds nothing,
 * the page has a title and one heading which has the focus, it can be read at 320 pixels and with
 * text twice as large, also on a telephone, and nothing comes from another host. The pages are
 * those of the router. The first one asks for little script, and leads to the accessibility
 * statement. An office finds what was sent to it, reads what was forwarded and says the outcome.
 */
import type { Page, Request } from 'playwright-core';
import { expect, test } from 'vitest';
import { openBrowser } from '#test/support/browser.ts';
import { accessibilityFaults, fitsWidth, stillnessOf } from '#test/support/chromium.ts';
import { addressesOf, routePatterns } from '#test/support/ui-routes.ts';
import { openUiStage, ROLES, type UiStage } from '#test/support/ui-stage.ts';
import { becomeRole, goTo, speak } from '#test/support/ui-walk.ts';

const FIRST_SCRIPT_BYTES_MAX = 200 * 1024;

interface Walk {
  readonly page: Page;
  readonly still: () => Promise<void>;
  readonly faults: string[];
  /** What was looked at: roles share most pages, and what is the same is judged once. */
  readonly seen: Set<string>;
}

test('every page is right for everybody, in both languages', async () => {
  const stage = await openUiStage();
  try {
    const { page, faults } = await openBrowser(stage.origin);
    const walk = { page, faults, still: stillnessOf(page), seen: new Set<string>() };
    expect(await firstScriptBytes(walk)).toBeLessThan(FIRST_SCRIPT_BYTES_MAX);
    expect(await statementSays(walk)).toMatch(/WCAG 2\.2, livello AA.*Limiti noti.*30 giorni/s);
    for (const role of ROLES) await walkAs(walk, stage, role);
    await officeDecides(page, stage);
    expect(faults).toEqual([]);
    expect(walk.seen.size).toBeGreaterThan(routePatterns().length);
  } finally {
    await stage.world.close();
  }
});

/** What a first visit fetches of script, as it comes over the line. */
async function firstScriptBytes({ page, still }: Walk): Promise<number> {
  const scripts: Promise<number>[] = [];
  const count = (request: Request) => {
    if (request.resourceType() !== 'script') return;
    scripts.push(request.sizes().then(({ responseBodySize }) => responseBodySize));
  };
  page.on('requestfinished', count);
  await page.goto('/');
  await still();
  page.off('requestfinished', count);
  const sizes = await Promise.all(scripts);
  expect(sizes.length).toBeGreaterThan(0);
  return sizes.reduce((sum, bytes) => sum + bytes, 0);
}

/** The accessibility statement, by the link below every page. */
async function statementSays({ page, still }: Walk): Promise<string> {
  const statement = 'Dichiarazione di accessibilità';
  await page.getByRole('contentinfo').getByRole('link', { name: statement }).click();
  await page.getByRole('heading', { level: 1, name: statement }).waitFor();
  await still();
  return page.getByRole('main').innerText();
}

async function walkAs(walk: Walk, stage: UiStage, role: string): Promise<void> {
  await becomeRole(walk.page, stage, role);
  await walk.still();
  await goTo(walk.page, '/help'); // from where the home page is another page
  await walk.still();
  for (const pattern of routePatterns()) {
    for (const address of addressesOf(pattern, stage)) {
      await goTo(walk.page, address);
      await walk.still();
      walk.faults.push(...(await headingFaults(walk.page, `${role} ${address}`)));
      if (!(await look(walk, `${role} it ${address}`))) continue;
      await speak(walk.page, 'en');
      await look(walk, `${role} en ${address}`);
      await speak(walk.page, 'it');
    }
  }
}

/** An office opens what was forwarded to it and nothing else; whoever applied reads its word. */
async function officeDecides(page: Page, stage: UiStage): Promise<void> {
  await becomeRole(page, stage, 'office');
  await goTo(page, '/search');
  await page.getByText('2 domande trovate').waitFor();
  await page.getByText('Una domanda si apre quando c’è la sua ricevuta').waitFor();
  const links = page.locator('tbody th a');
  expect(await links.count()).toBe(1);
  await links.click();
  const say = page.getByRole('button', { name: 'Comunica l’esito' });
  await say.click();
  await page.getByRole('alert').getByText('Scegli l’esito').waitFor();
  await page.getByLabel('Accolta', { exact: true }).check();
  await page.getByLabel('Che cosa succede adesso').fill('Convocazione il 12 maggio.');
  await say.click();
  await page.getByText('Accolta. Convocazione il 12 maggio.').waitFor();
  const address = new URL(page.url()).pathname.replace('/preview', '');
  await becomeRole(page, stage, 'applicant');
  await goTo(page, address);
  await page.getByText('Accolta. Convocazione il 12 maggio.').waitFor();
}

/** False when the page was seen before, as it is. */
async function look({ page, faults, seen }: Walk, where: string): Promise<boolean> {
  const shown = (await page.evaluate(SHOWN)) as { header: string; main: string };
  const isNew = [`header ${shown.header}`, `main ${shown.main}`].filter((each) => !seen.has(each));
  if (isNew.length === 0) return false;
  for (const each of isNew) seen.add(each);
  const found = [
    ...(await accessibilityFaults(page)),
    ...((await page.evaluate(WORD_FAULTS)) as string[]),
  ];
  found.push(...(await widthFaults(page)));
  faults.push(...found.map((fault) => `${where}: ${fault}`));
  return true;
}

async function headingFaults(page: Page, where: string): Promise<string[]> {
  // A page that leads elsewhere may be still between two: none at all is told below.
  const heading = page.locator('h1').first();
  await heading.waitFor().catch(() => undefined);
  const found = (await page.evaluate(HEADING_FAULTS)) as string[];
  return found.map((fault) => `${where}: ${fault}`);
}

/** With text twice as large on a wide screen and on a telephone, then as it is on a narrow one. */
async function widthFaults(page: Page): Promise<string[]> {
  const faults = [];
  await page.evaluate(`document.documentElement.style.fontSize = '200%'`);
  if (await scrollsSideways(page)) faults.push('scrolls sideways with text twice as large');
  await page.setViewportSize({ width: 360, height: 740 });
  if (await scrollsSideways(page)) faults.push('scrolls sideways with text twice as large, 360 px');
  await page.evaluate(`document.documentElement.style.fontSize = ''`);
  if (!(await fitsWidth(page, 320))) faults.push('is wider than 320 px');
  return faults;
}

function scrollsSideways(page: Page): Promise<boolean> {
  return page.evaluate(
    'document.documentElement.scrollWidth > document.documentElement.clientWidth',
  );
}

/** Digits, times and identifiers do not make another page. */
const SHOWN = `(() => {
  const plain = (element) => element.innerHTML.replace(/[0-9A-Z]{26}|\\d+/g, '#');
  return {
    header: document.documentElement.lang + document.querySelector('nav').innerText,
    main: plain(document.querySelector('main')),
  };
})()`;

const HEADING_FAULTS = `(() => {
  const headings = [...document.querySelectorAll('h1')];
  const [heading] = headings;
  if (headings.length !== 1) return ['has ' + headings.length + ' h1'];
  const faults = [];
  if (!document.title.endsWith(' – Clickday')) faults.push('is titled ' + document.title);
  const active = document.activeElement;
  const isFollowed = active === heading || document.querySelector('main').contains(active);
  if (!isFollowed) faults.push('leaves the focus on ' + active.outerHTML.slice(0, 80));
  return faults;
})()`;

const WORD_FAULTS = `(() => {
  const wrong = /undefined|\\[object|NaN|Invalid Date/.exec(document.body.innerText);
  return wrong ? ['says ' + wrong[0]] : [];
})()`;

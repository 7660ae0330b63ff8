/**
 * Pictures of every page of the web application, at 1280 pixels in Italian and at 360 in English,
 * for docs/screens: the pages of the router, each as the first kind of person who may see it, on
 * the stage that the tests walk. Long pages are cut. `npm run screens -- --help` says more.
 *
 * Promises: two pictures a page, named by its address; a page that was added to the router is there
 * the next time, and one that nobody could be shown is told. Pictures whose name it did not make
 * stay as they are.
 */
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { startBrowser, stillnessOf } from '#test/support/chromium.ts';
import { addressesOf, routePatterns } from '#test/support/ui-routes.ts';
import { openUiStage, ROLES } from '#test/support/ui-stage.ts';
import { becomeRole, goTo, speak } from '#test/support/ui-walk.ts';

const HELP = `Usage: npm run screens [-- [--out DIR] [WORD …]]

Takes pictures of every page (or of those whose address holds one of the words) and lays them in
DIR, docs/screens unless named. Exit status 0: done; 1: a page could not be shown; 2: wrong usage.
`;
/** Each width and each language of each page once: four pictures a page say little more. */
const VIEWS = [
  { language: 'it', width: 1280, heightMax: 1000 },
  { language: 'en', width: 360, heightMax: 1150 },
] as const;
/** The language of the headings that `isShown` knows. */
const JUDGED_IN = 'it';
/** A page that the portal gave nothing for. */
const REFUSAL = '.cd-problem.alert-danger';
/** Without a provider this page is what it says of that. */
const SAYS_WHY_NOT = '/openid/return';
const QUALITY = 22;
/** Pictures that are of a person's own first screen, besides the first who may see it. */
const ALSO: Readonly<Record<string, readonly string[]>> = { '/': ['applicant'] };

interface Camera {
  readonly page: Page;
  readonly still: () => Promise<void>;
  readonly out: string;
  readonly taken: Map<string, number>;
}

/** `/applications/:id/pages/:page` → `applications-id-pages-page`; the home page is `home`. */
function nameOf(pattern: string, role: string, index: number): string {
  if (pattern === '*') return 'not-found';
  const words = pattern.split('/').filter(Boolean);
  const name = words.map((word) => word.replace(/^:/, '')).join('-') || 'home';
  const whose = ALSO[pattern]?.includes(role) ? `-${role}` : '';
  return `${name}${whose}${index === 0 ? '' : `-${index + 1}`}`;
}

async function shoot({ page, still, out, taken }: Camera, name: string): Promise<void> {
  for (const { language, width, heightMax } of VIEWS) {
    await speak(page, language);
    await page.setViewportSize({ width, height: 800 });
    await page.evaluate('scrollTo(0, 0)');
    await still();
    const height = Number(await page.evaluate('document.documentElement.scrollHeight'));
    const path = join(out, `${name}-${language}-${width}.jpg`);
    await page.screenshot({
      ...{ path, type: 'jpeg', quality: QUALITY, fullPage: true, animations: 'disabled' },
      clip: { x: 0, y: 0, width, height: Math.min(height, heightMax) },
    });
    taken.set(path, statSync(path).size);
  }
  await speak(page, JUDGED_IN);
}

/** Whether the page at this address is shown to whoever is there, and not the way in or a no. */
async function isShown(page: Page, address: string): Promise<boolean> {
  const isThere = new URL(page.url()).pathname === address;
  const heading = await page.locator('h1').first().innerText();
  const isWayIn = heading === 'Accedi' && address !== '/login';
  const isNowhere = heading === 'Pagina non trovata' && address !== '/no/such/page';
  const isEmpty = address !== SAYS_WHY_NOT && (await page.locator(REFUSAL).count()) > 0;
  const isRefused = heading === 'Questa pagina è riservata' || isEmpty;
  return isThere && !isWayIn && !isNowhere && !isRefused;
}

/** Also the patterns of which nobody was shown a page. */
async function takeAll(out: string, words: readonly string[]) {
  const stage = await openUiStage();
  const { page, close } = await startBrowser(stage.origin);
  const camera = { page, still: stillnessOf(page), out, taken: new Map<string, number>() };
  const isWanted = (address: string) =>
    words.length === 0 || words.some((word) => address.includes(word));
  const wanted = routePatterns().filter(isWanted);
  const missing = new Set(wanted);
  const done = new Set<string>();
  try {
    for (const role of ROLES) {
      await becomeRole(page, stage, role);
      for (const pattern of wanted) {
        const isAlso = ALSO[pattern]?.includes(role) === true;
        for (const [index, address] of addressesOf(pattern, stage).entries()) {
          if (done.has(address) && !isAlso) continue;
          await goTo(page, address);
          await camera.still();
          if (!(await isShown(page, address))) continue;
          done.add(address);
          missing.delete(pattern);
          await shoot(camera, nameOf(pattern, role, index));
        }
      }
    }
  } finally {
    await close();
    await stage.world.close();
  }
  return { taken: camera.taken, missing };
}

async function main(words: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...words],
    options: { out: { type: 'string', default: 'docs/screens' }, help: { type: 'boolean' } },
    allowPositionals: true,
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  mkdirSync(values.out, { recursive: true });
  const { taken, missing } = await takeAll(values.out, positionals);
  const bytes = [...taken.values()].reduce((sum, size) => sum + size, 0);
  process.stdout.write(`${taken.size} pictures, ${(bytes / 1e6).toFixed(1)} MB\n`);
  for (const each of missing) process.stderr.write(`screens: nobody was shown ${each}\n`);
  return taken.size > 0 && missing.size === 0 ? 0 : 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    process.exitCode = await main(process.argv.slice(2));
  } catch (cause) {
    const isUsage = (cause as { code?: string }).code?.startsWith('ERR_PARSE_ARGS') === true;
    process.stderr.write(`screens: ${String(cause)}\n${isUsage ? HELP : ''}`);
    process.exitCode = isUsage ? 2 : 1;
  }
}

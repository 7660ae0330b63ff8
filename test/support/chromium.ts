/**
 * A real Chromium: one page that sees only the system under test. Whatever it is asked to fetch
 * from another host, what its scripts throw and what its security policy blocks is collected, so
 * that a test can demand that there was nothing. Knows no test runner: scripts use it as well.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium, type Page, type Request } from 'playwright-core';
import { PATIENCE_MS } from '#test/support/patience.ts';

/** Without a window it needs up to two fifths less of the processor than with a hidden one. */
const EXECUTABLES = [
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

export interface Browser {
  readonly page: Page;
  /** Requests to other hosts, uncaught errors, refusals of the content security policy. */
  readonly faults: string[];
  /** A page of somebody else: nothing is shared with the first but the list of faults. */
  anotherPage(locale: string): Promise<Page>;
}

/** Opens a page in Italian. `origin` is the only host it may use. The caller closes it. */
export async function startBrowser(
  origin: string,
): Promise<Browser & { close: () => Promise<void> }> {
  const executablePath = EXECUTABLES.find(existsSync);
  if (!executablePath) throw new Error('Missing: apt-get install chromium-headless-shell');
  const browser = await chromium.launch({ executablePath, args: FLAGS });
  const faults: string[] = [];
  const anotherPage = async (locale: string): Promise<Page> => {
    const context = await browser.newContext({ locale, baseURL: origin });
    context.on('request', (request) => {
      if (new URL(request.url()).origin !== origin) faults.push(`fetched ${request.url()}`);
    });
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    page.on('pageerror', (error) => faults.push(`threw ${error.message}`));
    page.on('console', (message) => {
      if (/content security policy/i.test(message.text())) faults.push(message.text());
    });
    return page;
  };
  return { page: await anotherPage('it-IT'), faults, anotherPage, close: () => browser.close() };
}

/**
 * What axe finds wrong with the page as it is now, once what fades from one color to another is
 * there: one line a rule, empty when nothing. axe is laid into a document once; another call on the
 * same document costs only its rules.
 */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  if (!(await page.evaluate('"axe" in window'))) {
    await page.evaluate(readFileSync(AXE, 'utf8'));
    await page.evaluate(READ_COLORS_ONCE);
  }
  await page.evaluate(FADED);
  const found = (await page.evaluate(RUN_AXE)) as { id: string; html: string; why: string }[];
  return found.map(({ id, html, why }) => `${page.url()} ${id}: ${html} (${why})`);
}

/** Transitions have an end, unlike the animation of what turns while one waits. */
const FADED = `Promise.allSettled(document.getAnimations()
  .filter((one) => one instanceof CSSTransition).map(({ finished }) => finished)).then(() => {})`;

/**
 * A page asks for some thousand colors, a dozen different ones; to read their texts again took a
 * third of a run. A text means the same color each time; what cannot be read throws each time.
 */
const READ_COLORS_ONCE = `(() => {
  const { prototype } = axe.commons.color.Color;
  const read = prototype.parseString;
  const known = new Map();
  prototype.parseString = function (text) {
    if (known.has(text)) return Object.assign(this, known.get(text));
    read.call(this, text);
    const { r, g, b, alpha } = this;
    known.set(text, { r, g, b, alpha });
    return this;
  };
})()`;

const RUN_AXE = `axe.run(document, {
  runOnly: ${JSON.stringify(RULES)},
  resultTypes: ['violations'],
}).then(({ violations }) => violations.map(({ id, nodes: [node] }) => {
  return { id, html: node.html, why: node.failureSummary };
}))`;

/** Whether the page can be read at a width without scrolling sideways. */
export async function fitsWidth(page: Page, widthPx: number): Promise<boolean> {
  await page.setViewportSize({ width: widthPx, height: 740 });
  const scrollWidth = await page.evaluate('document.documentElement.scrollWidth');
  await page.setViewportSize({ width: 1280, height: 900 });
  return Number(scrollWidth) <= widthPx;
}

/** Tells when a page has shown what it asked for: nothing is under way, nothing says "loading". */
export function stillnessOf(page: Page): () => Promise<void> {
  const underWay = new Set<Request>();
  let changed = () => {};
  page.on('request', (request) => {
    const isAwaited = AWAITED.has(request.resourceType());
    if (isAwaited && !request.url().includes('/api/time')) underWay.add(request);
  });
  const end = (request: Request): void => {
    underWay.delete(request);
    changed();
  };
  page.on('requestfinished', end);
  page.on('requestfailed', end);
  // A refusal whose body nobody reads is never said to be finished.
  page.on('response', (response) => response.status() >= 400 && end(response.request()));
  const quiet = async (): Promise<void> => {
    while (underWay.size > 0) {
      await new Promise<void>((resolve) => {
        changed = resolve;
      });
    }
  };
  return async () => {
    for (let looks = 0; looks < 3; looks += 1) {
      await page.waitForFunction(DRAWN);
      if (underWay.size === 0) return;
      await quiet();
    }
  };
}

/** What changes a page. Not event streams, which last, nor pictures and styles. */
const AWAITED = new Set(['fetch', 'xhr', 'script']);

/** Two frames: what followed from the last answer was drawn. */
const DRAWN = `new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() =>
  resolve(document.querySelector('h1') && !document.querySelector('.cd-loading')))))`;

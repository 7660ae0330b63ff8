/**
 * A real Chromium for end-to-end tests: one page that sees only the system under test. Whatever
 * it is asked to fetch from another host, what its scripts throw and what its security policy
 * blocks is collected, so that a test can demand that there was nothing.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium, type Page } from 'playwright-core';
import { onTestFinished } from 'vitest';

const EXECUTABLES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
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
const STEP_MS = 8_000;
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

export interface Browser {
  readonly page: Page;
  /** Requests to other hosts, uncaught errors, refusals of the content security policy. */
  readonly faults: string[];
}

/** Opens a page in Italian; closed when the test is over. `origin` is the only host it may use. */
export async function openBrowser(origin: string): Promise<Browser> {
  const executablePath = EXECUTABLES.find(existsSync);
  if (!executablePath) throw new Error('Chromium is missing: apt-get install chromium');
  const browser = await chromium.launch({ executablePath, args: FLAGS });
  onTestFinished(() => browser.close());
  const context = await browser.newContext({ locale: 'it-IT', baseURL: origin });
  const faults: string[] = [];
  context.on('request', (request) => {
    if (new URL(request.url()).origin !== origin) faults.push(`fetched ${request.url()}`);
  });
  const page = await context.newPage();
  page.setDefaultTimeout(STEP_MS);
  page.on('pageerror', (error) => faults.push(`threw ${error.message}`));
  page.on('console', (message) => {
    if (/content security policy/i.test(message.text())) faults.push(message.text());
  });
  return { page, faults };
}

/**
 * What axe finds wrong with the page as it is now: one line a rule, empty when nothing. axe is laid
 * into a document once; another call on the same document costs only its rules.
 */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(readFileSync(AXE, 'utf8'));
  const found = (await page.evaluate(RUN_AXE)) as { id: string; html: string; why: string }[];
  return found.map(({ id, html, why }) => `${page.url()} ${id}: ${html} (${why})`);
}

const RUN_AXE = `axe.run(document, {
  runOnly: ${JSON.stringify(RULES)},
  resultTypes: ['violations'],
}).then(({ violations }) => violations.map(({ id, nodes: [node] }) => {
  return { id, html: node.html, why: node.failureSummary };
}))`;

/** Whether the page can be read on a telephone without scrolling sideways. */
export async function fitsWidth(page: Page, widthPx: number): Promise<boolean> {
  await page.setViewportSize({ width: widthPx, height: 740 });
  const scrollWidth = await page.evaluate('document.documentElement.scrollWidth');
  await page.setViewportSize({ width: 1280, height: 900 });
  return Number(scrollWidth) <= widthPx;
}

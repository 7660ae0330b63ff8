/**
 * A real Chromium for end-to-end tests: one page that sees only the system under test. Whatever
 * it is asked to fetch from another host, what its scripts throw and what its security policy
 * blocks is collected, so that a test can demand that there was nothing.
 */
import { existsSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
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
  const page = await context.newPage();
  page.setDefaultTimeout(STEP_MS);
  const faults: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(origin)) faults.push(`fetched ${request.url()}`);
  });
  page.on('pageerror', (error) => faults.push(`threw ${error.message}`));
  page.on('console', (message) => {
    if (/content security policy/i.test(message.text())) faults.push(message.text());
  });
  return { page, faults };
}

/** What axe finds wrong with the page as it is now: one line a rule, empty when nothing. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze();
  return violations.map(({ id, nodes }) => `${page.url()} ${id}: ${nodes[0]?.html}`);
}

/** Whether the page can be read on a telephone without scrolling sideways. */
export async function fitsWidth(page: Page, widthPx: number): Promise<boolean> {
  await page.setViewportSize({ width: widthPx, height: 740 });
  const scrollWidth = await page.evaluate('document.documentElement.scrollWidth');
  await page.setViewportSize({ width: 1280, height: 900 });
  return Number(scrollWidth) <= widthPx;
}

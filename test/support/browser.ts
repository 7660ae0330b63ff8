/** The browser of `chromium.ts` for a test: closed when the test is over. */
import { onTestFinished } from 'vitest';
import { type Browser, startBrowser } from '#test/support/chromium.ts';

export { accessibilityFaults, type Browser, fitsWidth } from '#test/support/chromium.ts';

/** Opens a page in Italian; closed when the test is over. `origin` is the only host it may use. */
export async function openBrowser(origin: string): Promise<Browser> {
  const { close, ...browser } = await startBrowser(origin);
  onTestFinished(close);
  return browser;
}

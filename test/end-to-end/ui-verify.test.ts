/**
 * The public page that checks the file of a receipt, in a real browser: every verdict in both
 * languages, by keyboard and by dropping, with axe looking at each. And what the page promises:
 * of the file nothing leaves the browser.
 */
import type { Page, Request } from 'playwright-core';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { ensureUiBuilt } from '#engine/ui-build.ts';
import type { VerificationKeys } from '#protocol/portal-api.ts';
import { openWorld } from '#test/contract/portal-world.ts';
import { accessibilityFaults, fitsWidth, openBrowser } from '#test/support/browser.ts';
import { type ReceiptCase, receiptCases, stage } from '#test/support/receipt-cases.ts';
import { goTo, speak } from '#test/support/ui-walk.ts';

let cases: ReceiptCase[];
beforeAll(async () => {
  cases = await receiptCases();
});

describe('the page that checks a receipt', () => {
  it('tells every verdict in both languages, and sends nothing of the file', async () => {
    const { page, faults } = await openBrowser(await portal());
    const requests: Request[] = [];
    page.on('request', (request) => requests.push(request));
    await page.goto('/verify');
    for (const each of cases) {
      await showKeys(page, each.keys);
      await leaveAndComeBack(page); // so that the keys are asked for anew
      await speak(page, 'it');
      await chooseFile(page, each.file);
      for (const language of ['it', 'en'] as const) {
        await speak(page, language);
        const verdict = page.locator('.cd-result .cd-callout h2').first();
        await verdict.filter({ hasText: each[language] }).waitFor();
        if (language === 'it') await focusIsOnVerdict(page);
        faults.push(...(await accessibilityFaults(page)));
        if (!(await fitsWidth(page, 360))) faults.push(`${each.name} is wider than 360 px`);
      }
    }
    expect(faults).toEqual([]);
    expect(requests.filter((one) => one.method() !== 'GET')).toEqual([]);
    expect(requests.filter((one) => one.postData() !== null)).toEqual([]);
    const asked = requests.map((one) => new URL(one.url()).pathname);
    expect(asked.filter((path) => path.startsWith('/api/'))).not.toEqual([]);
    const calls = 'verification-keys|time|session|click-days|notices|gates|models|tables/.*';
    const mine = new RegExp(`^/(api/(${calls})|assets/.*|verify|favicon.svg)$`);
    expect([...new Set(asked)].filter((path) => !mine.test(path))).toEqual([]);
    const protocol = '2011-01-31/g1/00000000';
    const told = requests.filter((one) => decodeURIComponent(one.url()).includes(protocol));
    expect(told.map((one) => one.url())).toEqual([]);
  });

  it('unfolds its evidence, compares with the log, and takes a file that is dropped', async () => {
    const { page, faults } = await openBrowser(await portal());
    await showKeys(page, stage.keys());
    await showLog(page);
    await page.goto('/verify');
    await page.getByLabel('Scegli il file della ricevuta').focus();
    await chooseFile(page, cases[0]!.file);
    await page.getByRole('heading', { name: 'Ricevuta autentica' }).waitFor();
    const step = page.locator('summary', {
      hasText: 'Dopo il sigillo non è cambiato nessun byte',
    });
    await step.focus();
    await page.keyboard.press('Enter');
    await page.getByText('SHA-256 di ciò che è sigillato').waitFor();
    await page.getByText('7 al varco g1: prima ce ne sono 6').waitFor();
    await page.getByRole('button', { name: 'Confronta con il registro' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Il registro di oggi concorda' }).waitFor();
    await page.getByText('Da allora nel registro nessuno è stato messo prima').waitFor();
    faults.push(...(await accessibilityFaults(page)));

    // The log is not to be had, then it is another one: the receipt stays what it is.
    await page.unroute(/\/v1\/log\//);
    await page.route(/\/v1\/log\//, (route) => route.abort());
    await page.getByRole('button', { name: 'Confronta con il registro' }).click();
    await page.getByRole('heading', { name: 'Confronto non fatto' }).waitFor();
    faults.push(...(await accessibilityFaults(page)));
    await page.unroute(/\/v1\/log\//);
    const was = stage.entries[2]!;
    stage.entries[2] = { ...was, stampUs: was.stampUs + 1 };
    await showLog(page);
    await page.getByRole('button', { name: 'Confronta con il registro' }).click();
    await page.getByRole('heading', { name: 'Il registro di oggi contraddice' }).waitFor();
    stage.entries[2] = was;
    faults.push(...(await accessibilityFaults(page)));

    await dropFile(page, cases.find(({ name }) => name === 'altered')!.file);
    await page.getByRole('heading', { name: 'La ricevuta è stata alterata' }).waitFor();
    expect(faults.filter((fault) => !fault.includes('/v1/log/'))).toEqual([]);
  });
});

/** Where a portal serves the page; closed when the test is over. */
async function portal(): Promise<string> {
  const world = await openWorld({ uiDirectory: await ensureUiBuilt({ log: { info: () => {} } }) });
  onTestFinished(() => world.close());
  return world.address;
}

/** In the place of the portal's own keys, which have sealed none of these. */
async function showKeys(page: Page, keys: VerificationKeys): Promise<void> {
  await page.unroute('**/api/verification-keys');
  await page.route('**/api/verification-keys', (route) => route.fulfill({ json: keys }));
}

/** In the place of the gate's own log. */
async function showLog(page: Page): Promise<void> {
  await page.route(/\/v1\/log\//, async (route) => {
    const bytes = await stage.readLog(
      new URL(route.request().url()).pathname.slice('/v1/log/'.length),
    );
    const headers = { 'access-control-allow-origin': '*' };
    if (bytes === undefined) await route.fulfill({ status: 404, headers });
    else await route.fulfill({ status: 200, headers, body: Buffer.from(bytes) });
  });
}

/** By way of a page that asks the portal for nothing, and which must be there to be left. */
async function leaveAndComeBack(page: Page): Promise<void> {
  const file = page.locator('#receipt-file');
  await goTo(page, '/accessibility');
  await file.waitFor({ state: 'detached' });
  await goTo(page, '/verify');
  await file.waitFor({ state: 'attached' });
}

async function chooseFile(page: Page, { name, bytes }: ReceiptCase['file']): Promise<void> {
  const file = { name, mimeType: 'application/pdf', buffer: Buffer.from(bytes) };
  await page.locator('#receipt-file').setInputFiles(file);
}

async function dropFile(page: Page, { name, bytes }: ReceiptCase['file']): Promise<void> {
  const transfer = await page.evaluateHandle(`(() => {
    const data = new DataTransfer();
    const text = atob('${Buffer.from(bytes).toString('base64')}');
    const content = Uint8Array.from(text, (unit) => unit.charCodeAt(0));
    data.items.add(new File([content], '${name}', { type: 'application/pdf' }));
    return data;
  })()`);
  await page.dispatchEvent('.cd-drop', 'drop', { dataTransfer: transfer });
}

async function focusIsOnVerdict(page: Page): Promise<void> {
  const isThere = `document.activeElement?.querySelector('.cd-callout') !== null`;
  await page.waitForFunction(isThere);
}

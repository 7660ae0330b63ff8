/**
 * Every model in a real browser from its choice to *ready*, in Italian and English: found by its
 * questions in Italian, taken from the list in English, each page filled from a sample. Each page
 * is looked at by axe and on a telephone's width once. So is the example of another call, which
 * shows that a form needs no code.
 */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { seededRandom } from '#engine/foundation/random.ts';
import { loadModels, type Models, sampleApplication } from '#engine/portal/models/index.ts';
import { ensureUiBuilt } from '#engine/ui-build.ts';
import type { FormDefinition } from '#protocol/forms/index.ts';
import type { ModelChoice } from '#protocol/portal-api.ts';
import { isoFromUs } from '#protocol/time.ts';
import { openWorld, START_US, type World } from '#test/contract/portal-world.ts';
import { accessibilityFaults, fitsWidth, openBrowser } from '#test/support/browser.ts';
import { fillWholePage, type Language } from '#test/support/page-filler.ts';
import { goTo, speak } from '#test/support/ui-walk.ts';

/** In `npm test` each model goes through one of the languages, by turns: test/README.md. */
const IS_WHOLE = process.env.CLICKDAY_TEST_WHOLE === '1';
/** By the portal's clock, which stands still. */
const TODAY = isoFromUs(START_US).slice(0, 10);
const EXAMPLE = 'docs/examples/bicycle-grant';
const words = {
  it: {
    start: (code: string) => `Comincia con il modello ${code}`,
    next: /Salva e (continua|rileggi)/,
    review: 'Rileggi la domanda',
    ready: 'Rendi pronta la domanda',
    isReady: 'La domanda è pronta',
    new: 'Nuova domanda',
  },
  en: {
    start: (code: string) => `Begin with form ${code}`,
    next: /Save and (continue$|read it all)/,
    review: 'Read the application through',
    ready: 'Make the application ready',
    isReady: 'The application is ready',
    new: 'New application',
  },
} as const;

interface Walk {
  readonly page: Page;
  readonly models: Models;
  readonly faults: string[];
  /** Pages that were looked at, by key and first field. */
  readonly seen: Set<string>;
}

for (const [name, directory] of [
  ['the decree of 2010', ''],
  ['the example grant', EXAMPLE],
] as const) {
  test(`every model of ${name} goes from its choice to ready, in Italian or English`, async () => {
    const models = loadModels(directory);
    const uiDirectory = await ensureUiBuilt({ log: { info: () => {} } });
    const world = await openWorld({ models, uiDirectory });
    try {
      const walk = { ...(await open(world)), models, seen: new Set<string>() };
      for (const [turn, language] of (['it', 'en'] as const).entries()) {
        await speak(walk.page, language);
        const forms = models.list().filter((_, at) => IS_WHOLE || at % 2 === turn);
        for (const form of forms) await goThrough(walk, form, language);
      }
      await lookAtChecklists(walk);
      expect(walk.faults).toEqual([]);
    } finally {
      await world.close();
    }
  });
}

/** A person with an account, logged in, and a click day that takes everything. */
async function open(world: World) {
  const [account] = await world.fixture({ accounts: 1, applications: 1 });
  const { page, faults } = await openBrowser(world.address);
  const { email, password } = account ?? { email: '', password: '' };
  const answer = await page.request.post('/api/session', {
    data: { email, password },
    headers: { origin: world.address },
  });
  expect(answer.status()).toBe(200);
  await page.goto('/applications');
  await page.getByRole('heading', { level: 1 }).waitFor();
  return { page, faults };
}

async function goThrough(walk: Walk, form: FormDefinition, language: Language): Promise<void> {
  const { page, models } = walk;
  const t = words[language];
  await goTo(page, '/applications/new');
  await page.getByRole('heading', { level: 1, name: t.new }).waitFor();
  const path = language === 'it' ? pathTo(models.choice, form.code) : undefined;
  if (path !== undefined) await answerQuestions(walk, path);
  await page
    .getByRole('button', { name: t.start(form.code), exact: true })
    .first()
    .click();
  await page.waitForURL(/\/pages\/1$/);
  const random = seededRandom(`${form.code} ${language}`, { nowUs: () => 0 });
  const { values } = sampleApplication(models, { random, todayIso: TODAY, model: form.code });
  for (const each of form.pages) {
    await page.getByRole('heading', { level: 1, name: each.title[language] }).waitFor();
    await fillWholePage(page, { models, form: each, values, language });
    await look(walk, `${each.key} ${Object.keys(each.schema.properties).join()}`);
    await page.getByRole('button', { name: t.next }).click();
  }
  await page.getByRole('heading', { level: 1, name: t.review }).waitFor();
  await page.getByRole('button', { name: t.ready }).click();
  await page.getByText(t.isReady).waitFor();
  await page.waitForURL(/\/applications\/\w{26}$/);
}

/** axe takes as long as a page takes to fill: once each. */
async function look({ page, faults, seen }: Walk, name: string): Promise<void> {
  if (seen.has(name)) return;
  seen.add(name);
  faults.push(...(await accessibilityFaults(page)));
  if (!(await fitsWidth(page, 360))) faults.push(`${page.url()} (${name}) is wider than 360 px`);
}

/** The answers that lead to a model. */
function pathTo(choice: ModelChoice | null, code: string): readonly number[] | undefined {
  for (const [index, answer] of (choice?.answers ?? []).entries()) {
    if (answer.model === code) return [index];
    const rest = pathTo(answer.next ?? null, code);
    if (rest !== undefined) return [index, ...rest];
  }
  return undefined;
}

async function answerQuestions(walk: Walk, path: readonly number[]): Promise<void> {
  const { page } = walk;
  const questions = page.locator('.cd-questions');
  for (const index of path) {
    await questions.locator(`#answer-${index}`).check();
    await questions.getByRole('button', { name: 'Avanti' }).click();
  }
  await questions.getByText('Il modello per te è questo').waitFor();
  await look(walk, 'questions');
}

async function lookAtChecklists(walk: Walk): Promise<void> {
  const { page, models } = walk;
  for (const { code, documents } of models.list()) {
    await goTo(page, `/models/${code}/checklist`);
    await page.getByText(documents[0]?.en ?? '').waitFor();
    await look(walk, 'checklist');
  }
}

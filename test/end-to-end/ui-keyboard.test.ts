/**
 * From the first page to an application that is ready, with the keyboard alone: the skip link,
 * registering, logging in, finding the form by its questions, every page, the review. The focus is
 * seen at every stop and goes to the heading of every page.
 */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { seededRandom } from '#engine/foundation/random.ts';
import { loadModels, type Models, sampleApplication } from '#engine/portal/models/index.ts';
import { ensureUiBuilt } from '#engine/ui-build.ts';
import type { ModelChoice } from '#protocol/portal-api.ts';
import { openWorld, type World } from '#test/contract/portal-world.ts';
import { openBrowser } from '#test/support/browser.ts';
import { Keyboard } from '#test/support/keyboard.ts';

const EMAIL = 'maria.rossi@example.it';
const PASSWORD = 'cavallo batteria graffetta';
const MODEL = 'A';

interface Person {
  readonly page: Page;
  readonly keyboard: Keyboard;
}

test('a person without a mouse registers and makes an application ready', async () => {
  const models = loadModels('');
  const uiDirectory = await ensureUiBuilt({ log: { info: () => {} } });
  const world = await openWorld({ models, uiDirectory });
  try {
    await world.fixture({ accounts: 1, applications: 0 });
    const { page, faults } = await openBrowser(world.address);
    const person = { page, keyboard: new Keyboard(page) };
    await register(person);
    await enter(person, world);
    await findForm(person, models);
    await fillForm(person, models);
    faults.push(...(await forcedColourFaults(page)));
    expect([...faults, ...new Set(person.keyboard.faults)]).toEqual([]);
  } finally {
    await world.close();
  }
});

/**
 * In the system's own colours, by whoever wants no motion: what can be pressed has an edge, grounds
 * tell nothing alone, and nothing moves.
 */
async function forcedColourFaults(page: Page): Promise<string[]> {
  await page.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' });
  const found = (await page.evaluate(FORCED_COLOURS)) as string[];
  await page.emulateMedia({ forcedColors: null, reducedMotion: null });
  return found;
}

/** Runs in the page. */
const FORCED_COLOURS = `(() => {
  const shown = [...document.querySelectorAll('body *')].filter((each) => each.checkVisibility());
  const edges = '.btn:not(.btn-link), .cd-chip, .cd-callout, .cd-filter, .cd-next, .cd-notice';
  const edged = shown.filter((each) => each.matches(edges));
  const bare = edged.filter((each) => parseFloat(getComputedStyle(each).borderTopWidth) < 1);
  const moves = (each) => [each, '::before', '::after'].some((part) => {
    const style = getComputedStyle(each, part === each ? null : part);
    return [style.transitionDuration, style.animationDuration].join().split(',')
      .some((time) => parseFloat(time) > 0);
  });
  const told = (fault) => (each) => fault + ': ' + each.outerHTML.slice(0, 120);
  return [
    ...(edged.length < 3 ? ['nothing with an edge was found'] : []),
    ...bare.map(told('no edge in forced colours')),
    ...shown.filter(moves).map(told('moves')),
  ];
})()`;

/** The page has come, and whoever listens to it begins at its heading. */
async function headingIs({ page }: Person, name: string): Promise<void> {
  await page.getByRole('heading', { level: 1, name }).waitFor();
  await page.waitForFunction(`document.activeElement?.tagName === 'H1'`);
}

async function register(person: Person): Promise<void> {
  const { page, keyboard } = person;
  await page.goto('/');
  await page.getByRole('link', { name: 'Registrati per cominciare' }).waitFor();
  await keyboard.press('Tab');
  expect((await keyboard.stop()).name).toBe('Vai al contenuto');
  await keyboard.press('Enter');
  await page.waitForFunction(`document.activeElement?.id === 'main'`);
  await keyboard.tabTo({ name: 'Registrati per cominciare' });
  await keyboard.press('Enter');
  await headingIs(person, 'Registrati');
  const names = { givenName: 'Maria', familyName: 'Rossi', codiceFiscale: 'RSSMRA80A41H501Y' };
  for (const [id, text] of Object.entries(names)) {
    await keyboard.tabTo({ id });
    await keyboard.type(text);
  }
  await keyboard.chooseRadio('sex', 1);
  await keyboard.tabTo({ id: 'birthDate' });
  await keyboard.typeDate('1980-01-01');
  await keyboard.tabTo({ id: 'email' });
  await keyboard.type(EMAIL);
  await keyboard.tabTo({ id: 'privacyAccepted' });
  await keyboard.press('Space');
  await keyboard.press('Enter');
  await headingIs(person, 'Controlla la tua posta');
}

async function enter(person: Person, world: World): Promise<void> {
  const { page, keyboard } = person;
  const letter = await world.letter(EMAIL);
  const oneTime = /Password monouso: (\S+)/.exec(letter)?.[1] ?? '';
  await page.goto(/\/confirm\?token=[\w-]+/.exec(letter)?.[0] ?? '');
  await page.getByRole('heading', { level: 1, name: 'Registrazione confermata' }).waitFor();
  await keyboard.tabTo({ name: 'Accedi' });
  await keyboard.press('Enter');
  await headingIs(person, 'Accedi');
  await keyboard.tabTo({ id: 'email' });
  await keyboard.type(EMAIL);
  await keyboard.tabTo({ id: 'password' });
  await keyboard.type(oneTime);
  await keyboard.press('Enter');
  await headingIs(person, 'Scegli la tua password');
  await keyboard.tabTo({ id: 'current' });
  await keyboard.type(oneTime);
  await keyboard.tabTo({ id: 'next' });
  await keyboard.type(PASSWORD);
  await keyboard.press('Enter');
  await headingIs(person, 'Le mie domande');
}

async function findForm(person: Person, models: Models): Promise<void> {
  const { page, keyboard } = person;
  await keyboard.tabTo({ name: 'Nuova domanda' });
  await keyboard.press('Enter');
  await headingIs(person, 'Nuova domanda');
  for (const index of pathTo(models.choice, MODEL) ?? []) {
    await keyboard.chooseRadio('answer-0', index);
    await keyboard.tabTo({ name: 'Avanti' });
    await keyboard.press('Enter');
  }
  await page.getByText('Il modello per te è questo').waitFor();
  await keyboard.tabTo({ name: /^Comincia con/ });
  await keyboard.press('Enter');
}

async function fillForm(person: Person, models: Models): Promise<void> {
  const { page, keyboard } = person;
  const random = seededRandom('no mouse', { nowUs: () => 0 });
  const wish = { random, todayIso: '2011-01-17', model: MODEL };
  const { values } = sampleApplication(models, wish);
  for (const form of models.get(MODEL)?.pages ?? []) {
    await headingIs(person, form.title.it);
    await keyboard.fill({ models, form, values });
    await keyboard.tabTo({ name: /^Salva e (continua|rileggi)/ });
    await keyboard.press('Enter');
  }
  await headingIs(person, 'Rileggi la domanda');
  await keyboard.tabTo({ name: 'Rendi pronta la domanda' });
  await keyboard.press('Enter');
  await page.getByText('La domanda è pronta').waitFor();
  await page.getByRole('heading', { name: 'A che punto è la domanda' }).waitFor();
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

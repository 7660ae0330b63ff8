/**
 * An organisation in a real browser, from the wish to the work: a private person asks for it, an
 * operator grants it, its administrator gets more accounts, changes one and hands over. Each page
 * is looked at by axe and at 360 pixels.
 */
import type { Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { ensureUiBuilt } from '#engine/ui-build.ts';
import type { MembersAnswer, RequestView } from '#protocol/organisations-api.ts';
import type { ApplicationsAnswer } from '#protocol/portal-api.ts';
import { operatorOf } from '#test/contract/organisation-world.ts';
import { applicant, openWorld, type World } from '#test/contract/portal-world.ts';
import { accessibilityFaults, fitsWidth, openBrowser } from '#test/support/browser.ts';

const HEAD = { email: 'head@patronato.example.it', password: 'la mia parola segreta' };
const OPERATOR = { email: 'operator@clickday.example', password: 'una parola lunga' };
const PIA = { email: 'pia@example.it', password: 'la mia parola segreta' };
const ANNA = { email: 'anna@patronato.example.it', password: 'tre parole qualsiasi' };

test('an organisation is asked for, granted, grown and handed over', async () => {
  const uiDirectory = await ensureUiBuilt({ log: { info: () => undefined } });
  const world = await openWorld({ uiDirectory });
  onTestFinished(() => world.close());
  await operatorOf(world);
  const head = await applicant(world, HEAD.email);
  await head.call('POST', '/api/applications', { model: 'A' });
  const { page, faults } = await openBrowser(new URL(world.address).origin);
  const look = async (_name: string) => {
    faults.push(...(await accessibilityFaults(page)));
    if (!(await fitsWidth(page, 360))) faults.push(`${page.url()} is wider than 360 px`);
  };
  const button = (name: string) => page.getByRole('button', { name, exact: true });

  await page.goto('/register');
  await page.getByText('Lavori per un’organizzazione?').waitFor();
  await logIn(page, HEAD);
  await page.getByRole('link', { name: 'Organizzazione' }).click();
  await button('Invia la richiesta').click();
  await page.getByRole('alert').getByText('Scrivi: Denominazione').waitFor();
  await page.getByLabel('Denominazione').fill('Patronato Prova');
  await page.getByLabel('Tipo').selectOption({ label: 'Patronato' });
  await page.getByLabel('Codice fiscale o partita IVA').fill('00743110158');
  await button('Invia la richiesta').click();
  await page.getByRole('alert').getByText('Non è un codice fiscale').waitFor();
  await look('founding');
  await page.getByLabel('Codice fiscale o partita IVA').fill('00743110157');
  await page.getByLabel('Nota per l’operatore').fill('Sono la direttrice della sede.');
  await button('Invia la richiesta').click();
  await page.getByRole('heading', { name: 'La richiesta è in esame' }).waitFor();

  await grant(page, async () => undefined);

  await logIn(page, HEAD);
  await page.getByRole('link', { name: 'Organizzazione' }).click();
  await page.getByRole('heading', { level: 1, name: 'Patronato Prova' }).waitFor();
  await page.getByRole('link', { name: 'Chiedi altri account' }).click();
  await page.getByLabel('Quanti account').fill('3');
  await button('Aggiungi una persona').click();
  await page.getByLabel('Nome', { exact: true }).fill('Anna');
  await page.getByLabel('Cognome').fill('Bo');
  await page.getByLabel('Indirizzo e-mail').fill('anna');
  await button('Invia la richiesta').click();
  await page.getByRole('alert').getByText('Scrivere un indirizzo').waitFor();
  await look('accounts');
  await page.getByLabel('Indirizzo e-mail').fill(ANNA.email);
  await button('Invia la richiesta').click();
  await page.getByText('In esame').waitFor();

  await grant(page, look);

  const token = /setup\?token=([\w-]+)/.exec(await world.letter(ANNA.email))?.[1];
  await page.goto(`/setup?token=${token}`);
  await page.getByLabel('Nuova password').fill(ANNA.password);
  await button('Attiva il profilo').click();
  await page.getByRole('heading', { name: 'Profilo attivo' }).waitFor();

  await logIn(page, HEAD);
  await page.getByRole('link', { name: 'Organizzazione' }).click();
  await page.getByRole('row', { name: /head\+3@/ }).waitFor();
  await look('organisation');
  await page.getByRole('link', { name: /Modifica.*Anna Bo/ }).click();
  await page.getByLabel('Prepara e invia').check();
  await button('Salva il ruolo').click();
  await page.getByText('Ruolo salvato.').waitFor();
  await button('Disattiva').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Disattiva' }).click();
  await button('Riattiva').click();
  await button('Disattiva').waitFor();
  await look('member');
  await button('Passa l’amministrazione').click();
  const confirm = page.getByRole('dialog').getByRole('button', { name: 'Passa' });
  await confirm.click();
  await page.getByText('Il tuo ruolo').waitFor();
  await page.getByText('Prepara e invia –').waitFor();
  expect(await page.getByRole('link', { name: 'Chiedi altri account' }).count()).toBe(0);

  await logIn(page, ANNA);
  await page.getByText('Preparata da Maria Rossi').waitFor();
  await look('applications');
  await button('Preparate da me').click();
  await page.getByText('Nessuna domanda').first().waitFor();
  await page.getByRole('link', { name: 'Organizzazione' }).click();
  await page.getByRole('button', { name: 'EN', exact: false }).first().click();
  await page.getByRole('heading', { name: 'Accounts', exact: true }).waitFor();
  await look('organisation-en');
  await page.getByRole('button', { name: 'IT', exact: false }).first().click();
  await invitePia(world);
  await joinAndLeave(page, look);
  expect(faults).toEqual([]);
});

/** Somebody who has an account of their own, with an application, is asked to join; it has none. */
async function invitePia(world: World): Promise<void> {
  const head = await world.person(HEAD.email, HEAD.password);
  const { body: its } = await head.call<ApplicationsAnswer>('GET', '/api/applications');
  for (const { id } of its.applications) await head.call('DELETE', `/api/applications/${id}`);
  const pia = await applicant(world, PIA.email);
  await pia.call('POST', '/api/applications', { model: 'A' });
  const anna = await world.person(ANNA.email, ANNA.password);
  const { body } = await anna.call<MembersAnswer>('GET', '/api/organisation/members');
  const people = [{ email: PIA.email, givenName: 'Pia', familyName: 'Sona' }];
  const base = body.members[0]?.id;
  const wish = { base, count: 1, role: 'preparer', people };
  const asked = await anna.call<RequestView>('POST', '/api/organisation/requests', wish);
  const operator = await world.person(OPERATOR.email, OPERATOR.password);
  await operator.call('POST', `/api/operator/requests/${asked.body.id}/grant`);
}

async function joinAndLeave(page: Page, look: (name: string) => Promise<void>): Promise<void> {
  const button = (name: string | RegExp) => page.getByRole('main').getByRole('button', { name });
  await logIn(page, PIA);
  await page.getByRole('link', { name: 'Organizzazione' }).click();
  await page.getByRole('heading', { name: 'Patronato Prova ti invita' }).waitFor();
  await look('invited');
  await button(/^Accetta l’invito/).click();
  await page.getByRole('heading', { level: 1, name: 'Patronato Prova' }).waitFor();
  await page.getByRole('link', { name: 'Vai alle domande' }).click();
  await button('Le mie personali').click();
  await page.getByText('1 domanda', { exact: true }).waitFor();
  await page.getByRole('link', { name: 'Organizzazione' }).click();
  await button('Lascia l’organizzazione').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Lascia' }).click();
  await page.getByText('Non fai più parte di Patronato Prova.').waitFor();
  await button('Invia la richiesta').waitFor();
}

async function logIn(page: Page, { email, password }: { email: string; password: string }) {
  await page.context().clearCookies();
  await page.goto('/login');
  await page.getByLabel('Indirizzo e-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('main').getByRole('button', { name: 'Accedi' }).click();
  await page.getByRole('link', { name: 'Inizio' }).first().waitFor();
  await page.waitForURL((url) => url.pathname !== '/login');
}

/** The operator looks at the queue, is asked for a reason to refuse, and grants. */
async function grant(page: Page, look: (name: string) => Promise<void>) {
  const button = (name: string) => page.getByRole('main').getByRole('button', { name });
  await logIn(page, OPERATOR);
  await page.getByRole('link', { name: 'Richieste' }).click();
  await page.getByRole('heading', { name: 'Patronato Prova' }).waitFor();
  await button('Respingi').click();
  await button('Respingi').click();
  await page.getByText('Scrivi il motivo').waitFor();
  await look('refusal');
  await button('Annulla').first().click();
  await button('Accogli').first().click();
  await page.getByRole('dialog').getByRole('button', { name: 'Accogli' }).click();
  await page.getByText('Richiesta accolta.').waitFor();
}

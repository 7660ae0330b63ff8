/**
 * A whole click day as one person sees it in a real browser, against real processes: the
 * administrator publishes the day, an applicant registers, confirms from the mail, drafts a model
 * A application until it is ready and, once it was sent, opens its receipt. On the way every page
 * is looked at by axe, and nothing is fetched from another host.
 */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { seededRandom } from '#engine/foundation/random.ts';
import type { FormPage, FormValues } from '#protocol/forms/index.ts';
import { isoFromUs } from '#protocol/time.ts';
import { accessibilityFaults, fitsWidth, openBrowser } from '#test/support/browser.ts';
import { fillPage } from '#test/support/form-filler.ts';
import { formOf, sampleOf } from '#test/support/models.ts';
import { PATIENCE_MS } from '#test/support/patience.ts';
import {
  clickdayOk,
  eventually,
  type RunningSystem,
  runningSystem,
  temporaryDirectory,
} from '#test/support/system.ts';

const PASSWORD = 'cavallo batteria graffetta';
const APPLICANT = 'maria.rossi@example.it';
const DAY_MS = 86_400_000;

const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).click();
const title = (page: Page, name: string | RegExp) =>
  page.getByRole('heading', { level: 1, name }).waitFor();

test('a person registers, drafts an application and opens its receipt', async () => {
  const data = temporaryDirectory();
  const system = await runningSystem({ data });
  const origin = new URL(system.portal ?? '').origin;
  const { page, faults } = await openBrowser(origin);
  const look = async () => {
    faults.push(...(await accessibilityFaults(page)));
    if (!(await fitsWidth(page, 360))) faults.push(`${page.url()} is wider than 360 px`);
  };

  await publishClickDay(page, await setUpLink(data, origin), look);
  await register(page, look);
  const { confirmation, oneTime } = await readLetter(page, look);
  await logInTheFirstTime(page, { confirmation, oneTime });
  const id = await draft(page, look);
  await send(page, { system, id });
  await openReceipt(page, id, look);
  await verify(page, look);

  expect(faults).toEqual([]);
});

async function setUpLink(data: string, origin: string): Promise<string> {
  const words = ['--email', 'capo@example.it', '--role', 'admin', '--public-url', origin];
  const out = await clickdayOk(['user', 'add', '--data', data, ...words]);
  const link = /\/setup\?token=[\w-]+/.exec(out)?.[0];
  if (!link) throw new Error(`no link in: ${out}`);
  return link;
}

async function publishClickDay(page: Page, link: string, look: () => Promise<void>) {
  await page.goto(link);
  await page.getByLabel('Nuova password').fill(PASSWORD);
  await look();
  await press(page, 'Attiva il profilo');
  await title(page, 'Profilo attivo');
  await logIn(page, 'capo@example.it', PASSWORD);
  await title(page, 'Sala di controllo');
  await page.getByText('non è sincronizzato con nessun server di tempo').waitFor();
  await look();
  await page.goto('/admin/click-days/new');
  await press(page, 'Crea il click day');
  await page.getByText('Ci sono dati da correggere').waitFor();
  await look();
  const day = new Date(Date.now() + 30 * DAY_MS).toISOString().slice(0, 10);
  await page.getByLabel('Identificativo').fill('prova');
  await page.getByLabel('Nome in italiano').fill('Quote riservate');
  await page.getByLabel('Nome in inglese').fill('Reserved quotas');
  await page.getByLabel('Apertura (ora di Roma)').fill(`${day}T08:00:00`);
  await page.getByLabel('Chiusura (ora di Roma)').fill(`${day}T20:00:00`);
  await setRules(page);
  await look();
  await press(page, 'Crea il click day');
  await page.getByRole('row', { name: /Quote riservate/ }).waitFor();
  const answer = await page.request.get('/api/admin/click-days');
  const { clickDays } = (await answer.json()) as { clickDays: { id: string; rules: unknown }[] };
  expect(clickDays.find(({ id }) => id === 'prova')?.rules).toEqual([
    { models: ['LS1'], exceptNationalities: ['AL'], quota: 'domestico', places: 250 },
    {},
  ]);
  await look();
  await press(page, 'Esci');
  await page.getByText('Prossimo click day').waitFor();
  await page.getByText('ore 8:00:00 (ora di Roma)').first().waitFor();
  await look();
}

/** Two rules: one form but for one citizenship, with places of its own; and all the rest. */
async function setRules(page: Page) {
  const [first, second] = [
    page.getByRole('group', { name: 'Regola 1' }),
    page.getByRole('group', { name: 'Regola 2' }),
  ];
  await press(page, 'Aggiungi una regola');
  await first.getByLabel('Posti della quota').fill('250');
  await first.getByLabel('Tutte tranne queste').check();
  await press(page, 'Crea il click day');
  await page.getByRole('link', { name: /Dai un nome alla quota/ }).waitFor();
  await first.getByLabel('LS1 –').check();
  await first.getByLabel('Quota', { exact: false }).first().fill('domestico');
  await first.getByRole('combobox').fill('Albania');
  await page.keyboard.press('Enter');
  await first.getByText('1 cittadinanza').waitFor();
  await second.getByLabel('Tutte', { exact: true }).waitFor();
}

async function register(page: Page, look: () => Promise<void>) {
  await page.goto('/register');
  await press(page, 'Crea il profilo');
  await page.getByText('Ci sono dati da correggere').waitFor();
  await look();
  await page.getByLabel('Nome', { exact: true }).fill('Maria');
  await page.getByLabel('Cognome').fill('Rossi');
  await page.getByLabel('Codice fiscale').fill('RSSMRA80A41H501Y');
  await page.getByText('Femmina', { exact: true }).click();
  await page.getByLabel('Data di nascita').fill('1980-01-01');
  const place = page.getByRole('combobox', { name: 'Luogo di nascita' });
  await place.fill('Milano');
  await place.press('Tab');
  await page.getByLabel('Indirizzo e-mail').fill(APPLICANT);
  await page.getByLabel(/Ho letto/).check();
  await press(page, 'Crea il profilo');
  await page.getByText('Il codice fiscale non corrisponde a questo dato').first().waitFor();
  await place.fill('Roma');
  await place.press('Tab');
  await press(page, 'Crea il profilo');
  await title(page, 'Controlla la tua posta');
  await look();
}

/** The administrator reads the mail in the outbox, as on a portal without a mail server. */
async function readLetter(page: Page, look: () => Promise<void>) {
  await logIn(page, 'capo@example.it', PASSWORD);
  await title(page, 'Sala di controllo');
  await page.goto('/admin/mail');
  await page
    .getByRole('row', { name: new RegExp(APPLICANT) })
    .getByRole('link')
    .click();
  const text = await page.locator('.cd-mail').innerText();
  await look();
  await press(page, 'Esci');
  await page.getByRole('link', { name: 'Accedi', exact: true }).waitFor();
  const confirmation = /\/confirm\?token=[\w-]+/.exec(text)?.[0] ?? '';
  return { confirmation, oneTime: /Password monouso: (\S+)/.exec(text)?.[1] ?? '' };
}

async function logInTheFirstTime(page: Page, mail: { confirmation: string; oneTime: string }) {
  await page.goto(mail.confirmation);
  await title(page, 'Registrazione confermata');
  await logIn(page, APPLICANT, mail.oneTime);
  await title(page, 'Scegli la tua password');
  await page.getByLabel('Password attuale').fill(mail.oneTime);
  await page.getByLabel('Nuova password').fill(PASSWORD);
  await press(page, 'Salva la password');
  await title(page, 'Le mie domande');
  await page.getByText('Non hai ancora domande').waitFor();
}

async function draft(page: Page, look: () => Promise<void>): Promise<string> {
  await page.goto('/applications/new');
  await press(page, 'Comincia con il modello A');
  await page.waitForURL(/\/pages\/1$/);
  const id = /applications\/(\w+)\//.exec(page.url())?.[1] ?? '';
  await press(page, 'Salva e continua');
  await page.getByText('Ci sono dati da correggere').waitFor();
  await look();
  const form = formOf('A');
  const random = seededRandom('a person', { nowUs: () => 0 });
  const todayIso = new Date().toISOString().slice(0, 10);
  const sample = sampleOf({ random, todayIso, model: 'A', nationality: 'AL' });
  for (const each of form.pages) await answer(page, each, sample.values, look);
  await title(page, 'Rileggi la domanda');
  await look();
  await press(page, 'Rendi pronta la domanda');
  await page.getByText('La domanda è pronta').waitFor();
  await look();
  return id;
}

async function answer(page: Page, form: FormPage, values: FormValues, look: () => Promise<void>) {
  await title(page, form.title.it);
  await fillPage(page, form, values);
  // The button saves as well: who pauses sees that it was saved before.
  if (form.number === 1) await page.getByText(/Salvato alle \d\d:\d\d:\d\d/).waitFor();
  await look();
  await press(page, /Salva e (continua|rileggi)/);
}

/** The day is moved to the next seconds and the application sent, as the mini-client would. */
async function send(page: Page, { system, id }: { system: RunningSystem; id: string }) {
  await page.evaluate(`fetch('/api/session', { method: 'DELETE' })`);
  await page.goto('/login');
  await logIn(page, 'capo@example.it', PASSWORD);
  await title(page, 'Sala di controllo');
  const opensAtUs = (Date.now() + 2_000) * 1000;
  const change = {
    name: { it: 'Quote riservate', en: 'Reserved quotas' },
    opensAt: isoFromUs(opensAtUs),
    closesAt: isoFromUs(opensAtUs + 3_600_000_000),
    suspended: false,
  };
  const changed = await page.request.put('/api/admin/click-days/prova', {
    data: change,
    headers: { origin: new URL(page.url()).origin },
  });
  expect(changed.status()).toBe(200);
  await press(page, 'Esci');
  await page.getByText('Prossimo click day').waitFor();
  await logIn(page, APPLICANT, PASSWORD);
  await title(page, 'Le mie domande');
  const origin = new URL(page.url()).origin;
  const passbooks = await page.request.post('/api/passbooks', { headers: { origin } });
  const [passbook] = (await passbooks.json()) as string[];
  const url = new URL('/v1/submissions', (system.gate ?? '').replace(/^ws/, 'http'));
  const headers = { authorization: `Bearer ${passbook}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ application: id });
  await eventually('the gate accepts', PATIENCE_MS, async () => {
    const { status } = await fetch(url, { method: 'POST', headers, body });
    return status === 201;
  });
}

async function openReceipt(page: Page, id: string, look: () => Promise<void>) {
  await page.goto(`/applications/${id}`);
  await page.getByText('Protocollo prova/').first().waitFor();
  const link = page.getByRole('link', { name: 'Scarica la ricevuta (PDF)' });
  await link.waitFor();
  await look();
  const downloading = page.waitForEvent('download');
  await link.click();
  const stream = await (await downloading).createReadStream();
  const [first] = (await stream.take(1).toArray()) as Buffer[];
  expect(first?.subarray(0, 5).toString('latin1')).toBe('%PDF-');
}

/** What the receipt's QR code opens, a number that is not there, and one that is no number. */
async function verify(page: Page, look: () => Promise<void>) {
  await page.getByRole('link', { name: 'Pagina pubblica di verifica' }).click();
  await page.getByText('Con questo numero è registrata una domanda').waitFor();
  const facts = page.locator('.cd-entry');
  await facts.getByText('prova/g1/000000001').waitFor();
  await facts.getByText(/Sportello Unico per l’Immigrazione \([A-Z]{2}\)/).waitFor();
  await look();
  const field = page.getByLabel('Numero di protocollo');
  await field.fill('prova/g1/000000002');
  await press(page, 'Verifica');
  await page.getByText('non è registrata nessuna domanda').waitFor();
  await look();
  await field.fill('due');
  await press(page, 'Verifica');
  await page.getByRole('alert').getByText('Questo non è un numero di protocollo').waitFor();
  await look();
}

async function logIn(page: Page, email: string, password: string) {
  await page.goto('/login');
  await page.getByLabel('Indirizzo e-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('main').getByRole('button', { name: 'Accedi' }).click();
}

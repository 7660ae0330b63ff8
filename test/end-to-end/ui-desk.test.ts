/**
 * The desk in a real browser, as an operator works: a request taken through its way with a note
 * that stays inside and a decision on something that had changed; a caller found and given a
 * number; two requests joined, an answer from the store, one handed over and escalated, many closed
 * at once, all of an incident answered; an administrator who makes a team and hours, takes requests
 * apart, erases a caller's, and works by keys. Looked at by axe and at 320 pixels.
 */
import type { Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { ensureUiBuilt } from '#engine/ui-build.ts';
import type { DeskTicket } from '#protocol/desk-api.ts';
import type { DeskHours } from '#protocol/desk-tools-api.ts';
import type { TicketView } from '#protocol/helpdesk-api.ts';
import { operatorOf } from '#test/contract/organisation-world.ts';
import { applicant, type Caller, openWorld } from '#test/contract/portal-world.ts';
import { accessibilityFaults, fitsWidth, openBrowser } from '#test/support/browser.ts';
import { deskTells, INCIDENT } from '#test/support/ui-helpdesk.ts';

const OPERATOR = { email: 'operator@clickday.example', password: 'una parola lunga' };
const ASKER = 'maria@example.it';
/** Pages ask again every 20 s: their clock is put forward. */
const ASKED_AGAIN_MS = 21_000;

async function openDesk() {
  const uiDirectory = await ensureUiBuilt({ log: { info: () => undefined } });
  const world = await openWorld({ uiDirectory });
  onTestFinished(() => world.close());
  const operator = await operatorOf(world);
  const user = await applicant(world, ASKER);
  const { page, faults } = await openBrowser(world.address);
  const headers = { origin: world.address };
  await page.request.post('/api/session', { data: OPERATOR, headers });
  const look = async () => {
    faults.push(...(await accessibilityFaults(page)));
    if (!(await fitsWidth(page, 320))) faults.push(`${page.url()} is wider than 320 px`);
  };
  return { world, operator, user, page, faults, look };
}

async function ask(user: Caller, subject: string): Promise<TicketView> {
  const draft = { kind: 'technical', subject, text: 'La pagina resta bianca.' };
  return (await user.call<TicketView>('POST', '/api/tickets', draft)).body;
}

const button = (page: Page, name: string) =>
  page.getByRole('main').getByRole('button', { name, exact: true });
const message = (page: Page, text: string) => page.locator('.cd-message').getByText(text);
const state = (page: Page, name: string) => page.locator('#ticket-state').getByText(name).waitFor();

test('an operator takes a request through its way, and a caller gets a number', async () => {
  const { operator, user, page, faults, look } = await openDesk();
  const { id } = await ask(user, 'Pagina bianca');
  const viewed = async () => (await user.call<TicketView>('GET', `/api/tickets/${id}`)).body;

  await page.goto('/');
  await page.getByRole('link', { name: 'Assistenza' }).click();
  await page.getByText('Niente di urgente').waitFor();
  await look();
  await page.getByRole('link', { name: 'Pagina bianca' }).click();
  await button(page, 'Prendi in carico').click();
  await state(page, 'Presa in carico');
  expect(await page.evaluate('document.activeElement.id')).toBe('ticket-state');
  await button(page, 'Passa in analisi').click();
  await state(page, 'In analisi');

  await button(page, 'Nota interna').click();
  await page.getByLabel('Testo della nota interna').fill('Sospetto la versione 3.');
  await button(page, 'Risposta all’utente').click();
  expect(await page.getByLabel('Testo che riceve l’utente').inputValue()).toBe('');
  await button(page, 'Nota interna').click();
  const file = { name: 'errore.txt', mimeType: 'text/plain', buffer: Buffer.from('riga 3') };
  await page.locator('#message-files').setInputFiles(file);
  await button(page, 'Salva la nota interna').click();
  await page.getByRole('link', { name: 'errore.txt' }).waitFor();
  await page.locator('.cd-message.is-internal').getByText('Sospetto la versione 3.').waitFor();
  expect(JSON.stringify(await viewed())).not.toMatch(/Sospetto|errore\.txt/);
  await look();

  await button(page, 'Risposta all’utente').click();
  await page.getByLabel('Testo che riceve l’utente').fill('Quale browser usa?');
  await button(page, 'Chiedi informazioni').click();
  await state(page, 'In attesa dell’utente');
  expect((await viewed()).isForYou).toBe(true);
  await page.getByLabel('Testo che riceve l’utente').fill('Provi con un altro browser.');
  await user.call('POST', `/api/tickets/${id}/messages`, { text: 'Firefox, ma adesso va.' });
  await button(page, 'Invia la risposta').click();
  await page.getByText('Nel frattempo la richiesta è cambiata').waitFor();
  await message(page, 'Firefox, ma adesso va.').waitFor();
  await look();
  await page.reload();
  const box = page.getByLabel('Testo che riceve l’utente');
  await message(page, 'Firefox, ma adesso va.').waitFor();
  expect(await box.inputValue()).toBe('Provi con un altro browser.');
  await button(page, 'Rispondi e chiudi').click();
  await state(page, 'Chiusa');
  expect((await viewed()).messages.at(-1)?.text).toBe('Provi con un altro browser.');
  expect(await box.inputValue()).toBe('');
  await box.fill('Ha chiamato: non va ancora.');
  await button(page, 'Riapri la richiesta').click();
  await state(page, 'Presa in carico');
  await page.getByText('Che cosa è successo').click();
  await page.getByText('ha scritto una nota interna').waitFor();

  await page.getByRole('link', { name: 'Telefonata' }).click();
  await page.getByLabel('Chi chiama?').fill(ASKER);
  await button(page, 'Cerca').click();
  await button(page, 'Scegli Maria Rossi').click();
  await page.getByText('Pagina bianca').waitFor();
  await button(page, 'Apri la richiesta').click();
  await page.getByRole('alert').getByText('Scrivi: Che cosa dice').waitFor();
  await page.getByLabel('Oggetto').fill('Non trova la ricevuta');
  await page.getByLabel('Che cosa dice').fill('Non sa dove si scarica.');
  await look();
  await button(page, 'Apri la richiesta').click();
  const number = (await page.locator('.cd-number').innerText()).trim();
  await page.getByText(' come ').first().waitFor();
  await look();
  await page.getByRole('link', { name: 'Vai alla richiesta' }).click();
  await page.getByText(`Richiesta ${number}`).waitFor();
  const { body } = await operator.call<{ tickets: DeskTicket[] }>(
    'GET',
    `/api/desk/tickets?queue=all&q=${number}`,
  );
  expect(body.tickets.map(({ channel, contact }) => ({ channel, contact }))).toEqual([
    { channel: 'phone', contact: 'Maria Rossi' },
  ]);
  expect(faults).toEqual([]);
});

test('requests are joined, answered from the store, handed over, and closed many at a time', async () => {
  const { world, user, page, faults, look } = await openDesk();
  const admin = await world.administrator();
  const [first, second] = [await ask(user, 'Pagina bianca'), await ask(user, 'Ancora bianca')];
  await ask(user, 'Un’altra cosa');
  await admin.call('POST', '/api/desk/canned', {
    ...{ title: 'Quale browser', kind: null },
    text: { it: 'Gentile {{name}}, la richiesta {{number}}: {{protocol}}', en: 'Dear {{name}}' },
  });
  await admin.call('POST', `/api/desk/tickets/${second.id}/presence`, { state: 'writing' });

  await deskTells(admin);
  await page.clock.install();
  await page.goto(`/desk/tickets/${second.id}`);
  await page.getByText('Aperta anche da: admin (sta scrivendo)').waitFor();
  const note = { text: 'Guardo io il registro.' };
  await admin.call('POST', `/api/desk/tickets/${second.id}/notes`, note);
  await page.clock.fastForward(ASKED_AGAIN_MS);
  await button(page, 'Mostra le novità').click();
  await message(page, note.text).waitFor();
  await page.getByText('Unisci a un’altra').click();
  await page.getByLabel('Cerca l’altra richiesta').fill(first.number ?? '');
  await button(page, 'Cerca').click();
  await button(page, 'Unisci a «Pagina bianca»').click();
  await page.getByRole('dialog').getByText('Unire a «Pagina bianca»?').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Unisci' }).click();
  await page.waitForURL((url) => url.pathname.endsWith(first.id));
  await page.getByText('Contiene 1 richiesta unita').waitFor();

  await page.getByLabel('Risposta pronta').selectOption({ label: 'Quale browser' });
  await button(page, 'Inserisci').click();
  const box = page.getByLabel('Testo che riceve l’utente');
  const filled = `Gentile Maria Rossi, la richiesta ${first.number}: {{protocol}}`;
  expect(await box.inputValue()).toBe(filled);
  await button(page, 'Invia la risposta').click();
  await page.getByText('Completa i segnaposto prima di inviare: {{protocol}}').waitFor();
  await look();
  await box.fill(filled.replace('{{protocol}}', 'quale browser usa?'));
  await button(page, 'Invia la risposta').click();
  await state(page, 'Risposta data');

  await page.getByText('Assegna o passa').click();
  await page.getByLabel('Operatore', { exact: true }).selectOption({ label: 'admin' });
  await button(page, 'Salva l’assegnazione').click();
  await page.getByText('Assegnazione salvata.').waitFor();
  await page.getByText('Sollecita', { exact: true }).click();
  await page.getByLabel('Perché').fill('Chiama ogni giorno.');
  await button(page, 'Segna come sollecitata').click();
  await state(page, 'Sollecitata');
  await page.getByText('Guasto noto', { exact: true }).first().click();
  await page.locator('#incident').selectOption({ label: INCIDENT.title.it });
  await button(page, 'Collega').click();
  await page.getByText('Collegamento salvato.').waitFor();
  await page.getByText('Che cosa è successo').click();
  await page.getByText('ha passato').waitFor();
  await page.getByText('ha sollecitato').waitFor();

  await page.getByRole('link', { name: 'Code', exact: true }).first().click();
  await page.getByRole('link', { name: 'Un’altra cosa' }).waitFor();
  await ask(user, 'Appena arrivata');
  await page.clock.fastForward(ASKED_AGAIN_MS);
  await button(page, '1 nuova richiesta: mostra').waitFor();
  expect(await page.locator('.cd-queue').getByText('Appena arrivata').count()).toBe(0);
  await button(page, '1 nuova richiesta: mostra').click();
  await page.locator('.cd-queue').getByText('Appena arrivata').waitFor();
  await page.getByLabel('Scegli tutte quelle mostrate').check();
  await button(page, 'Chiudi tutte').click();
  await look();
  await button(page, 'Chiudi 2').click();
  await page.getByText('Fatto: 2. Nessuna saltata.').waitFor();
  await page.getByText('Questa coda è vuota').waitFor();

  await page.getByRole('link', { name: 'Guasti noti' }).click();
  await page.getByRole('link', { name: /^Aggiorna/ }).click();
  await button(page, 'Invia a 1').click();
  await page.getByText('Scrivi il testo in italiano, in inglese').waitFor();
  await page.locator('#bulk-textIt').fill('La versione 1.3 è arrivata.');
  await page.getByLabel('Chiudi anche le richieste').check();
  await look();
  await button(page, 'Invia a 1').click();
  await page.getByText('Fatto: 1. Nessuna saltata.').waitFor();
  const { body: told } = await user.call<TicketView>('GET', `/api/tickets/${first.id}`);
  expect(told.status).toBe('closed');
  expect(told.messages.at(-1)?.text).toBe('La versione 1.3 è arrivata.');
  expect(faults).toEqual([]);
});

test('an administrator sets up teams and hours, takes requests apart, and works by keys', async () => {
  const { world, operator, user, page, faults, look } = await openDesk();
  await world.administrator();
  const login = { email: 'admin@clickday.example', password: OPERATOR.password };
  await page.request.post('/api/session', { data: login, headers: { origin: world.address } });
  const [first, second] = [await ask(user, 'Pagina bianca'), await ask(user, 'Ancora bianca')];
  const deed = async (id: string, name: string, wish: object) => {
    const path = `/api/desk/tickets/${id}`;
    const { version } = (await operator.call<DeskTicket>('GET', path)).body;
    return operator.call<DeskTicket>('POST', `${path}/${name}`, { version, ...wish });
  };
  const seen = async (id: string) =>
    (await operator.call<DeskTicket>('GET', `/api/desk/tickets/${id}`)).body;

  await page.goto('/desk/teams');
  await button(page, 'Salva il gruppo').click();
  await page.getByRole('alert').getByText('Scrivi: Nome del gruppo').waitFor();
  await page.getByLabel('Nome del gruppo').fill('Primo livello');
  await page.getByLabel('Che cosa arriva da solo').selectOption({ label: 'Normativa' });
  await page.getByLabel('operator').check();
  await button(page, 'Salva il gruppo').click();
  await page.getByText('Primo livello (1 operatore)').click();
  await button(page, 'Elimina il gruppo').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Elimina il gruppo' }).click();
  await page.getByText('Senza gruppi ogni operatore').waitFor();

  await page.getByRole('link', { name: 'Orari e tempi' }).click();
  await page.getByLabel('Lunedì').fill('08:00-25:00');
  await button(page, 'Salva orari e tempi').click();
  await page.getByRole('alert').getByText('Lunedì: scrivi orari come').waitFor();
  await page.getByLabel('Lunedì').fill('07:30-19:00');
  await button(page, 'Aggiungi un giorno').click();
  await page.getByLabel('Giorno', { exact: true }).fill('2011-01-31');
  await page.getByLabel('Orario di quel giorno').fill('06:00-22:00');
  await button(page, 'Salva orari e tempi').click();
  await page.getByText('Salvato. Vale per le scadenze').waitFor();
  const { body: hours } = await operator.call<DeskHours>('GET', '/api/desk/hours');
  expect([hours.week[0], hours.extra]).toEqual([
    [{ from: '07:30', until: '19:00' }],
    [{ day: '2011-01-31', spans: [{ from: '06:00', until: '22:00' }] }],
  ]);

  await deed(second.id, 'merge', { into: first.id });
  await page.goto(`/desk/tickets/${second.id}`);
  await state(page, 'Unita a un’altra');
  await button(page, 'Separala di nuovo').click();
  await state(page, 'Accettata');
  await user.call('POST', `/api/tickets/${first.id}/messages`, { text: 'E un’altra cosa.' });
  await page.goto(`/desk/tickets/${first.id}`);
  await page.getByText('Dividi', { exact: true }).click();
  await button(page, 'Crea la nuova richiesta').click();
  await page.getByText('Scegli almeno un messaggio').waitFor();
  await page.getByLabel(/E un’altra cosa/).check();
  await page.getByLabel('Oggetto della nuova richiesta').fill('L’altra cosa');
  await look();
  await button(page, 'Crea la nuova richiesta').click();
  await page.waitForURL((url) => !url.pathname.endsWith(first.id));
  await message(page, 'E un’altra cosa.').waitFor();

  const call = { kind: 'technical', language: 'it', subject: 'Chiamata', text: 'Ha chiamato.' };
  const who = { name: 'Nessuno', email: 'nobody@example.it' };
  const caller = await operator.call<DeskTicket>('POST', '/api/desk/tickets', {
    ...call,
    ...who,
  });
  await deed(caller.body.id, 'close', {});
  await page.goto(`/desk/tickets/${caller.body.id}`);
  await page.getByText('Cancella i dati personali').click();
  await button(page, 'Cancella messaggi, allegati e recapiti').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancella' }).click();
  await page.getByRole('heading', { name: 'Contenuto cancellato' }).waitFor();
  await look();
  expect((await seen(caller.body.id)).messages).toEqual([]);

  await page.goto('/desk?queue=waiting&sort=newest');
  await page.getByText('Questa coda è vuota').waitFor();
  await page.getByLabel('Ordine').selectOption({ label: 'Più vecchie prima' });
  await page.waitForURL(/queue=waiting&sort=oldest$/);
  await page.getByRole('link', { name: 'Code', exact: true }).first().click();
  await page.getByRole('link', { name: 'Pagina bianca' }).waitFor();
  await page.waitForURL(/queue=open&sort=due$/);
  await page.goBack();
  await page.getByText('Questa coda è vuota').waitFor();
  await page.goto('/desk?queue=open&sort=oldest');
  await page.getByRole('link', { name: 'Pagina bianca' }).waitFor();
  const focused = () => page.evaluate('document.activeElement.textContent');
  await page.keyboard.press('j');
  expect(await focused()).toBe('Pagina bianca');
  await page.keyboard.press('j');
  await page.keyboard.press('k');
  await page.keyboard.press('Enter');
  await state(page, 'Accettata');
  await page.keyboard.press('j');
  await page.getByRole('heading', { name: 'Ancora bianca' }).waitFor();
  await page.keyboard.press('t');
  await state(page, 'Presa in carico');
  await page.keyboard.press('p');
  expect(await page.evaluate('document.activeElement.id')).toBe('postpone-day');
  await button(page, 'Rimanda').click();
  await page.getByText('Scegli un giorno da domani in poi').waitFor();
  await button(page, 'Fra una settimana').click();
  await look();
  await button(page, 'Rimanda').click();
  await page.getByText(/^Rimandata al /).waitFor();
  expect((await seen(second.id)).postponedUntil).not.toBeNull();
  await button(page, 'Riprendila ora').click();
  await page.getByText(/^Rimandata al /).waitFor({ state: 'detached' });
  await page.keyboard.press('l');
  await page.getByLabel('Nuova etichetta').fill('Pagina bianca');
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'pagina bianca', exact: true }).waitFor();
  await page.locator('#ticket-state').focus();
  await page.keyboard.press('n');
  await page.getByLabel('Testo della nota interna').fill('Guardi tu?');
  await page.getByLabel('Menziona un collega').selectOption({ label: 'operator' });
  await page.getByText('La vedrà nelle sue menzioni: operator').waitFor();
  await look();
  await button(page, 'Salva la nota interna').click();
  await page.getByText('Devono ancora vederla: operator').waitFor();
  const mentioned = await operator.call<{ tickets: DeskTicket[] }>(
    'GET',
    '/api/desk/tickets?queue=mentioned',
  );
  expect(mentioned.body.tickets.map(({ id, tags }) => [id, tags])).toEqual([
    [second.id, ['pagina bianca']],
  ]);
  await page.getByRole('heading', { name: 'Scrivi' }).click();
  await page.keyboard.press('n');
  const note = page.getByLabel('Testo della nota interna');
  await note.pressSequentially('jrt?');
  expect(await note.inputValue()).toBe('jrt?');
  await page.getByRole('heading', { name: 'Scrivi' }).click();
  await page.keyboard.press('r');
  await page.getByLabel('Testo che riceve l’utente').waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.press('?');
  await page.getByLabel('Usa i tasti rapidi in questo browser').uncheck();
  await look();
  await page.getByRole('dialog').getByRole('button', { name: 'Chiudi' }).click();
  await page.keyboard.press('?');
  expect(await page.getByRole('dialog').count()).toBe(0);
  await page.reload();
  await state(page, 'Presa in carico');
  await page.keyboard.press('k');
  expect(page.url()).toContain(second.id);
  expect(faults).toEqual([]);
});

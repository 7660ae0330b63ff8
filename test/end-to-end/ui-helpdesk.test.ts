/**
 * Asking the help desk in a real browser: what is known already is said and followed, a request is
 * written with files, asked back, answered on the page and by mail, closed and reopened. The
 * operator's half is done by calls. What only appears on the way is looked at by axe and at 320
 * pixels; the pages themselves are walked by `ui-pages`.
 */
import type { Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { ensureUiBuilt } from '#engine/ui-build.ts';
import type { DeskIncident } from '#protocol/desk-tools-api.ts';
import type { TicketList, TicketView } from '#protocol/helpdesk-api.ts';
import { operatorOf } from '#test/contract/organisation-world.ts';
import { applicant, type Caller, openWorld } from '#test/contract/portal-world.ts';
import { pngBytes } from '#test/support/attachments.ts';
import { accessibilityFaults, fitsWidth, openBrowser } from '#test/support/browser.ts';
import {
  mailAnswer,
  outsideMail,
  readLettersOutside,
  wordsOf,
  writeMail,
} from '#test/support/outside-mail.ts';
import { deskActs, deskTells, INCIDENT } from '#test/support/ui-helpdesk.ts';

const MARIA = { email: 'maria@example.it', password: 'la mia parola segreta' };
const OTHER = { ...MARIA, email: 'altra@example.it' };
const SUBJECT = 'La ricevuta non si apre';
/** Coming back three times, and every 30 seconds however slow the machine is. */
const READS_MAX = 12;
const QUESTION = 'Con quale programma la apri?';

test('a person asks, answers what is asked back, closes and reopens', async () => {
  const uiDirectory = await ensureUiBuilt({ log: { info: () => undefined } });
  const outside = await outsideMail();
  const world = await openWorld({
    ...{ uiDirectory, helpdesk: { isAcceptedAtOnce: false }, smtpUrl: outside.url },
    mailbox: {
      ...{ deskAddress: 'aiuto@clickday.example', ownAddress: 'no-reply@clickday.example' },
      ...{ listen: { host: '127.0.0.1', port: 0 }, authserv: '' },
      limits: { mailsOfAddress: 6, ticketsOfAddress: 4 },
    },
  });
  onTestFinished(async () => {
    await world.close();
    await outside.close();
  });
  readLettersOutside(world, outside);
  const operator = await operatorOf(world);
  const maria = await applicant(world, MARIA.email);
  const { body: application } = await maria.call<{ id: string }>('POST', '/api/applications', {
    model: 'A',
  });
  await applicant(world, OTHER.email);
  await deskTells(operator);
  const { page, faults } = await openBrowser(new URL(world.address).origin);
  const look = async () => {
    faults.push(...(await accessibilityFaults(page)));
    if (!(await fitsWidth(page, 320))) faults.push(`${page.url()} is wider than 320 px`);
  };
  const button = (name: string | RegExp) => page.getByRole('button', { name });
  const says = (text: string | RegExp) => page.getByText(text).first().waitFor();
  const act = (action: string, text?: string) =>
    deskActs(operator, idIn(page), { action, ...(text === undefined ? {} : { text }) });

  await readsHelp(page);
  await logIn(page, MARIA);
  await page.goto('/help');
  await button(/Segui questo problema/).click();
  await says('Lo stai seguendo');
  expect(await followers(operator)).toBe(1);

  await page.goto(`/applications/${application.id}`);
  await page.getByRole('link', { name: 'Chiedi all’assistenza' }).click();
  await says('Prima di scrivere: lo sappiamo già');
  expect(await page.getByLabel('In breve').count()).toBe(0);
  await button('È un’altra cosa: voglio scrivere').click();
  await button('Invia la richiesta').click();
  await page.getByRole('alert').getByText('Scegli che cosa ti serve').waitFor();
  expect(await page.evaluate('document.activeElement.className')).toContain('cd-errors');
  await look();
  await page.getByLabel('Qualcosa non funziona').check();
  await page.getByLabel('In breve').pressSequentially('ricevuta');
  await page.getByRole('link', { name: /La ricevuta.*nuova scheda/ }).waitFor();
  expect(await page.evaluate('document.activeElement.id')).toBe('subject');
  await page.getByLabel('In breve').fill(SUBJECT);
  await page.getByLabel('Racconta').fill('Il PDF resta bianco.\n<b>Aiuto</b>');
  await page.reload();
  await page.getByLabel('In breve').waitFor();
  expect(await page.getByLabel('In breve').inputValue()).toBe(SUBJECT);
  expect(await page.getByLabel('Quale domanda').inputValue()).toBe(application.id);
  await choose(page, [
    { name: 'virus.exe', buffer: Buffer.from('MZ') },
    { name: 'schermata.png', buffer: Buffer.from(pngBytes) },
    { name: 'finto.png', buffer: Buffer.from([0, 1, 2, 3]) },
  ]);
  await says(/usa PDF, JPEG, PNG o un testo/);
  await button('Invia la richiesta').click();
  await page.getByRole('alert').getByText('Togli i file che non vanno bene').waitFor();
  await button(/Togli.*virus/).click();
  await button('Invia la richiesta').click();
  await says('Il testo è inviato, alcuni file no');
  await says(/Il file non è un PDF/);
  await look();
  await button(/Togli.*finto/).click();
  await button('Invia i file').click();

  await says('Richiesta inviata');
  await says('Tra poco ricevi una e-mail con il numero');
  await page.getByRole('link', { name: /Scarica.*schermata/ }).waitFor();
  expect(await page.locator('.cd-plain b').count()).toBe(0);
  const reads = countsReads(page);
  await act('accept');
  await comeBack(page);
  await says(/Richiesta n\. \w{4}-\w{4}/);
  await act('take');
  await act('ask', QUESTION);

  await page.goto('/');
  await page.getByText('L’assistenza ti chiede un’informazione').waitFor();
  await page.getByRole('link', { name: 'Leggi e rispondi' }).click();
  await page.getByRole('heading', { name: 'Ti chiediamo un’informazione' }).waitFor();
  await says(QUESTION);
  await page.getByRole('link', { name: 'Rispondi' }).click();
  await page.keyboard.type('Con il browser.');
  await button('Invia').last().click();
  await page.getByRole('listitem').filter({ hasText: 'Hai risposto' }).waitFor();
  await page.getByRole('heading', { name: 'Ti chiediamo un’informazione' }).waitFor({
    state: 'detached',
  });

  await act('ask', 'Quale browser?');
  await world.mail.settle();
  const letter = outside.received.findLast(({ to }) => to === MARIA.email)!;
  expect(wordsOf(letter.raw)).toContain('Quale browser?');
  const mail = mailAnswer(letter, { from: MARIA.email, text: 'Firefox 145.' });
  await writeMail(world.portal.mailbox?.address() ?? '', mail);
  await world.portal.mailbox?.settle();
  await comeBack(page);
  await says('Firefox 145.');

  await act('answer', 'Scaricala di nuovo.');
  await act('close');
  await comeBack(page);
  await page.getByText('Ci sono novità in questa richiesta.').waitFor();
  await page.getByRole('listitem').filter({ hasText: 'Chiusa dall’assistenza' }).waitFor();
  await button('Riapri la richiesta').click();
  await page.getByRole('alert').getByText('Scrivi il testo prima di inviare').waitFor();
  await page.getByLabel('Che cosa manca').fill('Ancora bianca.');
  await button('Riapri la richiesta').click();
  await page.getByRole('listitem').filter({ hasText: 'Riaperta' }).waitFor();
  await button('È risolto: chiudi la richiesta').click();
  await page.getByRole('listitem').filter({ hasText: 'Chiusa da te' }).waitFor();
  const ticket = await newest(maria);
  expect(ticket.steps.map(({ status }) => status)).toEqual([
    ...['received', 'accepted', 'in-charge', 'waiting', 'given', 'waiting', 'given'],
    ...['answered', 'closed', 'reopened', 'closed'],
  ]);
  expect(reads()).toBeLessThan(READS_MAX);
  expect(ticket.application?.id).toBe(application.id);
  await speakEnglish(page);
  await page.getByRole('heading', { name: 'Not solved?' }).waitFor();
  await look();

  const address = new URL(page.url()).pathname;
  await logIn(page, OTHER);
  await page.goto('/help/requests');
  await page.getByRole('heading', { name: 'No requests' }).waitFor();
  await page.goto(address);
  await page.getByRole('heading', { name: 'Page not found' }).waitFor();
  expect(faults).toEqual([]);
}, 240_000);

/** As nobody: the banner, the search while typing, an article. */
async function readsHelp(page: Page): Promise<void> {
  await page.goto('/help');
  await page.getByRole('heading', { name: INCIDENT.title.it }).waitFor();
  await page.getByRole('link', { name: 'Accedi per seguirlo' }).waitFor();
  await page.getByLabel('Che cosa cerchi?').pressSequentially('ricevuta');
  await page.getByText(/^\d+ rispost/).waitFor();
  await page.getByRole('link', { name: /La ricevuta/ }).click();
  await page.getByRole('heading', { level: 1, name: /La ricevuta/ }).waitFor();
  await page.locator('.cd-rich strong').first().waitFor();
}

/** How often the page of a request has read it since. */
function countsReads(page: Page): () => number {
  let count = 0;
  page.on('request', (request) => {
    const isRead = request.method() === 'GET' && /\/api\/tickets\/\w+$/.test(request.url());
    if (isRead) count += 1;
  });
  return () => count;
}

/** What the browser tells when somebody looks at the page again. */
async function comeBack(page: Page): Promise<void> {
  await page.evaluate(`document.dispatchEvent(new Event('visibilitychange'))`);
}

async function choose(page: Page, files: readonly { name: string; buffer: Buffer }[]) {
  const mimeType = 'application/octet-stream';
  await page.locator('#files').setInputFiles(files.map((file) => ({ ...file, mimeType })));
}

function idIn(page: Page): string {
  return /requests\/(\w{26})/.exec(page.url())?.[1] ?? '';
}

async function followers(operator: Caller): Promise<number | undefined> {
  const { body } = await operator.call<{ incidents: DeskIncident[] }>('GET', '/api/desk/incidents');
  return body.incidents[0]?.followers;
}

async function newest(caller: Caller): Promise<TicketView> {
  const { body } = await caller.call<TicketList>('GET', '/api/tickets');
  return (await caller.call<TicketView>('GET', `/api/tickets/${body.tickets[0]?.id}`)).body;
}

async function speakEnglish(page: Page): Promise<void> {
  await page.evaluate(`document.querySelector('.cd-languages button[lang="en"]').click()`);
}

async function logIn(page: Page, data: { email: string; password: string }): Promise<void> {
  await page.context().clearCookies();
  const headers = { origin: new URL(page.url()).origin };
  const answer = await page.request.post('/api/session', { data, headers });
  expect(answer.status()).toBe(200);
}

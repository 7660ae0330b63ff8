/**
 * A help desk in the middle of its day: requests that came in by the form and by telephone, in
 * several states, with a note and a question among them; one is tagged, mentioned and postponed.
 */
import type { DeskTicket } from '#protocol/desk-api.ts';
import type { TeamList } from '#protocol/desk-tools-api.ts';
import type { TicketView } from '#protocol/helpdesk-api.ts';
import { isoFromUs, usFromIso } from '#protocol/time.ts';
import { type Caller, HOUR_US } from '#test/contract/portal-world.ts';

const POSTPONED_US = 72 * HOUR_US;

const ASKED = [
  ['technical', 'La pagina resta bianca dopo il terzo passo', 'Uso Firefox su Windows.'],
  ['functional', 'Come allego la marca da bollo?', 'Ho la marca, non so dove scrivere il numero.'],
  ['legal', 'Vale la domanda per il nipote di mio marito?', 'Vive in Perù e ha ventidue anni.'],
] as const;

/** Their identifiers, the one with the longest story first. */
export async function fillDesk(user: Caller, operator: Caller): Promise<string[]> {
  const ids: string[] = [];
  for (const [kind, subject, text] of ASKED) {
    const { body } = await user.call<TicketView>('POST', '/api/tickets', { kind, subject, text });
    ids.push(body.id);
  }
  const [story = '', waiting = ''] = ids;
  await deskStep(operator, story, 'take');
  await operator.call('POST', `/api/desk/tickets/${story}/notes`, {
    text: 'Stesso errore di ieri: è la versione 3 del modello.',
  });
  await deskStep(operator, story, 'analyse');
  await deskStep(operator, story, 'ask', 'Quale versione di Firefox usa?');
  await user.call('POST', `/api/tickets/${story}/messages`, { text: 'La 145.' });
  await planFor(operator, story);
  await deskStep(operator, waiting, 'ask', 'Per quale modello di domanda?');
  const { body } = await operator.call<DeskTicket>('POST', '/api/desk/tickets', {
    ...{ name: 'Anna Bo, Patronato Prova', phone: '06 555 0100', language: 'it' },
    ...{ kind: 'functional', subject: 'Non arriva la mail di conferma' },
    text: 'Si è registrata ieri, la mail non arriva.',
  });
  return [...ids, body.id];
}

/** Tagged, mentioned to everybody at the desk, and postponed. */
async function planFor(operator: Caller, id: string): Promise<void> {
  const path = `/api/desk/tickets/${id}`;
  const { operators } = (await operator.call<TeamList>('GET', '/api/desk/teams')).body;
  const note = { text: 'Guardate anche voi?', mentions: operators.map((person) => person.id) };
  await operator.call('POST', `${path}/notes`, note);
  const { version, createdAt } = (await operator.call<DeskTicket>('GET', path)).body;
  const postponedTo = isoFromUs(usFromIso(createdAt) + POSTPONED_US).slice(0, 10);
  const body = { version, tags: ['firefox', 'pagina bianca'], postponedTo };
  await operator.call('PATCH', path, body);
}

/** One step of the way, decided on the newest version. */
export async function deskStep(operator: Caller, id: string, step: string, text?: string) {
  const path = `/api/desk/tickets/${id}`;
  const { version } = (await operator.call<DeskTicket>('GET', path)).body;
  return operator.call<DeskTicket>('POST', `${path}/${step}`, { version, text });
}

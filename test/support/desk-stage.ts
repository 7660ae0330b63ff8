/**
 * A help desk in the middle of its day: requests that came in by the form and by telephone, in
 * several states, with a note and a question among them.
 */
import type { DeskTicket } from '#protocol/desk-api.ts';
import type { TicketView } from '#protocol/helpdesk-api.ts';
import type { Caller } from '#test/contract/portal-world.ts';

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
  await deskStep(operator, waiting, 'ask', 'Per quale modello di domanda?');
  const { body } = await operator.call<DeskTicket>('POST', '/api/desk/tickets', {
    ...{ name: 'Anna Bo, Patronato Prova', phone: '06 555 0100', language: 'it' },
    ...{ kind: 'functional', subject: 'Non arriva la mail di conferma' },
    text: 'Si è registrata ieri, la mail non arriva.',
  });
  return [...ids, body.id];
}

/** One step of the way, decided on the newest version. */
export async function deskStep(operator: Caller, id: string, step: string, text?: string) {
  const path = `/api/desk/tickets/${id}`;
  const { version } = (await operator.call<DeskTicket>('GET', path)).body;
  return operator.call<DeskTicket>('POST', `${path}/${step}`, { version, text });
}

/**
 * The help desk's half for tests of its pages: what operators do, by the calls that their own pages
 * make, so that a test of who asks needs none of them.
 */
import type { DeskTicket } from '#protocol/desk-api.ts';
import type { IncidentDraft } from '#protocol/desk-tools-api.ts';
import type { Incident, TicketDraft, TicketView } from '#protocol/helpdesk-api.ts';
import type { Caller } from '#test/contract/portal-world.ts';

export const INCIDENT: IncidentDraft = {
  kind: 'technical',
  title: {
    it: 'Il programma di invio non si avvia',
    en: 'The sending program does not start',
  },
  text: {
    it: 'Con la versione 1.2. La 1.3 arriva oggi.',
    en: 'Version 1.2 only. Version 1.3 comes today.',
  },
  isResolved: false,
};

/** Takes one step with a ticket as it is now. */
export async function deskActs(
  operator: Caller,
  id: string,
  { action, text }: { action: string; text?: string },
): Promise<void> {
  const path = `/api/desk/tickets/${id}`;
  const { body: ticket } = await operator.call<DeskTicket>('GET', path);
  const body = { version: ticket.version, ...(text === undefined ? {} : { text }) };
  const answer = await operator.call('POST', `${path}/${action}`, body);
  if (answer.status !== 200) throw new Error(`${action} refused: ${JSON.stringify(answer.body)}`);
}

export async function deskTells(operator: Caller, incident = INCIDENT): Promise<string> {
  const answer = await operator.call<Incident>('POST', '/api/desk/incidents', incident);
  if (answer.status !== 201) throw new Error(`incident refused: ${answer.status}`);
  return answer.body.id;
}

export async function asks(caller: Caller, draft: Partial<TicketDraft> = {}): Promise<string> {
  const kind = 'functional';
  const words = { subject: 'Come correggo il cognome', text: 'Ho scritto Rosi e non Rossi.' };
  const wish = { kind, ...words, ...draft };
  const answer = await caller.call<TicketView>('POST', '/api/tickets', wish);
  if (answer.status !== 201) throw new Error(`request refused: ${answer.status}`);
  return answer.body.id;
}

/** Requests in three states: waiting for its user, answered, closed. */
export async function asksThrice(caller: Caller, operator: Caller): Promise<string[]> {
  const ids = [await asks(caller), await asks(caller), await asks(caller)];
  const [asked = '', answered = '', closed = ''] = ids;
  await deskActs(operator, asked, { action: 'take' });
  await deskActs(operator, asked, { action: 'ask', text: 'Di quale domanda si tratta?' });
  await deskActs(operator, answered, { action: 'answer', text: 'Riaprila e correggi.' });
  await deskActs(operator, closed, { action: 'close' });
  return ids;
}

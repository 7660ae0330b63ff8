/**
 * One thing that happened to a ticket as a sentence: who, what, from what to what. A kind that has
 * no words here is shown as it is called, so that nothing is hidden.
 */
import type { DeskEvent } from '#protocol/desk-api.ts';
import { dictionary, type Language } from '../../i18n/dictionary.ts';
import type { DeskNames } from './names.svelte.ts';
import { deskTexts } from './texts.ts';

export const eventWords = dictionary('desk-events', {
  it: {
    system: 'Sistema',
    user: 'Utente',
    received: 'ha ricevuto la richiesta',
    accepted: 'ha accettato la richiesta',
    'in-charge': 'ha preso in carico',
    analysis: 'ha iniziato l’analisi',
    waiting: 'ha chiesto informazioni',
    answered: 'ha risposto',
    closed: 'ha chiuso',
    reopened: 'ha riaperto',
    given: 'ha scritto',
    merged: 'ha unito a un’altra richiesta',
    'merged-from': 'ha unito qui un’altra richiesta',
    split: 'ha diviso la richiesta',
    note: 'ha scritto una nota interna',
    assigned: 'ha assegnato',
    'handed-over': 'ha passato',
    escalated: 'ha sollecitato',
    calmed: 'ha tolto il sollecito',
    changed: 'ha cambiato i dati',
    'phone-ticket': 'ha aperto la richiesta al telefono',
    breached: 'un tempo è scaduto',
    warned: 'un tempo sta per scadere',
    fromTo: (from: string, to: string) => `da ${from} a ${to}`,
    to: (to: string) => `a ${to}`,
    nothing: 'nessuno',
  },
  en: {
    system: 'System',
    user: 'User',
    received: 'received the ticket',
    accepted: 'accepted the ticket',
    'in-charge': 'took it in charge',
    analysis: 'started the analysis',
    waiting: 'asked for information',
    answered: 'answered',
    closed: 'closed it',
    reopened: 'reopened it',
    given: 'wrote',
    merged: 'merged it into another ticket',
    'merged-from': 'merged another ticket into this one',
    split: 'split the ticket',
    note: 'wrote an internal note',
    assigned: 'assigned it',
    'handed-over': 'handed it over',
    escalated: 'escalated it',
    calmed: 'took the escalation back',
    changed: 'changed its details',
    'phone-ticket': 'opened the ticket on the telephone',
    breached: 'a target was missed',
    warned: 'a target is close',
    fromTo: (from, to) => `from ${from} to ${to}`,
    to: (to) => `to ${to}`,
    nothing: 'nobody',
  },
});

export function eventText(event: DeskEvent, language: Language, names: DeskNames): string {
  const t = eventWords[language];
  const what = event.kind in t ? String(t[event.kind as keyof typeof t]) : event.kind;
  const who = event.by?.name ?? (event.kind === 'given' ? t.user : t.system);
  const details = [detailOf(event.detail, language, names), reasonOf(event.detail)];
  return `${who}: ${[what, ...details].filter((part) => part !== '').join(', ')}`;
}

function detailOf(detail: DeskEvent['detail'], language: Language, names: DeskNames): string {
  const t = eventWords[language];
  const from = valueText(detail.from, language, names);
  const to = valueText(detail.to, language, names);
  if (from !== '' && to !== '') return t.fromTo(from, to);
  return to === '' ? '' : t.to(to);
}

function reasonOf(detail: DeskEvent['detail']): string {
  return typeof detail.note === 'string' ? `“${detail.note}”` : '';
}

/** A status, a kind, a person, a team: whatever the detail names. */
function valueText(value: unknown, language: Language, names: DeskNames): string {
  if (typeof value !== 'string' || value === '') return '';
  const d = deskTexts[language];
  const word = [`status-${value}`, value].find((each) => each in d);
  if (word !== undefined) return String(d[word as keyof typeof d]).toLowerCase();
  return names.operator(value) || names.team(value) || names.incident(value) || value;
}

/**
 * One thing that happened to a ticket as a sentence: who, what, of what it changed from what to
 * what. A kind that has no words here is shown as it is called, so that nothing is hidden.
 */
import type { DeskEvent } from '#protocol/desk-api.ts';
import { dictionary, type Language } from '../../i18n/dictionary.ts';
import { formatDay } from '../../i18n/time-format.ts';
import { kinds } from './kinds.ts';
import type { DeskNames } from './names.svelte.ts';
import { deskTexts, languageName } from './texts.ts';

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
    joined: 'ha unito qui un’altra richiesta',
    unmerged: 'ha separato la richiesta dall’altra',
    parted: 'ha separato un’altra richiesta da questa',
    split: 'ha diviso la richiesta',
    'split-from': 'ha creato la richiesta da una parte di un’altra',
    erased: 'i dati personali sono stati cancellati',
    noted: 'ha scritto una nota interna',
    message: 'ha scritto',
    subject: 'oggetto cambiato',
    assigned: 'ha assegnato',
    'handed-over': 'ha passato',
    escalated: 'ha sollecitato',
    calmed: 'ha tolto il sollecito',
    changed: 'ha cambiato i dati',
    postponed: 'ha rimandato',
    returned: 'è tornata nelle code',
    tagged: 'ha cambiato le etichette',
    mentions: (names: string) => `menzionati: ${names}`,
    until: (day: string) => `al ${day}`,
    fromTo: (from: string, to: string) => `da ${from} a ${to}`,
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
    joined: 'merged another ticket into this one',
    unmerged: 'took the ticket apart from the other',
    parted: 'took another ticket apart from this one',
    split: 'split the ticket',
    'split-from': 'made the ticket of a part of another',
    erased: 'personal data were erased',
    noted: 'wrote an internal note',
    message: 'wrote',
    subject: 'subject changed',
    assigned: 'assigned it',
    'handed-over': 'handed it over',
    escalated: 'escalated it',
    calmed: 'took the escalation back',
    changed: 'changed its details',
    postponed: 'postponed it',
    returned: 'it is back in the queues',
    tagged: 'changed its tags',
    mentions: (names) => `mentioned: ${names}`,
    until: (day) => `to ${day}`,
    fromTo: (from, to) => `from ${from} to ${to}`,
    nothing: 'nobody',
  },
});

/** What of a ticket can be changed, as an event's detail names it. */
const changed: Readonly<Record<string, keyof typeof deskTexts.it>> = {
  kind: 'kind',
  language: 'language',
  team: 'team',
  assignee: 'assignee',
  tags: 'tags',
};

export function eventText(event: DeskEvent, language: Language, names: DeskNames): string {
  const t = eventWords[language];
  const what = event.kind in t ? String(t[event.kind as keyof typeof t]) : event.kind;
  const who = event.by?.name ?? (event.kind === 'given' ? t.user : t.system);
  return `${who}: ${[what, ...detailsOf(event.detail, language, names)].join(', ')}`;
}

function detailsOf(detail: DeskEvent['detail'], language: Language, names: DeskNames): string[] {
  const [d, t] = [deskTexts[language], eventWords[language]];
  return Object.entries(detail).flatMap(([name, change]) => {
    const label = changed[name];
    if (name === 'subject') return [t.subject];
    if (name === 'mentions') return [t.mentions(namesOf(change, names))];
    if (name === 'postponed_until_us' && isChange(change)) return daysOf(change.to, language);
    if (label === undefined || !isChange(change)) return [];
    const [from, to] = [change.from, change.to].map((each) => valueText(each, language, names));
    return [`${d[label]}: ${t.fromTo(from || t.nothing, to || t.nothing)}`];
  });
}

function namesOf(ids: unknown, names: DeskNames): string {
  const list = Array.isArray(ids) ? ids : [];
  return list.map((id) => names.operator(String(id)) || String(id)).join(', ');
}

/** None for a ticket that is brought back. */
function daysOf(us: unknown, language: Language): string[] {
  return typeof us === 'number' ? [eventWords[language].until(formatDay(us / 1000, language))] : [];
}

function isChange(value: unknown): value is { from: unknown; to: unknown } {
  return typeof value === 'object' && value !== null && 'from' in value && 'to' in value;
}

/** A kind, a language, a person, a team: whatever the detail names. */
function valueText(value: unknown, language: Language, names: DeskNames): string {
  if (typeof value !== 'string' || value === '') return '';
  const d = deskTexts[language];
  if (value === 'it' || value === 'en') return languageName(value, d);
  if (kinds.some((kind) => kind === value)) return d[value as (typeof kinds)[number]];
  return names.operator(value) || names.team(value) || names.incident(value) || value;
}

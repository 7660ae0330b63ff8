/** What the tools of the help desk say. */
import type { Outcome } from './outcome.ts';

export const helpdeskTools = {
  TEAM_NAME_TAKEN: {
    status: 409,
    retryable: false,
    it: 'C’è già un gruppo con questo nome: sceglierne un altro.',
    en: 'There is a team of this name: choose another one.',
  },
  TEAM_KIND_TAKEN: {
    status: 409,
    retryable: false,
    it: 'Le richieste di questo tipo vanno già a un altro gruppo: toglierle prima a quello.',
    en: 'Requests of this kind go to another team: take them from that one first.',
  },
  TEAM_MEMBER_UNKNOWN: {
    status: 422,
    retryable: false,
    it: 'Nel gruppo possono stare solo operatori e amministratori attivi.',
    en: 'Only operators and administrators whose accounts are active can be in a team.',
  },
  TEAM_HAS_TICKETS: {
    status: 409,
    retryable: false,
    it: 'Il gruppo ha ancora richieste aperte: passarle prima a un altro gruppo.',
    en: 'The team still has open tickets: hand them over to another team first.',
  },
  DESK_LIST_FULL: {
    status: 409,
    retryable: false,
    it: 'L’elenco è pieno: eliminare ciò che non serve più.',
    en: 'The list is full: delete what is not needed any more.',
  },
  INCIDENTS_OPEN_MAX: {
    status: 409,
    retryable: false,
    it: 'Ci sono già 20 problemi noti aperti: risolverne o aggiornarne uno.',
    en: 'There are 20 open incidents: resolve or update one of them.',
  },
  INCIDENT_RESOLVED: {
    status: 409,
    retryable: false,
    it: 'Il problema è già risolto: se continua, scrivere una richiesta.',
    en: 'The incident is resolved: if it goes on, write a ticket.',
  },
  ARTICLE_SLUG_TAKEN: {
    status: 409,
    retryable: false,
    it: 'C’è già un articolo con questo indirizzo: sceglierne un altro.',
    en: 'There is an article at this address: choose another one.',
  },
  TEXT_EMPTY: {
    status: 422,
    retryable: false,
    it: 'Scrivere il testo in italiano e in inglese.',
    en: 'Write the text in Italian and in English.',
  },
  TEXT_TOO_LONG: {
    status: 422,
    retryable: false,
    it: 'Il testo è troppo lungo: accorciarlo.',
    en: 'The text is too long: shorten it.',
  },
  HOURS_SPAN: {
    status: 422,
    retryable: false,
    it: 'Gli orari di un giorno devono finire dopo l’inizio e non sovrapporsi.',
    en: 'The spans of a day must end after they begin and must not overlap.',
  },
  HOURS_DAY: {
    status: 422,
    retryable: false,
    it: 'Il giorno non esiste oppure è indicato due volte.',
    en: 'There is no such day, or it is named twice.',
  },
  HOURS_TARGETS: {
    status: 422,
    retryable: false,
    it: 'Indicare i tempi per i tre tipi di richiesta; la soluzione non prima della risposta.',
    en: 'State the times of all three kinds; a solution is not due before a response.',
  },
  TICKETS_OF_OTHERS: {
    status: 409,
    retryable: false,
    it: 'Le due richieste non sono della stessa persona o dello stesso ente: non si possono unire.',
    en: 'The two requests are not of the same person or body: they cannot be joined.',
  },
  TICKET_TOO_LONG: {
    status: 409,
    retryable: false,
    it: 'Insieme le due richieste avrebbero più di 2.000 messaggi: lasciarle separate.',
    en: 'Together the two requests would have more than 2,000 messages: leave them apart.',
  },
  SPLIT_MESSAGES: {
    status: 422,
    retryable: false,
    it: 'Scegliere messaggi di questa richiesta, e lasciarne almeno uno.',
    en: 'Choose messages of this request, and leave at least one in it.',
  },
  BULK_INCOMPLETE: {
    status: 422,
    retryable: false,
    it: 'Indicare le richieste oppure un problema noto, e ciò che serve all’azione.',
    en: 'Name tickets or an incident, and what the action needs.',
  },
  STATISTICS_RANGE: {
    status: 422,
    retryable: false,
    it: 'Indicare due giorni, il secondo non prima del primo, al massimo un anno.',
    en: 'Name two days, the second not before the first, a year at most.',
  },
} as const satisfies Record<string, Outcome>;

/** What the help desk says to who asks and to its operators. */
import type { Outcome } from './outcome.ts';

export const helpdesk = {
  TICKET_CHANGED: {
    status: 409,
    retryable: false,
    it: 'La richiesta è cambiata nel frattempo: ricaricarla e decidere di nuovo.',
    en: 'The request has changed in the meantime: load it again and decide anew.',
  },
  TICKET_STATE: {
    status: 409,
    retryable: false,
    it: 'La richiesta non è nello stato adatto a questa operazione: ricaricare la pagina.',
    en: 'The request is not in a state for this: load the page again.',
  },
  TICKETS_TOO_MANY: {
    status: 429,
    retryable: true,
    it: 'Hai aperto molte richieste nell’ultima ora: aggiungi un messaggio a una già aperta o attendi.',
    en: 'You have opened many requests in the last hour: add a message to an open one, or wait.',
  },
  TICKETS_OPEN_TOO_MANY: {
    status: 409,
    retryable: false,
    it: 'Hai troppe richieste aperte: chiudi quelle risolte o aggiungi un messaggio a una di esse.',
    en: 'You have too many open requests: close the solved ones or add a message to one of them.',
  },
  TICKET_MESSAGES_TOO_MANY: {
    status: 429,
    retryable: true,
    it: 'Hai scritto molti messaggi nell’ultima ora: attendi prima di scriverne altri.',
    en: 'You have written many messages in the last hour: wait before you write more.',
  },
  TICKET_FULL: {
    status: 409,
    retryable: false,
    it: 'La richiesta ha già moltissimi messaggi: aprirne una nuova, citando il suo numero.',
    en: 'The request has a great many messages already: open a new one and name its number.',
  },
  TICKET_TEXT_MISSING: {
    status: 422,
    retryable: false,
    it: 'Manca il testo: scrivere che cosa comunicare.',
    en: 'The text is missing: write what is to be told.',
  },
  TICKET_SUBJECT_MISSING: {
    status: 422,
    retryable: false,
    it: 'Manca l’oggetto: scrivere in almeno tre caratteri di che cosa si tratta.',
    en: 'The subject is missing: say in at least three characters what it is about.',
  },
  TICKET_APPLICATION_UNKNOWN: {
    status: 422,
    retryable: false,
    it: 'La domanda indicata non è tra quelle di chi chiede: sceglierla dall’elenco.',
    en: 'The application named is not one of who asks: choose it from the list.',
  },
  TICKET_CALLER_MISSING: {
    status: 422,
    retryable: false,
    it: 'Indicare chi chiede: un account, oppure un nome.',
    en: 'Say who asks: an account, or a name.',
  },
  TICKET_ASSIGNEE_UNKNOWN: {
    status: 422,
    retryable: false,
    it: 'La persona indicata non è un operatore attivo: sceglierne un’altra.',
    en: 'The person named is no active operator: choose another one.',
  },
  TICKET_TEAM_UNKNOWN: {
    status: 422,
    retryable: false,
    it: 'Il gruppo o il problema noto indicato non esiste più: sceglierne un altro.',
    en: 'The team or incident named does not exist any more: choose another one.',
  },
  TICKET_ATTACHMENT_TYPE: {
    status: 415,
    retryable: false,
    it: 'Il file non è un PDF, un JPEG, un PNG o un testo: salvarlo in uno di questi formati.',
    en: 'The file is no PDF, JPEG, PNG or text: save it in one of these formats.',
  },
  TICKET_ATTACHMENTS_TOO_MANY: {
    status: 409,
    retryable: false,
    it: 'Il messaggio o la richiesta ha già il massimo di file: riunire più pagine in un PDF.',
    en: 'The message or the request has the most files it can have: join pages in a PDF.',
  },
  TICKET_ATTACHMENT_LATE: {
    status: 409,
    retryable: false,
    it: 'Si aggiungono file solo a un proprio messaggio, entro un’ora: scrivere un nuovo messaggio.',
    en: 'Files are added to a message of one’s own, within an hour: write a new message.',
  },
} as const satisfies Record<string, Outcome>;

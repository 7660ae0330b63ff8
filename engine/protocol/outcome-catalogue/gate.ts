/** What the gate says: to a submission, and of frames, requests and connections. */
import type { Outcome } from './outcome.ts';

/** Answers of the gate to a submission (protocol §§3 and 4). */
export const submission = {
  TOO_EARLY: {
    status: 425,
    retryable: true,
    it: 'Non ancora aperto: riprovare all’istante di apertura.',
    en: 'Not open yet: try again at the instant of opening.',
  },
  CLOSED: {
    status: 410,
    retryable: false,
    it: 'Il click day è chiuso: l’invio non è più possibile.',
    en: 'The click day is closed: nothing more can be submitted.',
  },
  UNKNOWN_APPLICATION: {
    status: 404,
    retryable: false,
    it: 'Domanda non presente nei libretti presentati: aggiornare l’elenco dal portale.',
    en: 'This application is in no presented passbook: refresh the list from the portal.',
  },
  WRONG_CLICK_DAY: {
    status: 404,
    retryable: false,
    it: 'Il click day della domanda non è nel calendario di questo varco.',
    en: 'The click day of this application is not in the calendar of this gate.',
  },
  PASSBOOK_INVALID: {
    status: 401,
    close: 4403,
    retryable: false,
    it: 'Libretto non valido: scaricarlo di nuovo dal portale.',
    en: 'The passbook is not valid: fetch it again from the portal.',
  },
  PASSBOOK_EXPIRED: {
    status: 401,
    close: 4403,
    retryable: false,
    it: 'Libretto scaduto: scaricarlo di nuovo dal portale.',
    en: 'The passbook has expired: fetch it again from the portal.',
  },
  SUSPENDED: {
    status: 503,
    retryable: true,
    it: 'Il click day è sospeso: seguire gli avvisi sul portale.',
    en: 'The click day is suspended: follow the notices on the portal.',
  },
  OVERLOADED: {
    status: 503,
    retryable: true,
    it: 'Il sistema è molto occupato: riprovare dopo il tempo indicato.',
    en: 'The system is very busy: try again after the stated time.',
  },
  RATE_LIMITED: {
    status: 429,
    retryable: true,
    it: 'Troppi invii in attesa su questa connessione: aspettare le risposte.',
    en: 'Too many submissions are waiting on this connection: wait for answers.',
  },
  STORAGE_UNAVAILABLE: {
    status: 503,
    retryable: true,
    it: 'Il registro non può scrivere in questo momento: nulla è stato accettato, riprovare.',
    en: 'The ledger cannot write at this moment: nothing was accepted, try again.',
  },
  REHEARSAL_PAUSED: {
    status: 503,
    retryable: true,
    it: 'Le prove sono in pausa attorno a un click day vero: le domande vere non ne sono toccate.',
    en: 'Practice rests around a real click day: real applications are not affected.',
  },
} as const satisfies Record<string, Outcome>;

/** Trouble with a frame, a request or a connection of the gate. */
export const transport = {
  FRAME_MALFORMED: {
    status: 400,
    close: 1007,
    retryable: false,
    it: 'Il messaggio non è JSON valido.',
    en: 'The frame is not valid JSON.',
  },
  FRAME_BINARY: {
    close: 1003,
    retryable: false,
    it: 'Sono ammessi solo messaggi di testo.',
    en: 'Only text frames are allowed.',
  },
  FRAME_TOO_LARGE: {
    status: 413,
    close: 1009,
    retryable: false,
    it: 'Messaggio troppo grande (4 KiB, hello 256 KiB).',
    en: 'The frame is too large (4 KiB, hello 256 KiB).',
  },
  FRAME_UNKNOWN: {
    retryable: false,
    it: 'Tipo di messaggio sconosciuto.',
    en: 'Unknown type of frame.',
  },
  FRAME_INVALID: {
    status: 400,
    retryable: false,
    it: 'Al messaggio manca un membro oppure un membro non ha il tipo giusto.',
    en: 'A member of the frame is missing or has the wrong type.',
  },
  HELLO_REQUIRED: {
    close: 4401,
    retryable: true,
    it: 'Il primo messaggio deve essere hello, entro 10 secondi.',
    en: 'The first frame must be hello, within 10 seconds.',
  },
  APPLICATIONS_TOO_MANY: {
    status: 413,
    retryable: false,
    it: 'Troppe domande su una connessione (al massimo 10.000).',
    en: 'Too many applications on one connection (at most 10,000).',
  },
  IDLE: {
    close: 4408,
    retryable: true,
    it: 'Connessione chiusa per inattività: riconnettersi.',
    en: 'Connection closed because it was idle: connect again.',
  },
  CONNECTIONS_TOO_MANY: {
    status: 429,
    close: 4429,
    retryable: true,
    it: 'Troppe connessioni per questo account o indirizzo.',
    en: 'Too many connections of this account or address.',
  },
  RESTARTING: {
    close: 1012,
    retryable: true,
    it: 'Il varco si riavvia: riconnettersi subito.',
    en: 'The gate is restarting: reconnect at once.',
  },
  ORIGIN_REFUSED: {
    status: 403,
    retryable: false,
    it: 'Le pagine di questo sito non possono usare il varco.',
    en: 'Pages of this site may not use the gate.',
  },
  SUBPROTOCOL_UNKNOWN: {
    status: 400,
    retryable: false,
    it: 'Sottoprotocollo sconosciuto: usare clickday.v1.',
    en: 'Unknown subprotocol: use clickday.v1.',
  },
  NOT_FOUND: {
    status: 404,
    retryable: false,
    it: 'Non c’è nulla a questo indirizzo.',
    en: 'There is nothing at this address.',
  },
} as const satisfies Record<string, Outcome>;

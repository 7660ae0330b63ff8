/**
 * The one catalogue of outcomes: every stable code that leaves this system, with what it means,
 * its HTTP status or close code, whether trying again can help, and the sentence a person reads.
 *
 * Codes are for ever: a code is never renamed or given another meaning. Texts say how to mend it.
 */

export interface Outcome {
  readonly status?: number;
  readonly close?: number;
  readonly retryable: boolean;
  readonly it: string;
  readonly en: string;
}

/** Answers of the gate to a submission (protocol §§3 and 4). */
const submission = {
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
} as const satisfies Record<string, Outcome>;

/** Trouble with a frame, a request or a connection of the gate. */
const transport = {
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

/** Answers of the portal to people and programs. */
const portal = {
  REQUEST_MALFORMED: {
    status: 400,
    retryable: false,
    it: 'La richiesta non è JSON valido.',
    en: 'The request is not valid JSON.',
  },
  REQUEST_INVALID: {
    status: 422,
    retryable: false,
    it: 'La richiesta contiene valori mancanti o non validi: correggere i campi indicati.',
    en: 'The request has missing or invalid values: mend the fields that are named.',
  },
  MEDIA_TYPE_UNSUPPORTED: {
    status: 415,
    retryable: false,
    it: 'Inviare il contenuto come application/json.',
    en: 'Send the content as application/json.',
  },
  REQUEST_TOO_LARGE: {
    status: 413,
    retryable: false,
    it: 'Richiesta troppo grande (al massimo 256 KiB).',
    en: 'The request is too large (256 KiB at most).',
  },
  REQUESTS_TOO_MANY: {
    status: 429,
    retryable: true,
    it: 'Troppi tentativi: riprovare dopo il tempo indicato.',
    en: 'Too many attempts: try again after the stated time.',
  },
  BUSY: {
    status: 503,
    retryable: true,
    it: 'Il portale è molto occupato: riprovare tra qualche secondo.',
    en: 'The portal is very busy: try again in a few seconds.',
  },
  INTERNAL_ERROR: {
    status: 500,
    retryable: true,
    it: 'Errore interno: nulla è andato perso, riprovare tra poco.',
    en: 'Internal error: nothing is lost, try again shortly.',
  },
  CROSS_SITE: {
    status: 403,
    retryable: false,
    it: 'Richiesta proveniente da un altro sito: aprire il portale e ripetere.',
    en: 'The request comes from another site: open the portal and repeat it.',
  },
  UNAUTHENTICATED: {
    status: 401,
    retryable: false,
    it: 'Accedere per continuare.',
    en: 'Log in to continue.',
  },
  CREDENTIALS_WRONG: {
    status: 401,
    retryable: false,
    it: 'Indirizzo o password non corretti, oppure registrazione non ancora confermata.',
    en: 'Wrong address or password, or the registration is not confirmed yet.',
  },
  PASSWORD_CHANGE_REQUIRED: {
    status: 403,
    retryable: false,
    it: 'Scegliere prima una nuova password al posto di quella monouso.',
    en: 'First choose a new password in place of the one-time password.',
  },
  FORBIDDEN: {
    status: 403,
    retryable: false,
    it: 'Questo account non può eseguire questa operazione.',
    en: 'This account may not do this.',
  },
  TOKEN_INVALID: {
    status: 410,
    retryable: false,
    it: 'Collegamento scaduto o già usato: registrarsi di nuovo per riceverne un altro.',
    en: 'The link has expired or was used: register again to get another one.',
  },
  PASSWORD_WEAK: {
    status: 422,
    retryable: false,
    it: 'Scegliere una password di almeno 12 caratteri, diversa dalla precedente e dall’indirizzo.',
    en: 'Choose a password of at least 12 characters, other than the last one and the address.',
  },
  PASSWORD_WRONG: {
    status: 422,
    retryable: false,
    it: 'La password attuale non è corretta.',
    en: 'The current password is not right.',
  },
  EMAIL_INVALID: {
    status: 422,
    retryable: false,
    it: 'Scrivere un indirizzo di posta valido, per esempio maria.rossi@example.it.',
    en: 'Write a valid mail address, for example maria.rossi@example.it.',
  },
  NAME_INVALID: {
    status: 422,
    retryable: false,
    it: 'Scrivere il nome con lettere, spazi, apostrofi o trattini.',
    en: 'Write the name with letters, spaces, apostrophes or hyphens.',
  },
  CODICE_FISCALE_INVALID: {
    status: 422,
    retryable: false,
    it: 'Il codice fiscale non è valido: controllare le 16 lettere e cifre.',
    en: 'The codice fiscale is not valid: check its 16 letters and digits.',
  },
  CODICE_FISCALE_MISMATCH: {
    status: 422,
    retryable: false,
    it: 'Il codice fiscale non corrisponde al nome e al cognome scritti.',
    en: 'The codice fiscale does not match the names given.',
  },
  PRIVACY_REQUIRED: {
    status: 422,
    retryable: false,
    it: 'Per registrarsi occorre accettare l’informativa sulla privacy.',
    en: 'To register, the privacy notice must be accepted.',
  },
  VALUE_INVALID: {
    status: 422,
    retryable: false,
    it: 'Il valore manca oppure non ha la forma richiesta.',
    en: 'The value is missing or does not have the required form.',
  },
  MODEL_UNKNOWN: {
    status: 422,
    retryable: false,
    it: 'Modello sconosciuto: sceglierne uno dall’elenco.',
    en: 'Unknown model: choose one from the list.',
  },
  APPLICATIONS_LIMIT: {
    status: 409,
    retryable: false,
    it: 'Numero massimo di domande raggiunto per questo account.',
    en: 'This account holds its greatest number of applications.',
  },
  NOT_EDITABLE: {
    status: 409,
    retryable: false,
    it: 'La domanda non è in bozza: riportarla in bozza per modificarla.',
    en: 'The application is not a draft: take it back to draft to change it.',
  },
  VERSION_CONFLICT: {
    status: 409,
    retryable: false,
    it: 'La pagina è stata salvata altrove nel frattempo: ricaricarla prima di salvare.',
    en: 'The page was saved elsewhere meanwhile: load it again before saving.',
  },
  INCOMPLETE: {
    status: 422,
    retryable: false,
    it: 'La domanda non è completa: correggere i campi indicati.',
    en: 'The application is not complete: mend the fields that are named.',
  },
  RECEIPT_PENDING: {
    status: 404,
    retryable: true,
    it: 'La ricevuta non è ancora pronta: riprovare tra poco.',
    en: 'The receipt is not ready yet: try again shortly.',
  },
  ALREADY_ISSUED: {
    status: 409,
    retryable: false,
    it: 'La domanda è già in un libretto scaricato: non può essere eliminata.',
    en: 'The application is in a passbook that was fetched: it cannot be deleted.',
  },
  CLICK_DAY_EXISTS: {
    status: 409,
    retryable: false,
    it: 'Esiste già un click day con questo identificativo.',
    en: 'A click day with this identifier exists already.',
  },
  CLICK_DAY_TIMES: {
    status: 422,
    retryable: false,
    it: 'La chiusura deve seguire l’apertura e gli istanti devono essere in formato ISO 8601 UTC.',
    en: 'The closing must follow the opening, and both must be ISO 8601 UTC instants.',
  },
  PROTOCOL_INVALID: {
    status: 422,
    retryable: false,
    it: 'Questo non è un numero di protocollo: copiarlo dalla ricevuta, per esempio 2011-01-31/g1/000000123.',
    en: 'This is no protocol number: copy it from the receipt, for example 2011-01-31/g1/000000123.',
  },
  CLICK_DAY_PAST: {
    status: 409,
    retryable: false,
    it: 'L’apertura è già passata: non si può più spostare.',
    en: 'The opening has passed: it cannot be moved any more.',
  },
} as const satisfies Record<string, Outcome>;

/** Refusals of the command line. */
const commandLine = {
  DIRECTORY_IN_USE: {
    retryable: true,
    it: 'La cartella dei dati è usata da un altro processo: fermarlo e riprovare.',
    en: 'The data directory is used by another process: stop it and try again.',
  },
  CONFIG_INVALID: {
    retryable: false,
    it: 'Una chiave di configurazione non ha un valore valido.',
    en: 'A configuration key has no valid value.',
  },
  PORT_TAKEN: {
    retryable: true,
    it: 'L’indirizzo è già usato da un altro programma: sceglierne un altro.',
    en: 'The address is already used by another program: choose another one.',
  },
} as const satisfies Record<string, Outcome>;

export const outcomes = { ...submission, ...transport, ...portal, ...commandLine } as const;

export type SubmissionCode = keyof typeof submission;
export type OutcomeCode = keyof typeof outcomes;

/** The catalogue's line of a code that comes from outside; undefined when there is none. */
export function outcomeOf(code: string): Outcome | undefined {
  return Object.hasOwn(outcomes, code) ? outcomes[code as OutcomeCode] : undefined;
}

/** What the command line says when it refuses. */
import type { Outcome } from './outcome.ts';

/** Refusals of the command line. */
export const commandLine = {
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
  STORE_DAMAGED: {
    retryable: false,
    it: 'Il file dell’archivio è rovinato o troncato: ripristinarlo da una copia.',
    en: 'The file of the store is damaged or cut short: restore it from a backup.',
  },
  USAGE: {
    retryable: false,
    it: 'Il comando non è scritto bene: --help dice come.',
    en: 'The command is not written well: --help says how.',
  },
  KEYS_MISSING: {
    retryable: false,
    it: 'Qui non ci sono chiavi di cui fidarsi: indicarle con --keys (un file o l’indirizzo del portale) o con --data.',
    en: 'There are no keys to trust here: name them with --keys (a file or the portal’s address) or --data.',
  },
  KEYS_UNREADABLE: {
    retryable: true,
    it: 'Le chiavi indicate non si possono leggere: controllare il file o l’indirizzo.',
    en: 'The keys named cannot be read: look at the file or the address.',
  },
  FILE_UNREADABLE: {
    retryable: false,
    it: 'Il file indicato non si può leggere: controllarne il nome.',
    en: 'The named file cannot be read: look at its name.',
  },
  HISTORY_COLUMNS: {
    retryable: false,
    it: 'Il file non ha le colonne che servono: --help le elenca.',
    en: 'The file has not the columns it needs: --help lists them.',
  },
  LINES_REFUSED: {
    retryable: false,
    it: 'Alcune righe non sono state accettate: il rapporto dice quali e perché; le altre sono dentro.',
    en: 'Some lines were refused: the report says which and why; the others are in.',
  },
  DIRECTORY_MISSING: {
    retryable: false,
    it: 'Qui non c’è una cartella dei dati: indicarla con --data.',
    en: 'There is no data directory here: name it with --data.',
  },
  DIRECTORY_UNWRITABLE: {
    retryable: false,
    it: 'La cartella dei dati non si può creare o scrivere: indicarne un’altra con --data.',
    en: 'The data directory cannot be made or written: name another one with --data.',
  },
  FORMAT_UNKNOWN: {
    retryable: false,
    it: 'I dati sono di una versione più nuova: aprirli con quella che li ha scritti.',
    en: 'The data are of a newer version: open them with the version that wrote them.',
  },
  DIRECTORY_NOT_EMPTY: {
    retryable: false,
    it: 'La cartella non è vuota: indicarne una nuova.',
    en: 'The folder is not empty: name a new one.',
  },
  TARGET_FOREIGN: {
    retryable: false,
    it: 'La cartella contiene altro e non un backup di Clickday: indicarne un’altra.',
    en: 'The folder holds something else than a backup of Clickday: name another one.',
  },
  COPY_WRONG: {
    retryable: true,
    it: 'La copia non supera la verifica: le righe sopra dicono perché.',
    en: 'The copy does not verify: the lines above say why.',
  },
  BACKUP_MISSING: {
    retryable: false,
    it: 'Qui non c’è un backup di Clickday: indicarlo con --from.',
    en: 'There is no backup of Clickday here: name it with --from.',
  },
  BACKUP_DAMAGED: {
    retryable: false,
    it: 'Il backup non è integro: usarne un altro.',
    en: 'The backup is not whole: use another one.',
  },
  CALENDAR_MISSING: {
    retryable: false,
    it: 'Nella cartella non c’è un calendario con firma valida: avviare il portale una volta.',
    en: 'There is no calendar with a valid signature in this directory: start the portal once.',
  },
  MODELS_INVALID: {
    retryable: false,
    it: 'La cartella dei modelli non si può usare: le righe che seguono dicono perché.',
    en: 'The models directory cannot be used: the lines that follow say why.',
  },
  MODELS_MISSING: {
    retryable: false,
    it: 'Ci sono domande scritte con modelli che qui mancano: indicare la loro cartella.',
    en: 'There are applications in models that are not here: name their directory.',
  },
  OUT_UNWRITABLE: {
    retryable: false,
    it: 'Il file indicato non si può scrivere: sceglierne un altro.',
    en: 'The named file cannot be written: choose another one.',
  },
  OFFICE_MISSING: {
    retryable: false,
    it: 'Un account di ufficio vuole --office, per esempio RM.',
    en: 'An office account needs --office, for example RM.',
  },
  LOG_KEY_MISSING: {
    retryable: false,
    it: 'Questo varco non ha ancora una chiave del registro: nasce al primo avvio.',
    en: 'This gate has no log key yet: it is made on its first start.',
  },
  LOG_KEY_ALONE: {
    retryable: false,
    it: 'C’è una chiave sola: aggiungerne prima un’altra.',
    en: 'There is one key only: add another first.',
  },
  SEAL_MISSING: {
    retryable: false,
    it: 'Non c’è un sigillo di questo nome: «clickday seal-key list» li elenca.',
    en: 'There is no such seal: “clickday seal-key list” prints them all.',
  },
  SEAL_ALONE: {
    retryable: false,
    it: 'C’è una chiave di prova sola: aggiungerne prima un’altra.',
    en: 'There is one test key only: add another first.',
  },
  LOG_UNREACHABLE: {
    retryable: true,
    it: 'Il registro pubblico o l’elenco non risponde: controllare l’indirizzo e riprovare.',
    en: 'The public log or the list does not answer: check the address and try again.',
  },
  LOG_INVALID: {
    retryable: false,
    it: 'Il registro pubblico non supera la verifica: non è quello che è stato firmato.',
    en: 'The public log does not verify: it is not what was signed.',
  },
  CLICK_DAY_UNKNOWN: {
    retryable: false,
    it: 'Il calendario non ha questo click day: indicarne uno con --click-day.',
    en: 'The calendar has no such click day: name one with --click-day.',
  },
  RANKING_DIFFERS: {
    retryable: false,
    it: 'La graduatoria pubblicata non è quella che risulta dal registro pubblico.',
    en: 'The published ranking is not the one that follows from the public log.',
  },
  NOT_STARTED: {
    retryable: true,
    it: 'Un processo non è partito: il motivo è nelle righe sopra.',
    en: 'A process could not start: the reason is in the lines above.',
  },
  REHEARSAL_INCOMPLETE: {
    retryable: true,
    it: 'Alla prova manca qualcosa: la tabella dice che cosa.',
    en: 'Something is missing in the rehearsal: the table says what.',
  },
  INTERRUPTED: {
    retryable: true,
    it: 'Interrotto da chi lo ha avviato.',
    en: 'Broken off by who started it.',
  },
} as const satisfies Record<string, Outcome>;

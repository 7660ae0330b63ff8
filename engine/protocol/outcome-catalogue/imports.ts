/** What is said about the import of many applications. */
import type { Outcome } from './outcome.ts';

export const imports = {
  IMPORT_ORGANISATIONS_ONLY: {
    status: 403,
    retryable: false,
    it: 'Solo le organizzazioni possono importare molte domande: un privato le compila una per una.',
    en: 'Only organisations can import many applications: a private person fills them in one by one.',
  },
  IMPORT_BUSY: {
    status: 409,
    retryable: true,
    it: 'La tua organizzazione ha già un’importazione in corso: attendere che finisca.',
    en: 'Your organisation has an import at work already: wait until it has finished.',
  },
  IMPORT_STATE: {
    status: 409,
    retryable: false,
    it: 'L’importazione non è nello stato adatto a questa operazione: ricaricare la pagina.',
    en: 'The import is not in a state for this: load the page again.',
  },
  IMPORT_FILE_MISSING: {
    status: 422,
    retryable: false,
    it: 'Manca il file: scegliere un foglio XLSX o CSV.',
    en: 'The file is missing: choose an XLSX or CSV sheet.',
  },
  IMPORT_COLUMNS_UNKNOWN: {
    status: 422,
    retryable: false,
    it: 'Nessuna colonna è di questo modello: usare il foglio da scaricare per il modello scelto.',
    en: 'No column belongs to this model: use the sheet to download for the chosen model.',
  },
} as const satisfies Record<string, Outcome>;

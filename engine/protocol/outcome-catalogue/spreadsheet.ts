/** What is said about a spreadsheet that cannot be read. */
import type { Outcome } from './outcome.ts';

export const spreadsheet = {
  SPREADSHEET_UNREADABLE: {
    status: 422,
    retryable: false,
    it: 'Il file non è un foglio XLSX o CSV leggibile: aprirlo, salvarlo di nuovo e ripetere.',
    en: 'The file is no readable XLSX or CSV sheet: open it, save it again and repeat.',
  },
  SPREADSHEET_OLD_FORMAT: {
    status: 422,
    retryable: false,
    it: 'Il file è nel vecchio formato XLS oppure protetto da password: salvarlo come XLSX senza password.',
    en: 'The file has the old XLS format or a password: save it as XLSX without a password.',
  },
  SPREADSHEET_TOO_LARGE: {
    status: 413,
    retryable: false,
    it: 'Il foglio è troppo grande: dividerlo in più file (al massimo 10 MiB ciascuno).',
    en: 'The sheet is too large: split it into several files (10 MiB each at most).',
  },
  SPREADSHEET_ROWS_TOO_MANY: {
    status: 413,
    retryable: false,
    it: 'Il foglio ha troppe righe: dividerlo in più file.',
    en: 'The sheet has too many rows: split it into several files.',
  },
  SPREADSHEET_EMPTY: {
    status: 422,
    retryable: false,
    it: 'Il foglio non contiene righe: compilare il modello a partire dalla seconda riga.',
    en: 'The sheet has no rows: fill in the template from its second row on.',
  },
} as const satisfies Record<string, Outcome>;

/** What the portal says about attachments and copies. */
import type { Outcome } from './outcome.ts';

export const drafting = {
  ATTACHMENT_KIND_UNKNOWN: {
    status: 422,
    retryable: false,
    it: 'Questo modello non prevede questo documento: scegliere uno di quelli elencati.',
    en: 'This form does not ask for this document: choose one of those listed.',
  },
  ATTACHMENTS_TOO_MANY: {
    status: 409,
    retryable: false,
    it: 'La domanda ha già 12 file, il massimo: toglierne uno, o riunire più pagine in un PDF.',
    en: 'The application has 12 files, the most it can have: take one away, or join pages in a PDF.',
  },
  ATTACHMENT_TOO_LARGE: {
    status: 413,
    retryable: false,
    it: 'Il file supera 2 MB: ridurne la qualità o dividerlo in più file.',
    en: 'The file is larger than 2 MB: lower its quality or split it into several files.',
  },
  ATTACHMENT_TYPE: {
    status: 415,
    retryable: false,
    it: 'Il file non è un PDF, un JPEG o un PNG: salvarlo in uno di questi formati.',
    en: 'The file is no PDF, JPEG or PNG: save it in one of these formats.',
  },
  ATTACHMENT_NAME: {
    status: 422,
    retryable: false,
    it: 'Il nome del file dice un formato diverso dal suo contenuto: cambiare l’estensione del nome.',
    en: 'The name of the file says another format than its content: change the extension of the name.',
  },
  ATTACHMENT_MISSING: {
    status: 422,
    retryable: false,
    it: 'Manca il documento: aggiungere il file.',
    en: 'The document is missing: add the file.',
  },
  ATTACHMENTS_NO_ROOM: {
    status: 507,
    retryable: true,
    it: 'Per ora il portale non può ricevere altri file: la domanda è salva, riprovare più tardi.',
    en: 'The portal can take no more files for now: the application is saved, try again later.',
  },
} as const satisfies Record<string, Outcome>;

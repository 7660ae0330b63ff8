/** What the portal says about practice. */
import type { Outcome } from './outcome.ts';

export const rehearsals = {
  REHEARSAL_NONE: {
    status: 409,
    retryable: true,
    it: 'Ora non c’è nessuna finestra di prova aperta: guardare sul portale quando si può provare.',
    en: 'No rehearsal window is open now: see on the portal when one can practise.',
  },
  REHEARSALS_TOO_MANY: {
    status: 409,
    retryable: false,
    it: 'Ci sono già 50 finestre di prova da chiudere: toglierne una.',
    en: 'There are 50 rehearsal windows still to close: take one away.',
  },
  REHEARSAL_RECEIPT_NONE: {
    status: 404,
    retryable: false,
    it: 'Nessuna prova di questo account ha questo numero, o è stata cancellata: rifare la prova.',
    en: 'No rehearsal of this account has this number, or it was wiped: practise again.',
  },
  PROTOCOL_REHEARSAL: {
    status: 404,
    retryable: false,
    it: 'Questo è il numero di una prova: non ha valore e non è nel registro pubblico.',
    en: 'This is the number of a rehearsal: it is of no value and not in the public log.',
  },
} as const satisfies Record<string, Outcome>;

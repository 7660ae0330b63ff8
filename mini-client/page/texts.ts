/** Sentences that the program says to the page and that no command says. */
import type { Both } from './state.ts';

export const pageTexts = {
  noPortal: {
    it: 'Portale: ancora da indicare.',
    en: 'Portal: not named yet.',
  },
  noPortalDo: {
    it: 'Scrivi l’indirizzo del portale nel modulo di accesso.',
    en: 'Write the address of the portal in the log-in form.',
  },
  noSession: { it: 'Accesso: ancora da fare.', en: 'Log-in: not done yet.' },
  noSessionDo: {
    it: 'Accedi qui sopra, con la password o con un codice.',
    en: 'Log in above, with your password or with a code.',
  },
  notPrepared: { it: 'Invio: non ancora preparato.', en: 'Sending: not prepared yet.' },
  notPreparedDo: {
    it: 'Quando la lista va bene, premi «Prepara l’invio».',
    en: 'When the list is right, press “Get ready to send”.',
  },
  oldPreparation: {
    it: 'Il portale non risponde: si invia ciò che era già preparato.',
    en: 'The portal does not answer: what was prepared before will be sent.',
  },
  asPrepared: {
    it: 'Si invia ciò che era già preparato.',
    en: 'What was prepared before will be sent.',
  },
  notSent: {
    it: 'Di questo account non parte nulla.',
    en: 'Nothing of this account will be sent.',
  },
  sessionOver: {
    it: 'L’accesso è scaduto: accedi di nuovo.',
    en: 'The session is over: log in again.',
  },
  loginAgain: {
    it: 'Accedi di nuovo per scaricare le ricevute.',
    en: 'Log in again to fetch the receipts.',
  },
  receiptOfAnother: {
    it: 'Questo file è la ricevuta di un’altra domanda: cancellarlo e riaprire il programma.',
    en: 'This file is the receipt of another application: delete it and start the program again.',
  },
  noReceiptKeys: {
    it: 'Ricevuta salvata; le chiavi per verificarla non sono ancora su questo computer.',
    en: 'Receipt saved; the keys to check it are not on this computer yet.',
  },
} as const satisfies Record<string, Both>;

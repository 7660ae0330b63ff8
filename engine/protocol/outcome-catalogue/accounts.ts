/** What the portal says about an account itself. */
import type { Outcome } from './outcome.ts';

export const accounts = {
  SECOND_FACTOR_NEEDED: {
    status: 401,
    retryable: false,
    it: 'Scrivere anche il codice di verifica dell’app, oppure un codice di recupero.',
    en: 'Also give the verification code of the app, or a recovery code.',
  },
  SECOND_FACTOR_WRONG: {
    status: 401,
    retryable: false,
    it: 'Il codice di verifica non è corretto o è già stato usato: aspettare il prossimo.',
    en: 'The verification code is not right or was used already: wait for the next one.',
  },
  SECOND_FACTOR_REQUIRED: {
    status: 403,
    retryable: false,
    it: 'Questo account di servizio deve prima attivare la verifica in due passaggi.',
    en: 'This staff account must first turn on two-step verification.',
  },
  SECOND_FACTOR_ON: {
    status: 409,
    retryable: false,
    it: 'La verifica in due passaggi è già attiva: disattivarla prima di rifarla.',
    en: 'Two-step verification is on already: turn it off before setting it up again.',
  },
  SECOND_FACTOR_OFF: {
    status: 409,
    retryable: false,
    it: 'La verifica in due passaggi non è attiva.',
    en: 'Two-step verification is not on.',
  },
  LINK_INVALID: {
    status: 410,
    retryable: false,
    it: 'Collegamento scaduto o già usato: chiederne un altro.',
    en: 'The link has expired or was used: ask for another one.',
  },
  ADDRESS_SAME: {
    status: 422,
    retryable: false,
    it: 'È già l’indirizzo di questo account: scriverne un altro.',
    en: 'It is the address of this account already: write another one.',
  },
  ADDRESS_TAKEN: {
    status: 409,
    retryable: false,
    it: 'Questo indirizzo ha già un altro account.',
    en: 'This address has another account already.',
  },
  READY_APPLICATIONS: {
    status: 409,
    retryable: false,
    it: 'Ci sono domande pronte per un click day: confermare di volerle perdere, o aspettare.',
    en: 'There are applications ready for a click day: confirm that they may be lost, or wait.',
  },
  BIRTH_MISMATCH: {
    status: 422,
    retryable: false,
    it: 'Il codice fiscale non corrisponde a questo dato: controllare entrambi.',
    en: 'The codice fiscale does not agree with this: check both.',
  },
} as const satisfies Record<string, Outcome>;

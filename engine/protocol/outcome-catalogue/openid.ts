/** What is said when people log in through an OpenID provider, or let a program log in. */
import type { Outcome } from './outcome.ts';

/** Answers of OpenID log-in and of device codes (RFC 8628 §3.5 behind each of the latter). */
export const openId = {
  OPENID_OFF: {
    status: 404,
    retryable: false,
    it: 'Questo portale non offre l’accesso con un fornitore d’identità: accedere con la password.',
    en: 'This portal offers no log-in through an identity provider: log in with the password.',
  },
  OPENID_UNAVAILABLE: {
    status: 503,
    retryable: true,
    it: 'Il fornitore d’identità non risponde: riprovare tra poco oppure accedere con la password. Le domande e l’invio non ne dipendono.',
    en: 'The identity provider does not answer: try again shortly or log in with the password. Applications and sending do not depend on it.',
  },
  OPENID_REFUSED: {
    status: 403,
    retryable: false,
    it: 'L’accesso è stato interrotto presso il fornitore d’identità: nulla è cambiato, si può ricominciare.',
    en: 'The log-in was broken off at the identity provider: nothing has changed, you can begin again.',
  },
  OPENID_INVALID: {
    status: 410,
    retryable: false,
    it: 'La risposta del fornitore d’identità non vale o non vale più: ricominciare dalla pagina di accesso, nello stesso browser.',
    en: 'The identity provider’s answer is not or no longer valid: begin again at the log-in page, in the same browser.',
  },
  OPENID_EMAIL_UNVERIFIED: {
    status: 403,
    retryable: false,
    it: 'Il fornitore d’identità non garantisce un indirizzo e-mail: registrarsi con la password, poi collegare l’identità dal proprio profilo.',
    en: 'The identity provider does not vouch for a mail address: register with a password, then link the identity on your profile.',
  },
  OPENID_ACCOUNT_EXISTS: {
    status: 409,
    retryable: false,
    it: 'Per questo indirizzo esiste già un profilo: accedere con la sua password, poi collegare l’identità.',
    en: 'This address has a profile already: log in with its password, then link the identity.',
  },
  OPENID_OTHER_ACCOUNT: {
    status: 409,
    retryable: false,
    it: 'Questa identità è già collegata a un altro profilo.',
    en: 'This identity is linked to another profile already.',
  },
  OPENID_OTHER_IDENTITY: {
    status: 409,
    retryable: false,
    it: 'Questo profilo è già collegato a un’altra identità: scollegarla prima.',
    en: 'This profile is linked to another identity already: unlink that one first.',
  },
  OPENID_OTHER_PERSON: {
    status: 409,
    retryable: false,
    it: 'Il codice fiscale di questa identità non è quello del profilo: appartiene a un’altra persona.',
    en: 'The codice fiscale of this identity is not that of the profile: it belongs to somebody else.',
  },
  OPENID_ONLY_WAY_IN: {
    status: 409,
    retryable: false,
    it: 'Il profilo non ha una password: senza questa identità non si potrebbe più accedere.',
    en: 'The profile has no password: without this identity nobody could log in any more.',
  },
  DEVICE_CODE_UNKNOWN: {
    status: 404,
    retryable: false,
    it: 'Codice non trovato: controllare le otto lettere sullo schermo del programma. Vale dieci minuti e una volta sola.',
    en: 'No such code: check the eight letters on the program’s screen. It is valid for ten minutes and once.',
  },
  DEVICE_PENDING: {
    status: 400,
    retryable: true,
    it: 'Nessuno ha ancora deciso: scrivere il codice nella pagina indicata.',
    en: 'Nobody has decided yet: type the code on the page named.',
  },
  DEVICE_SLOW_DOWN: {
    status: 400,
    retryable: true,
    it: 'Il programma chiede troppo spesso: aspettare cinque secondi in più ogni volta.',
    en: 'The program asks too often: wait five seconds longer each time.',
  },
  DEVICE_REFUSED: {
    status: 403,
    retryable: false,
    it: 'L’accesso del programma è stato rifiutato.',
    en: 'The program’s log-in was refused.',
  },
  DEVICE_EXPIRED: {
    status: 410,
    retryable: false,
    it: 'Il codice è scaduto o già usato: ricominciare.',
    en: 'The code has expired or was used: begin again.',
  },
} as const satisfies Record<string, Outcome>;

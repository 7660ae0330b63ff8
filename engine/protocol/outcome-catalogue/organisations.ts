/** What the portal says about organisations and their members. */
import type { Outcome } from './outcome.ts';

export const organisations = {
  ROLE_INSUFFICIENT: {
    status: 403,
    retryable: false,
    it: 'Il tuo ruolo non lo permette: chiedilo a un amministratore della tua organizzazione.',
    en: 'Your role does not allow this: ask an administrator of your organisation.',
  },
  ORGANISATION_NAME_INVALID: {
    status: 422,
    retryable: false,
    it: 'Scrivere la denominazione dell’organizzazione, come nell’atto o nel registro (da 2 a 160 caratteri).',
    en: 'Write the name of the organisation as it is registered (2 to 160 characters).',
  },
  TAX_CODE_INVALID: {
    status: 422,
    retryable: false,
    it: 'Non è un codice fiscale o una partita IVA: 11 cifre, oppure 16 lettere e cifre. Ricontrollarlo.',
    en: 'This is no codice fiscale or partita IVA: 11 digits, or 16 letters and digits. Check it.',
  },
  MEMBER_ALREADY: {
    status: 409,
    retryable: false,
    it: 'Questo account appartiene già a un’organizzazione.',
    en: 'This account belongs to an organisation already.',
  },
  REQUESTS_WAITING: {
    status: 409,
    retryable: false,
    it: 'Ci sono già richieste in attesa: un operatore deve prima deciderle.',
    en: 'There are requests waiting already: an operator has to decide them first.',
  },
  REQUEST_DECIDED: {
    status: 409,
    retryable: false,
    it: 'La richiesta è già stata decisa: ricaricare l’elenco.',
    en: 'The request has been decided already: load the list again.',
  },
  MEMBERS_LIMIT: {
    status: 409,
    retryable: false,
    it: 'L’organizzazione avrebbe troppi account (al massimo 500): chiederne di meno.',
    en: 'The organisation would have too many accounts (500 at most): ask for fewer.',
  },
  ADDRESS_REPEATED: {
    status: 422,
    retryable: false,
    it: 'Questo indirizzo è scritto due volte: ogni account ha il suo.',
    en: 'This address is written twice: each account has its own.',
  },
  INVITED_ADDRESS_TAKEN: {
    status: 409,
    retryable: false,
    it: 'L’indirizzo indicato è di un operatore o appartiene già all’organizzazione: rifiutare la richiesta.',
    en: 'The address named is staff’s, or belongs to the organisation already: refuse the request.',
  },
  BASE_ACCOUNT_GONE: {
    status: 409,
    retryable: false,
    it: 'L’account di base non appartiene più all’organizzazione: indicarne un altro.',
    en: 'The base account no longer belongs to the organisation: name another one.',
  },
  LAST_ADMINISTRATOR: {
    status: 409,
    retryable: false,
    it: 'È l’ultimo amministratore attivo: nominarne prima un altro.',
    en: 'This is the last active administrator: appoint another one first.',
  },
  MEMBER_ACCOUNT_OWN: {
    status: 409,
    retryable: false,
    it: 'L’account è di questa persona, non dell’organizzazione: si può togliere dall’organizzazione, non disattivare.',
    en: 'The account is this person’s, not the organisation’s: remove it from the organisation, it cannot be deactivated.',
  },
  MEMBER_INACTIVE: {
    status: 409,
    retryable: false,
    it: 'Questo account non è attivo: non può ricevere l’amministrazione.',
    en: 'This account is not active: it cannot take over the administration.',
  },
  MEMBER_CONFIRMED: {
    status: 409,
    retryable: false,
    it: 'Questo account ha già scelto la sua password: non serve un nuovo collegamento.',
    en: 'This account has chosen its password already: it needs no new link.',
  },
} as const satisfies Record<string, Outcome>;

/** Mails about what keeps an account its owner's: reset, address, second factor. */
import type { Letter } from '../../mail/index.ts';
import { type Addressee, letterIn } from './letter.ts';

/** A link that lets a new password be chosen. */
export function resetLetter(to: Addressee, link: string, minutes: number): Letter {
  return letterIn(to, {
    it: [
      'Clickday: scegli una nuova password',
      'qualcuno ha chiesto di scegliere una nuova password per questo account.',
      `Se sei stato tu, apri questo collegamento entro ${minutes} minuti; vale una volta sola:`,
      `   ${link}`,
      'Se non sei stato tu, ignora questo messaggio: la password resta quella di prima.',
    ],
    en: [
      'Clickday: choose a new password',
      'someone asked to choose a new password for this account.',
      `If it was you, open this link within ${minutes} minutes; it works once:`,
      `   ${link}`,
      'If it was not you, ignore this message: the password stays as it was.',
    ],
  });
}

/** A reset was asked for an address that has no account, or none that was confirmed. */
export function noAccountLetter(to: Addressee, portal: string): Letter {
  return letterIn(to, {
    it: [
      'Clickday: nessun account con questo indirizzo',
      'qualcuno ha chiesto di scegliere una nuova password per questo indirizzo, che però non ha un account confermato.',
      'Se sei stato tu, prova con un altro tuo indirizzo oppure registrati:',
      `   ${portal}/register`,
      'Se non sei stato tu, ignora questo messaggio.',
    ],
    en: [
      'Clickday: no account with this address',
      'someone asked to choose a new password for this address, but it has no confirmed account.',
      'If it was you, try another address of yours, or register:',
      `   ${portal}/register`,
      'If it was not you, ignore this message.',
    ],
  });
}

/** After every change of the password. */
export function passwordChangedLetter(to: Addressee, portal: string): Letter {
  return letterIn(to, {
    it: [
      'Clickday: la password è cambiata',
      'la password del tuo account è stata cambiata e le altre sessioni sono state chiuse.',
      'Se non sei stato tu, scegli subito una nuova password:',
      `   ${portal}/reset`,
    ],
    en: [
      'Clickday: the password was changed',
      'the password of your account was changed, and its other sessions were ended.',
      'If it was not you, choose a new password at once:',
      `   ${portal}/reset`,
    ],
  });
}

/** To the address to come. */
export function newAddressLetter(to: Addressee, link: string, hours: number): Letter {
  return letterIn(to, {
    it: [
      'Clickday: conferma il nuovo indirizzo',
      'hai chiesto di usare questo indirizzo per il tuo account.',
      `Confermalo entro ${hours} ore aprendo questo collegamento:`,
      `   ${link}`,
      'Se non sei stato tu, ignora questo messaggio: nulla cambia.',
    ],
    en: [
      'Clickday: confirm the new address',
      'you asked to use this address for your account.',
      `Confirm it within ${hours} hours by opening this link:`,
      `   ${link}`,
      'If it was not you, ignore this message: nothing changes.',
    ],
  });
}

/** To an address that has an account of its own. */
export function addressTakenLetter(to: Addressee): Letter {
  return letterIn(to, {
    it: [
      'Clickday: indirizzo già usato',
      'qualcuno ha chiesto di usare questo indirizzo per un altro account, ma è già il nome utente del tuo.',
      'Se sei stato tu, scegli un altro indirizzo. Se non sei stato tu, ignora questo messaggio.',
    ],
    en: [
      'Clickday: address in use',
      'someone asked to use this address for another account, but it is the user name of yours.',
      'If it was you, choose another address. If it was not you, ignore this message.',
    ],
  });
}

/** To the address that was: what changed, and the way back. */
export function oldAddressLetter(
  to: Addressee,
  change: { readonly email: string; readonly link: string; readonly days: number },
): Letter {
  const { email, link, days } = change;
  return letterIn(to, {
    it: [
      'Clickday: il tuo indirizzo è cambiato',
      `il nome utente del tuo account ora è ${email}.`,
      `Se non sei stato tu, riprendi l’account entro ${days} giorni con questo collegamento:`,
      `   ${link}`,
      'Le sessioni verranno chiuse e riceverai qui un collegamento per scegliere una nuova password.',
    ],
    en: [
      'Clickday: your address was changed',
      `the user name of your account is now ${email}.`,
      `If it was not you, take the account back within ${days} days with this link:`,
      `   ${link}`,
      'Its sessions will be ended, and you will get a link here to choose a new password.',
    ],
  });
}

/** A second factor was turned on or off, or removed by an operator. */
export function secondFactorLetter(to: Addressee, what: 'on' | 'off' | 'reset'): Letter {
  return letterIn(to, {
    it: [
      'Clickday: verifica in due passaggi',
      {
        on: 'la verifica in due passaggi del tuo account è attiva. Conserva i codici di recupero.',
        off: 'la verifica in due passaggi del tuo account è stata disattivata.',
        reset: 'l’assistenza ha tolto la verifica in due passaggi dal tuo account, come richiesto.',
      }[what],
      'Se non lo hai chiesto tu, cambia subito la password e scrivi all’assistenza.',
    ],
    en: [
      'Clickday: two-step verification',
      {
        on: 'two-step verification of your account is on. Keep the recovery codes.',
        off: 'two-step verification of your account was turned off.',
        reset: 'the help desk removed two-step verification from your account, as requested.',
      }[what],
      'If you did not ask for it, change the password at once and write to the help desk.',
    ],
  });
}

/** Many wrong codes after the right password. */
export function guessedLetter(to: Addressee): Letter {
  return letterIn(to, {
    it: [
      'Clickday: tentativi di accesso',
      'qualcuno conosce la tua password e ha scritto molti codici sbagliati.',
      'Se non sei stato tu, cambia subito la password. Se sei tu, usa un codice di recupero oppure riprova tra un quarto d’ora.',
    ],
    en: [
      'Clickday: attempts to log in',
      'someone knows your password and typed many wrong codes.',
      'If it was not you, change the password at once. If it is you, use a recovery code or try again in a quarter of an hour.',
    ],
  });
}

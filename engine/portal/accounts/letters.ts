/**
 * The mails about an account, in the language the person chose. Plain text: what must be copied
 * stands on a line of its own.
 */
import type { Letter } from '../../mail/index.ts';

interface Addressee {
  readonly email: string;
  readonly givenName: string;
  readonly language: string;
}

/** After a registration: user name, one-time password, confirmation link. */
export function welcomeLetter(
  to: Addressee,
  credentials: { readonly password: string; readonly link: string; readonly hours: number },
): Letter {
  const { password, link, hours } = credentials;
  if (to.language === 'en') {
    return {
      to: to.email,
      subject: 'Clickday: confirm your registration',
      text: lines(
        `Good day ${to.givenName},`,
        'you have registered with the portal of the click days.',
        `1. Confirm your registration within ${hours} hours by opening this link:`,
        `   ${link}`,
        '2. Log in with these data; you will be asked to choose a password of your own:',
        `   User name: ${to.email}\n   One-time password: ${password}`,
        'If it was not you, ignore this message: nothing else will happen.',
      ),
    };
  }
  return {
    to: to.email,
    subject: 'Clickday: conferma la registrazione',
    text: lines(
      `Gentile ${to.givenName},`,
      'ti sei registrato al portale dei click day.',
      `1. Conferma la registrazione entro ${hours} ore aprendo questo collegamento:`,
      `   ${link}`,
      '2. Accedi con questi dati; ti sarà chiesto di scegliere una password personale:',
      `   Nome utente: ${to.email}\n   Password monouso: ${password}`,
      'Se non sei stato tu, ignora questo messaggio: non accadrà nulla.',
    ),
  };
}

/** After a registration with an address that has an account already. */
export function knownLetter(to: Addressee, portal: string): Letter {
  if (to.language === 'en') {
    return {
      to: to.email,
      subject: 'Clickday: you are registered already',
      text: lines(
        `Good day ${to.givenName},`,
        'someone asked to register this address, but it has an account already.',
        'If it was you, log in with the password you chose:',
        `   ${portal}`,
        'If it was not you, ignore this message: nothing was changed.',
      ),
    };
  }
  return {
    to: to.email,
    subject: 'Clickday: sei già registrato',
    text: lines(
      `Gentile ${to.givenName},`,
      'qualcuno ha chiesto di registrare questo indirizzo, ma esiste già un account.',
      'Se sei stato tu, accedi con la password che hai scelto:',
      `   ${portal}`,
      'Se non sei stato tu, ignora questo messaggio: nulla è stato cambiato.',
    ),
  };
}

function lines(...paragraphs: string[]): string {
  return `${paragraphs.join('\n\n')}\n\n-- \nClickday\n`;
}

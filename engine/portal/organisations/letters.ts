/** The mails about organisations, in the language of who gets them. */
import type { MemberRole } from '#protocol/organisations-api.ts';
import type { Letter } from '../../mail/index.ts';

interface Addressee {
  readonly email: string;
  readonly given_name: string;
  readonly language: string;
}

/** The roles as mails call them. */
export const ROLES: Readonly<Record<MemberRole, { it: string; en: string }>> = {
  administrator: { it: 'amministratore', en: 'administrator' },
  sender: { it: 'prepara e invia', en: 'prepares and sends' },
  preparer: { it: 'prepara', en: 'prepares' },
  reader: { it: 'consulta', en: 'reads' },
};

/** To whom the link of a new account goes: its holder, or the holder of the base account. */
export function invitationLetter(
  to: Addressee,
  made: {
    readonly organisation: string;
    readonly email: string;
    readonly role: MemberRole;
    readonly link: string;
    readonly hours: number;
  },
): Letter {
  const { organisation, email, link, hours } = made;
  const role = ROLES[made.role];
  if (to.language === 'en') {
    return letter(to, `Clickday: your account for ${organisation}`, [
      `an account has been made for you at ${organisation}.`,
      `   User name: ${email}\n   Role: ${role.en}`,
      `Choose its password within ${hours} hours by opening this link, which works once:`,
      `   ${link}`,
      'If you expect no account, ignore this message and tell the organisation.',
    ]);
  }
  return letter(to, `Clickday: il tuo account per ${organisation}`, [
    `è stato creato per te un account presso ${organisation}.`,
    `   Nome utente: ${email}\n   Ruolo: ${role.it}`,
    `Scegli la password entro ${hours} ore aprendo questo collegamento, che vale una volta sola:`,
    `   ${link}`,
    'Se non aspetti nessun account, ignora questo messaggio e avvisa l’organizzazione.',
  ]);
}

/** To who asked: the organisation is there, or its accounts are. */
export function grantedLetter(
  to: Addressee,
  { organisation, accounts, portal }: { organisation: string; accounts: number; portal: string },
): Letter {
  if (to.language === 'en') {
    const what =
      accounts === 0
        ? `${organisation} is registered, and you are its administrator.`
        : `the ${accounts} accounts you asked for at ${organisation} are made; each link is mailed.`;
    return letter(to, 'Clickday: your request is granted', [what, `   ${portal}/organisation`]);
  }
  const what =
    accounts === 0
      ? `${organisation} è registrata e tu ne sei l’amministratore.`
      : `i ${accounts} account chiesti per ${organisation} sono creati; i collegamenti sono partiti.`;
  return letter(to, 'Clickday: richiesta accolta', [what, `   ${portal}/organisation`]);
}

/** To who asked: no, and why. */
export function refusedLetter(
  to: Addressee,
  { organisation, reason, portal }: { organisation: string; reason: string; portal: string },
): Letter {
  if (to.language === 'en') {
    return letter(to, 'Clickday: your request is refused', [
      `an operator has refused your request for ${organisation}, for this reason:`,
      `   ${reason}`,
      'You can ask again here:',
      `   ${portal}/organisation`,
    ]);
  }
  return letter(to, 'Clickday: richiesta respinta', [
    `un operatore ha respinto la tua richiesta per ${organisation}, con questo motivo:`,
    `   ${reason}`,
    'Puoi presentarla di nuovo qui:',
    `   ${portal}/organisation`,
  ]);
}

function letter(to: Addressee, subject: string, paragraphs: readonly string[]): Letter {
  const greeting = to.language === 'en' ? 'Good day' : 'Gentile';
  const lines = [`${greeting} ${to.given_name},`, ...paragraphs];
  return { to: to.email, subject, text: `${lines.join('\n\n')}\n\n-- \nClickday\n` };
}

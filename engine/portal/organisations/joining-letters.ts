/** The mails about coming to an organisation and going, in the language of who gets them. */
import type { MemberRole } from '#protocol/organisations-api.ts';
import type { Letter } from '../../mail/index.ts';
import { type Addressee, letterIn } from '../accounts/letter.ts';
import { ROLES } from './letters.ts';

/** To an account that is asked to join. */
export function joinLetter(
  to: Addressee,
  asked: {
    readonly organisation: string;
    readonly role: MemberRole;
    readonly link: string;
    readonly days: number;
  },
): Letter {
  const { organisation, link, days } = asked;
  const role = ROLES[asked.role];
  return letterIn(to, {
    it: [
      `Clickday: ${organisation} ti invita`,
      `${organisation} ti invita a lavorare alle sue domande con il tuo account.`,
      `   Ruolo: ${role.it}`,
      `Se vuoi, accetta l’invito entro ${days} giorni, dopo l’accesso:`,
      `   ${link}`,
      'Le tue domande personali restano solo tue. Se non conosci l’organizzazione, ignora questo messaggio.',
    ],
    en: [
      `Clickday: ${organisation} invites you`,
      `${organisation} invites you to work on its applications with your account.`,
      `   Role: ${role.en}`,
      `If you like, accept within ${days} days, after logging in:`,
      `   ${link}`,
      'Your personal applications stay yours alone. If you do not know the organisation, ignore this message.',
    ],
  });
}

/** To a member whom an administrator has removed. */
export function removedLetter(
  to: Addressee,
  { organisation, portal }: { readonly organisation: string; readonly portal: string },
): Letter {
  return letterIn(to, {
    it: [
      `Clickday: non fai più parte di ${organisation}`,
      `un amministratore ti ha tolto da ${organisation}. Le domande preparate per l’organizzazione restano all’organizzazione.`,
      'Il tuo account e le tue domande personali restano tuoi:',
      `   ${portal}/applications`,
    ],
    en: [
      `Clickday: you no longer belong to ${organisation}`,
      `an administrator has removed you from ${organisation}. Applications prepared for the organisation stay with it.`,
      'Your account and your personal applications stay yours:',
      `   ${portal}/applications`,
    ],
  });
}

interface Told {
  readonly organisation: string;
  readonly person: string;
  readonly email: string;
  readonly portal: string;
}

/** To administrators: somebody has accepted. */
export function joinedLetter(to: Addressee, { organisation, person, email, portal }: Told): Letter {
  return letterIn(to, {
    it: [
      `Clickday: ${person} fa parte di ${organisation}`,
      `${person} (${email}) ha accettato l’invito e lavora ora alle domande di ${organisation}.`,
      `   ${portal}/organisation`,
    ],
    en: [
      `Clickday: ${person} has joined ${organisation}`,
      `${person} (${email}) has accepted the invitation and works on the applications of ${organisation} now.`,
      `   ${portal}/organisation`,
    ],
  });
}

/** To administrators: somebody has left. */
export function leftLetter(to: Addressee, { organisation, person, email, portal }: Told): Letter {
  return letterIn(to, {
    it: [
      `Clickday: ${person} ha lasciato ${organisation}`,
      `${person} (${email}) ha lasciato ${organisation}. Le domande che ha preparato restano all’organizzazione; una lista di invio già scaricata resta valida fino alla scadenza.`,
      `   ${portal}/organisation`,
    ],
    en: [
      `Clickday: ${person} has left ${organisation}`,
      `${person} (${email}) has left ${organisation}. The applications they prepared stay with the organisation; a sending list fetched before stays valid until it expires.`,
      `   ${portal}/organisation`,
    ],
  });
}

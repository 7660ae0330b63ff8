/** The mail about a deletion. It is the last one: none is sent once the address is gone. */
import type { Letter } from '../../mail/index.ts';
import { type Addressee, letterIn } from './letter.ts';

export function deletionLetter(
  to: Addressee,
  { link, dueUs, days }: { readonly link: string; readonly dueUs: number; readonly days: number },
): Letter {
  const on = (locale: string) =>
    new Intl.DateTimeFormat(locale, { timeZone: 'Europe/Rome', dateStyle: 'long' }).format(
      new Date(dueUs / 1000),
    );
  return letterIn(to, {
    it: [
      'Clickday: il tuo account verrà eliminato',
      `hai chiesto di eliminare il tuo account. Succederà il ${on('it-IT')}.`,
      `Hai ripensato, o non sei stato tu? Entro ${days} giorni questo collegamento lo conserva:`,
      `   ${link}`,
      'Questo è l’ultimo messaggio che ricevi sull’eliminazione.',
    ],
    en: [
      'Clickday: your account will be deleted',
      `you asked to delete your account. It will happen on ${on('en-GB')}.`,
      `Changed your mind, or was it not you? Within ${days} days this link keeps it:`,
      `   ${link}`,
      'This is the last message you get about the deletion.',
    ],
  });
}

/** The mails about linking: whoever owns the mailbox hears of every way into their account. */
import type { Letter } from '../../mail/index.ts';
import type { AccountRow } from '../accounts/store.ts';

/** After an identity was linked, or unlinked. `provider` as the log-in page calls it. */
export function linkLetter(
  to: AccountRow,
  what: 'linked' | 'unlinked',
  provider: { readonly it: string; readonly en: string },
): Letter {
  const isLinked = what === 'linked';
  if (to.language === 'en') {
    return {
      to: to.email,
      subject: `Clickday: an identity was ${what}`,
      text: lines(
        `Good day ${to.given_name},`,
        isLinked
          ? `from now on your profile can also be entered with “${provider.en}”.`
          : `your profile can no longer be entered with “${provider.en}”.`,
        'If it was not you, change your password at once and write to the help desk.',
      ),
    };
  }
  return {
    to: to.email,
    subject: `Clickday: identità ${isLinked ? 'collegata' : 'scollegata'}`,
    text: lines(
      `Gentile ${to.given_name},`,
      isLinked
        ? `da ora si può entrare nel tuo profilo anche con «${provider.it}».`
        : `nel tuo profilo non si entra più con «${provider.it}».`,
      'Se non sei stato tu, cambia subito la password e scrivi all’assistenza.',
    ),
  };
}

function lines(...paragraphs: string[]): string {
  return `${paragraphs.join('\n\n')}\n\n-- \nClickday\n`;
}

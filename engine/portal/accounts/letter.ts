/** A mail about an account: greeting, paragraphs, signature, in the person's language. */
import type { Letter } from '../../mail/index.ts';

/** Rows of the table `accounts` fit, and what a registration says. */
export interface Addressee {
  readonly email: string;
  readonly language: string;
  readonly given_name?: string;
}

/** First the subject, then the paragraphs. */
type Words = readonly [subject: string, ...paragraphs: string[]];

/** The letter in the addressee's language. What must be copied stands on a line of its own. */
export function letterIn(to: Addressee, words: { readonly it: Words; readonly en: Words }): Letter {
  const isEnglish = to.language === 'en';
  const [subject, ...paragraphs] = isEnglish ? words.en : words.it;
  const name = to.given_name ? ` ${to.given_name}` : '';
  const greeting = isEnglish ? `Good day${name},` : `Gentile${name || ' utente'},`;
  const text = `${[greeting, ...paragraphs].join('\n\n')}\n\n-- \nClickday\n`;
  return { to: to.email, subject, text };
}

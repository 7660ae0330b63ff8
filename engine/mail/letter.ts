/**
 * A mail as the rooms of the portal write it, and what of it goes beside the text.
 *
 * The members of threading make an answer find its way back: `messageId` and `replyTo` carry a
 * token that nobody can guess, which is what an incoming mail is believed by.
 */

/** A mail to one address, plain text. */
export interface Letter {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly threading?: Threading | undefined;
}

export interface Threading {
  /** With its angle brackets, as are the two below; one of our own when left out. */
  readonly messageId?: string;
  readonly inReplyTo?: string;
  readonly references?: readonly string[];
  /** Where answers go, and what could not be delivered. */
  readonly replyTo?: string;
  /** RFC 3834: written by a program, by itself or because a mail came; tells robots to be still. */
  readonly automatic?: 'auto-generated' | 'auto-replied';
}

/** The domain of an address, lower case; the whole when there is none. */
export function domainOf(address: string): string {
  return address.slice(address.indexOf('@') + 1).toLowerCase();
}

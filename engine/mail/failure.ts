/**
 * What a failed delivery says: that this mail will never be taken, that it may be later, or that
 * the server itself is not to be had, which is no fault of the mail that found it out.
 *
 * RFC 5321 4.2.1: a reply 5yz is permanent. But only one to RCPT TO or DATA is about the mail; one
 * to a greeting, a log-in or a sender is about our arrangement with the server, which a person
 * mends, and every mail would be lost meanwhile.
 */

export type Failure = 'refused' | 'later' | 'no-server';

const PERMANENT_MIN = 500;
/** What nodemailer calls the moment at which a mail itself is judged. */
const ABOUT_THE_MAIL = new Set(['RCPT TO', 'DATA']);

export function failureOf(error: unknown): Failure {
  const { responseCode, command, code } = error as {
    responseCode?: number;
    command?: string;
    code?: string;
  };
  if (command !== undefined && ABOUT_THE_MAIL.has(command) && responseCode !== undefined) {
    return responseCode >= PERMANENT_MIN ? 'refused' : 'later';
  }
  // Said by nodemailer itself: an address that no server could be told.
  if (code === 'EENVELOPE' && responseCode === undefined) return 'refused';
  if (code === 'EMESSAGE') return 'later';
  // A connection that ends in the middle of a mail may be that mail's doing: it is counted.
  if (command === 'DATA') return 'later';
  return code === undefined ? 'later' : 'no-server';
}

/** The tables of mail that `steps/mail.ts` makes; the outbox itself is in the first step. */

/** What an outgoing mail says beside recipient, subject and text. */
export interface MailHeadersTable {
  mail: string;
  headers_json: string;
}

/** Kept by triggers. */
export interface MailCountsTable {
  status: string;
  count: number;
}

/** A mail that came in. Its bytes are a file with its id until it is handled. */
export interface IncomingMailsTable {
  id: string;
  bytes: number;
  /** Who it says it is from, lower case; the envelope's sender until it was read. */
  sender: string;
  recipient: string;
  status: string;
  attempts: number;
  next_attempt_us: number;
  received_at_us: number;
  handled_at_us: number | null;
  /** What makes it the same mail when it comes again: set in the transaction that handles it. */
  identity: string | null;
  /** What became of it, a word. */
  outcome: string | null;
  ticket: string | null;
  /** The message it became; set while its files are still being added. */
  message: string | null;
}

export interface MailTables {
  mail_headers: MailHeadersTable;
  mail_counts: MailCountsTable;
  incoming_mails: IncomingMailsTable;
}

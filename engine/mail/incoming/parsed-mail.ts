/** A mail that came in, as far as anybody asks of it. Everything is bounded and is plain text. */

export interface ParsedMail {
  /** With its angle brackets; null when it has none that is one. */
  readonly messageId: string | null;
  /** Message-IDs of `In-Reply-To` and `References`, the nearest first. */
  readonly references: readonly string[];
  /** Who it says it is from. Nothing of it is proven. */
  readonly from: { readonly name: string; readonly address: string } | null;
  /** Every address it is said to be to, lower case, those that servers on the way noted too. */
  readonly to: readonly string[];
  readonly subject: string;
  /** What was written, without what was quoted; HTML as text. */
  readonly text: string;
  /** The same with what was quoted. */
  readonly whole: string;
  readonly language: 'it' | 'en';
  readonly nature: MailNature;
  /** What servers on the way said of it: `Authentication-Results` as they stand, top first. */
  readonly authentication: readonly string[];
  readonly attachments: readonly ParsedAttachment[];
  /** Parts beyond the number that is read. */
  readonly attachmentsBeyond: number;
  /** SHA-256 of all bytes, hexadecimal. */
  readonly sha256: string;
}

export interface ParsedAttachment {
  readonly name: string;
  /** Undefined when it is larger than any that is taken. */
  readonly content?: Uint8Array | undefined;
}

/**
 * `person`: to be read. `bounce`: it says that a mail of ours was not delivered; `delayed`: not
 * yet. `automatic`: a robot, a list, an absence.
 */
export type MailNature = 'person' | 'bounce' | 'delayed' | 'automatic';

export const MAIL_BYTES_MAX = 10 * 1024 ** 2;
export const PARTS_READ_MAX = 20;
export const PART_BYTES_MAX = 2 * 1024 ** 2;
/** As much of a text as is looked at. */
export const TEXT_READ_MAX = 200_000;

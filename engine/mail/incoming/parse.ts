/**
 * Reads the bytes of a mail. They come from anybody: whatever they are, the result is bounded, or
 * this throws. Takes up to some hundred ms for 10 MB, so it is done in a thread (parser.ts).
 */
import { createHash } from 'node:crypto';
import PostalMime, { type Address, type Attachment, type Email } from 'postal-mime';
import { textOfHtml } from './html-text.ts';
import { natureOf } from './nature.ts';
import { ownWords } from './own-words.ts';
import {
  PART_BYTES_MAX,
  PARTS_READ_MAX,
  type ParsedAttachment,
  type ParsedMail,
  TEXT_READ_MAX,
} from './parsed-mail.ts';

const LIMITS = {
  maxNestingDepth: 32,
  maxHeadersSize: 256 * 1024,
  forceRfc822Attachments: true,
} as const;
const NAME_MAX = 120;
const ADDRESS_MAX = 254;
const SUBJECT_MAX = 500;
const ADDRESSES_MAX = 50;
const REFERENCES_MAX = 50;
const AUTHENTICATIONS_MAX = 10;
const AUTHENTICATION_LENGTH_MAX = 2_000;
const FILE_NAME_MAX = 300;
const REPORT_MAX = 20_000;
const MESSAGE_ID = /<[^<>\s]{3,250}>/g;
/** Everything that is not seen, but line ends and tabs: it could turn or hide words. */
const UNSEEN = /[^\P{C}\n\t]/gu;
const TRACES = ['delivered-to', 'x-original-to', 'envelope-to', 'x-envelope-to'];

export async function parseMail(bytes: Uint8Array): Promise<ParsedMail> {
  const email = await PostalMime.parse(bytes, LIMITS);
  const headers = { of: (name: string) => valuesOf(email, name) };
  const from = mailboxes([email.from])[0] ?? null;
  const whole = bodyOf(email);
  const files = email.attachments.filter((part) => !isReportPart(part));
  const report = email.attachments.filter(isReportPart).map(textOfPart).join('\n');
  const ids = (value = '') => value.match(MESSAGE_ID) ?? [];
  const text = ownWords(whole);
  return {
    messageId: ids(email.messageId)[0] ?? null,
    references: [
      ...ids(email.inReplyTo),
      ...ids(email.references).toReversed(),
      ...ids(report), // a report has the headers of what could not be delivered
    ].slice(0, REFERENCES_MAX),
    from,
    to: addressesOf(email),
    subject: plain(email.subject ?? '', SUBJECT_MAX).replace(/\s+/g, ' '),
    ...{ text, whole, language: languageOf(text || whole) },
    nature: natureOf(headers, { from: from?.address ?? '', report }),
    authentication: headers
      .of('authentication-results')
      .slice(0, AUTHENTICATIONS_MAX)
      .map((value) => value.slice(0, AUTHENTICATION_LENGTH_MAX)),
    attachments: files.slice(0, PARTS_READ_MAX).map(attachmentOf),
    attachmentsBeyond: Math.max(0, files.length - PARTS_READ_MAX),
    sha256: createHash('sha256').update(bytes).digest('hex'),
  };
}

function valuesOf({ headers }: Email, name: string): string[] {
  return headers.filter(({ key }) => key === name).map(({ value }) => value);
}

/** The plain part when there is one that says something, else the HTML. */
function bodyOf({ text = '', html = '' }: Email): string {
  const written = plain(text, TEXT_READ_MAX);
  if (written !== '' || html === '') return written;
  return plain(textOfHtml(html.slice(0, 2 * TEXT_READ_MAX)), TEXT_READ_MAX);
}

function plain(text: string, max: number): string {
  const isCut = text.length > max;
  return (isCut ? text.slice(0, max) : text)
    .replace(/\r\n?/g, '\n')
    .toWellFormed()
    .normalize('NFC')
    .replace(UNSEEN, '')
    .trim();
}

function mailboxes(given: readonly (Address | undefined)[]): { name: string; address: string }[] {
  return given
    .flatMap((one) => (one === undefined ? [] : (one.group ?? [one])))
    .slice(0, ADDRESSES_MAX)
    .map(({ name, address = '' }) => ({
      name: plain(name, NAME_MAX).replace(/\s+/g, ' '),
      address: plain(address, ADDRESS_MAX).toLowerCase(),
    }))
    .filter(({ address }) => /^[^\s@<>]+@[^\s@<>]+$/.test(address));
}

function addressesOf(email: Email): string[] {
  const said = mailboxes([...(email.to ?? []), ...(email.cc ?? [])]);
  const traces = TRACES.flatMap((name) => valuesOf(email, name)).map((value) =>
    plain(value, ADDRESS_MAX).replace(/^<|>$/g, '').toLowerCase(),
  );
  return [...new Set([...said.map(({ address }) => address), ...traces])].slice(0, ADDRESSES_MAX);
}

/** Parts of a report that programs read; the mail that came back is one. */
function isReportPart({ mimeType }: Attachment): boolean {
  return /^(message\/|text\/rfc822-headers)/.test(mimeType);
}

function textOfPart({ content }: Attachment): string {
  if (typeof content === 'string') return content.slice(0, REPORT_MAX);
  return Buffer.from(bytesOf(content)).subarray(0, REPORT_MAX).toString('latin1');
}

function bytesOf(content: ArrayBuffer | Uint8Array): Uint8Array {
  return content instanceof Uint8Array ? content : new Uint8Array(content);
}

function attachmentOf({ filename, content }: Attachment): ParsedAttachment {
  const name = plain(filename ?? '', FILE_NAME_MAX);
  const bytes = typeof content === 'string' ? Buffer.from(content) : bytesOf(content);
  // A copy of its own: a part may be a window into the whole mail.
  return bytes.length > PART_BYTES_MAX ? { name } : { name, content: Uint8Array.from(bytes) };
}

const ITALIAN = /\b(il|la|di|che|non|per|una|sono|del|grazie|ho|questo|mia|domanda|buongiorno)\b/gi;
const ENGLISH = /\b(the|of|and|is|that|not|for|you|my|have|this|thanks|hello|please|with)\b/gi;
const WORDS_READ = 2_000;

/** The one of our languages whose small words it has more of; Italian in doubt. */
function languageOf(text: string): 'it' | 'en' {
  const start = text.slice(0, WORDS_READ);
  const count = (words: RegExp) => start.match(words)?.length ?? 0;
  return count(ENGLISH) > count(ITALIAN) ? 'en' : 'it';
}

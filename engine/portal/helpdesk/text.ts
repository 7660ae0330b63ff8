/**
 * What somebody typed or mailed, as it is kept: plain text, lines ended by LF, without control
 * signs and without those that turn the direction of writing, by which a text can look like
 * another one. Markup is not read: it is shown as the signs it is made of.
 */
import { Refusal } from '../http/refusal.ts';

/** Controls but tab and line feed; invisible signs that steer the writing; lone halves. */
const UNSEEN = /[^\P{Cc}\t\n]|[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]|\p{Cs}/gu;
const SUBJECT_LENGTH_MIN = 3;

/** The text of a message. Refuses TICKET_TEXT_MISSING when nothing is left. */
export function tidyText(given: string): string {
  const text = given
    .replace(/\r\n?|\u2028|\u2029/g, '\n')
    .replace(UNSEEN, '')
    .trim();
  if (text === '') throw new Refusal('TICKET_TEXT_MISSING');
  return text;
}

/** A subject or a name: one line. */
export function tidyLine(given: string): string {
  return given.replace(/\s+/g, ' ').replace(UNSEEN, '').trim();
}

/** Refuses TICKET_SUBJECT_MISSING when it says nothing. */
export function tidySubject(given: string): string {
  const subject = tidyLine(given);
  if (subject.length < SUBJECT_LENGTH_MIN) throw new Refusal('TICKET_SUBJECT_MISSING');
  return subject;
}

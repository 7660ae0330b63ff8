/**
 * Whether a person wrote a mail, by what its headers say (RFC 3834, RFC 3462, and what programs do
 * that know neither). Answering a robot makes two of them talk for ever; reading an absence as an
 * answer takes a ticket out of the queue of what waits.
 */
import type { MailNature } from './parsed-mail.ts';

export interface Headers {
  /** Every value of a header, top first; the name in lower case. */
  of(name: string): readonly string[];
}

const ROBOTS = /^(mailer-daemon|postmaster|noreply|no-reply|no_reply|donotreply|bounces?)([+-]|$)/;
const SUBJECTS =
  /^\s*(auto(matic)?[ -]?(reply|response)|out of office|risposta automatica|fuori sede)/i;
const PRESENT = [
  ...['list-id', 'list-unsubscribe', 'x-autoreply', 'x-autorespond', 'x-auto-response-suppress'],
  ...['x-loop', 'feedback-id'],
];

export function natureOf(headers: Headers, about: { from: string; report: string }): MailNature {
  const first = (name: string) => headers.of(name)[0]?.trim().toLowerCase() ?? '';
  const type = first('content-type');
  const isReport = type.startsWith('multipart/report');
  if (isReport && type.includes('delivery-status')) return reportedIn(about.report);
  const local = about.from.split('@')[0] ?? '';
  const isNobody = headers.of('return-path').some((path) => /^\s*<\s*>\s*$/.test(path));
  if (/^(mailer-daemon|postmaster)$/.test(local)) return isNobody ? 'bounce' : 'automatic';
  const submitted = first('auto-submitted');
  const isAutomatic =
    isReport ||
    isNobody ||
    ROBOTS.test(local) ||
    (submitted !== '' && !/^no\b/.test(submitted)) ||
    /^(bulk|list|junk|auto_reply)\b/.test(first('precedence')) ||
    PRESENT.some((name) => headers.of(name).length > 0) ||
    headers.of('subject').some((subject) => SUBJECTS.test(subject));
  return isAutomatic ? 'automatic' : 'person';
}

/** RFC 3464 2.3.3: what the report says was done. */
function reportedIn(report: string): MailNature {
  const action = /^Action:\s*([a-z]+)/im.exec(report)?.[1]?.toLowerCase();
  if (action === 'failed') return 'bounce';
  return action === 'delayed' ? 'delayed' : 'automatic';
}

/** The keys of mail, out and in. */
import { checkAddress, checkUrl, integer } from './config-checks.ts';
import { key } from './config-key.ts';

const ADDRESS = /^[A-Za-z0-9._-]{1,24}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$/;
const AUTHSERV = /^[A-Za-z0-9._-]{0,255}$/;

export const mailKeys = [
  key(
    'smtpUrl',
    'URL',
    '',
    'SMTP server for mail (smtp:// or smtps://). Empty: mail is kept as files for the administrator.',
    checkUrl('smtp:', 'smtps:'),
  ),
  key('mailFrom', 'address', 'Clickday <noreply@localhost>', 'Sender of every mail.'),
  key(
    'mailConnections',
    'count',
    '6',
    'Mails under way at once. Too high: the mail server refuses connections; too low: a few slow domains hold up the others.',
    integer(1, 64),
  ),
  key(
    'mailPerMinute',
    'count',
    '600',
    'Mails to one domain in any minute. Too high: large providers take us for a storm and refuse; too low: acceptances come late.',
    integer(1, 100_000),
  ),
  key(
    'mailAtOnce',
    'count',
    '2',
    'Mails to one domain at the same time; below mailConnections, or a domain that says nothing holds up the others.',
    integer(1, 64),
  ),
  key(
    'mailQueueMax',
    'count',
    '100000',
    'Mails that may wait, about 2 KB each. Full: registrations and tickets are answered BUSY.',
    integer(100, 10_000_000),
  ),
  key(
    'helpdeskAddress',
    'address',
    '',
    'Address of the help desk, with which answers by mail are received (its server must deliver address+anything to it as well). Empty: letters of the desk say that nobody reads answers.',
    (text) => (text === '' || ADDRESS.test(text) ? undefined : 'must be name@domain, name ≤ 24'),
  ),
  key(
    'mailIn',
    'host:port',
    '',
    'Where the portal takes mail for helpdeskAddress by SMTP, from the mail server in front. Never to the open internet without one. Empty: nowhere.',
    (text) => (text === '' ? undefined : checkAddress(text)),
  ),
  {
    ...key(
      'imapUrl',
      'URL',
      '',
      'Mailbox of helpdeskAddress that is asked for mail (imaps://user:password@host/INBOX). What was taken is marked as read. Empty: none.',
      checkUrl('imap:', 'imaps:'),
    ),
    secret: true,
  },
  key('imapPauseS', 's', '30', 'Pause between two looks into that mailbox.', integer(1, 3600)),
  key(
    'mailTicketsAnHour',
    'count',
    '2000',
    'Tickets that mails of all senders together may open in an hour; the others wait, up to 20,000, then the server in front is told to come again. Too low: on a bad day people wait for hours; too high: a storm buries the queues.',
    integer(1, 1_000_000),
  ),
  key(
    'mailAuthserv',
    'name',
    '',
    'Name under which the mail server in front writes Authentication-Results, which it must remove from what comes in. Only then a sender that passed DMARC, or DKIM or SPF of the same domain, is taken for the account with that address. Empty: no sender is.',
    (text) => (AUTHSERV.test(text) ? undefined : 'must be a host name'),
  ),
] as const;

/** What the metrics say of mail, out and in, beside how many went out. */
import type { MailRoom } from '../../mail/index.ts';
import type { Mailbox } from '../mailbox/index.ts';

export function mailGauges(mail: MailRoom, mailbox: Pick<Mailbox, 'counts'> | null) {
  return {
    clickday_portal_mail_overdue_seconds: {
      help: 'How long the mail that is most overdue has been due',
      read: () => mail.status().overdueSeconds,
    },
    clickday_portal_mails_under_way: {
      help: 'Mails that are being handed over',
      read: () => mail.status().underWay,
    },
    clickday_portal_mail_domains_resting: {
      help: 'Domains that refused again and again and are left alone for some minutes',
      read: () => mail.status().resting.length,
    },
    clickday_portal_mail_server_trouble: {
      help: '1 while the mail server is not to be had',
      read: () => (mail.status().trouble === null ? 0 : 1),
    },
    clickday_portal_incoming_mails_waiting: {
      help: 'Mails to the help desk that are not handled yet',
      read: () => mailbox?.counts().waiting ?? 0,
    },
    clickday_portal_incoming_mails_held: {
      help: 'Of those, how many wait because too many have opened tickets within an hour',
      read: () => mailbox?.counts().held ?? 0,
    },
    clickday_portal_incoming_mails_failed: {
      help: 'Mails to the help desk that nobody could read, kept for thirty days',
      read: () => mailbox?.counts().failed ?? 0,
    },
  };
}

/** What the metrics say of outgoing mail, beside how many there are. */
import type { MailRoom } from '../../mail/index.ts';

export function mailGauges(mail: MailRoom) {
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
  };
}

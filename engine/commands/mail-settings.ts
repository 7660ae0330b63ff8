/** What the configuration says of mail, in the words of the rooms. */
import type { MailRoomOptions } from '#engine/mail/index.ts';
import type { PortalConfig } from '#engine/portal/index.ts';
import { address, type Config, text } from '../config.ts';

type MailRoomSettings = Pick<MailRoomOptions, 'smtpUrl' | 'pace' | 'connections' | 'queuedMax'>;

export function mailRoomSettings(config: Config): MailRoomSettings {
  const count = (name: Parameters<typeof text>[1]) => Number(text(config, name));
  return {
    smtpUrl: text(config, 'smtpUrl') || undefined,
    connections: count('mailConnections'),
    pace: { perMinute: count('mailPerMinute'), atOnce: count('mailAtOnce') },
    queuedMax: count('mailQueueMax'),
  };
}

/** Undefined without an address of the help desk: then nothing comes in. */
export function mailboxSettings(config: Config, tls: PortalConfig['tls']): PortalConfig['mailbox'] {
  const deskAddress = text(config, 'helpdeskAddress');
  if (deskAddress === '') return undefined;
  const from = text(config, 'mailFrom');
  return {
    deskAddress,
    ownAddress: /<([^<>]+)>\s*$/.exec(from)?.[1] ?? from,
    listen: text(config, 'mailIn') === '' ? undefined : address(config, 'mailIn'),
    imap: imapIn(config),
    tls,
    authserv: text(config, 'mailAuthserv'),
    limits: { ticketsOfAll: Number(text(config, 'mailTicketsAnHour')) },
  };
}

function imapIn(config: Config) {
  const url = text(config, 'imapUrl');
  return url === '' ? undefined : { url, pauseMs: Number(text(config, 'imapPauseS')) * 1000 };
}

/** What the configuration says of mail, in the words of the rooms. */
import type { MailRoomOptions } from '#engine/mail/index.ts';
import { type Config, text } from '../config.ts';

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

/**
 * The mail room: an outbox in the portal's database and what empties it. The click-day path sends
 * no mail; a full outbox or a dead server slows nobody down there.
 */
import type { Timers } from '../clock/index.ts';
import type { Log } from '../foundation/log.ts';
import type { Random } from '../foundation/random.ts';
import type { Database } from '../store/database/index.ts';
import { type Delivery, startDelivery } from './delivery.ts';
import { createOutbox, type Outbox } from './outbox.ts';
import { fileTransport, smtpTransport } from './transport.ts';

export { createOutbox, type Letter, type MailCounts, type MailRow } from './outbox.ts';

export interface MailRoom extends Pick<Outbox, 'enqueue' | 'list' | 'read' | 'counts'> {
  /** Removes every mail to an address, also where it is kept as a file. */
  forget(recipient: string): void;
  /** Deliver soon: call after the transaction that enqueued. */
  wake(): void;
  /** Resolves when every mail that is due was tried once. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

export interface MailRoomOptions {
  readonly database: Database;
  readonly clock: { nowUs(): number };
  readonly timers: Timers;
  readonly random: Random;
  readonly log: Log;
  /** Sender, `Name <address>`. */
  readonly from: string;
  /** Folder of `.eml` files; used when there is no `smtpUrl`. */
  readonly outboxDirectory: string;
  readonly smtpUrl?: string | undefined;
}

/** Opens the mail room and starts delivering. */
export function createMailRoom(options: MailRoomOptions): MailRoom {
  const outbox = createOutbox(options);
  const transport = options.smtpUrl
    ? smtpTransport(options.smtpUrl, options.from)
    : fileTransport(options.outboxDirectory, options.from);
  const delivery: Delivery = startDelivery({ ...options, outbox, transport });
  return {
    enqueue: outbox.enqueue,
    list: outbox.list,
    read: outbox.read,
    counts: outbox.counts,
    forget: (recipient) => {
      for (const id of outbox.forget(recipient)) transport.forget(id);
    },
    ...delivery,
  };
}

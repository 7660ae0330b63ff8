/**
 * The mail room: an outbox in the portal's database and what empties it. The click-day path sends
 * no mail; a full outbox or a dead server slows nobody down there.
 */
import type { Timers } from '../clock/index.ts';
import type { Log } from '../foundation/log.ts';
import type { Random } from '../foundation/random.ts';
import type { Database } from '../store/database/index.ts';
import { type Delivery, type DeliveryStatus, startDelivery } from './delivery.ts';
import type { Pace } from './lanes.ts';
import { createOutbox, type DomainQueue, type Outbox, QUEUED_MAX } from './outbox.ts';
import { fileTransport, smtpTransport } from './transport.ts';

export type { DeliveryStatus } from './delivery.ts';
export { type Handling, NotYet, startHandling } from './incoming/handling.ts';
export { type ImapIn, startImapIn } from './incoming/imap-in.ts';
export { ANSWER_ABOVE } from './incoming/own-words.ts';
export type { ParsedAttachment, ParsedMail } from './incoming/parsed-mail.ts';
export { createParser } from './incoming/parser.ts';
export { isForDesk, type SmtpIn, startSmtpIn } from './incoming/smtp-in.ts';
export { createSpool, HELD, type IncomingRow, type Spool, type Verdict } from './incoming/spool.ts';
export type { Pace } from './lanes.ts';
export { domainOf, type Letter, type Threading } from './letter.ts';
export { createOutbox, type DomainQueue, type MailCounts, type MailRow } from './outbox.ts';

export interface MailRoom extends Pick<Outbox, 'enqueue' | 'list' | 'read' | 'counts'> {
  /** Whether one more would be taken now; stays true until the open transaction enqueues. */
  hasRoom(): boolean;
  /** Removes every mail to an address, or those whose subject begins so; also kept as a file. */
  forget(recipient: string, subject?: string): void;
  /** Deliver soon: after the transaction that is open, which never yields. */
  wake(): void;
  /** Looks for what another process enqueued. */
  refresh(): void;
  /** Refreshes; resolves when every mail that is due was tried once. */
  settle(): Promise<void>;
  /** How delivery goes. */
  status(): MailRoomStatus;
  /** What waits, the most first. Reads all that waits. */
  queues(): DomainQueue[];
  close(): Promise<void>;
}

export interface MailRoomStatus extends DeliveryStatus {
  /** How long the mail that is most overdue has been due, seconds; 0 when none is. */
  readonly overdueSeconds: number;
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
  /** What one domain is given; not held back where mails are files. */
  readonly pace?: Pace | undefined;
  readonly connections?: number | undefined;
  /** Mails that may wait; more are refused. */
  readonly queuedMax?: number | undefined;
}

export const MAIL_PACE: Pace = { perMinute: 600, atOnce: 2 };
const CONNECTIONS = 6;
const US_A_SECOND = 1_000_000;
const UNBOUND: Pace = { perMinute: Number.POSITIVE_INFINITY, atOnce: CONNECTIONS };

/** Opens the mail room and starts delivering. */
export function createMailRoom(options: MailRoomOptions): MailRoom {
  const { smtpUrl, from, connections = CONNECTIONS } = options;
  const outbox = createOutbox(options);
  const transport = smtpUrl
    ? smtpTransport({ url: smtpUrl, from, connections })
    : fileTransport(options.outboxDirectory, from);
  const pace = smtpUrl ? (options.pace ?? MAIL_PACE) : UNBOUND;
  const delivery: Delivery = startDelivery({ ...options, outbox, transport, pace, connections });
  return {
    enqueue: (letter) => {
      const id = outbox.enqueue(letter);
      if (id !== null) delivery.note(letter.to);
      return id;
    },
    hasRoom: () => outbox.counts().queued < (options.queuedMax ?? QUEUED_MAX),
    list: outbox.list,
    read: outbox.read,
    counts: outbox.counts,
    forget: (recipient, subject) => {
      for (const id of outbox.forget(recipient, subject)) transport.forget(id);
    },
    wake: () => queueMicrotask(delivery.wake),
    refresh: delivery.refresh,
    settle: delivery.settle,
    status: () => {
      const nowUs = options.clock.nowUs();
      const lateUs = nowUs - (outbox.firstDueUs() ?? nowUs);
      return { ...delivery.status(), overdueSeconds: Math.max(0, lateUs / US_A_SECOND) };
    },
    queues: () => outbox.domains().toSorted((one, other) => other.waiting - one.waiting),
    close: delivery.close,
  };
}

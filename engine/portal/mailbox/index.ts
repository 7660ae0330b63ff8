/**
 * The help desk's mailbox: mail that comes in by SMTP, or is fetched by IMAP, is kept on the disk,
 * read in a thread and becomes messages of tickets. See `handler.ts` for what becomes of it and
 * `threads.ts` for why it is believed.
 */
import type { Clock, Timers } from '../../clock/index.ts';
import type { Log } from '../../foundation/log.ts';
import type { Random } from '../../foundation/random.ts';
import {
  createParser,
  createSpool,
  type ImapIn,
  type MailRoom,
  type SmtpIn,
  type Spool,
  startHandling,
  startImapIn,
  startSmtpIn,
} from '../../mail/index.ts';
import type { Database } from '../../store/database/index.ts';
import type { Vault } from '../accounts/vault.ts';
import type { Helpdesk, Threading } from '../helpdesk/index.ts';
import type { PortalOptions } from '../portal.ts';
import { createMailHandler, type MailLimits } from './handler.ts';
import { createThreads, type Threads } from './threads.ts';

/** What is configured of mail that comes in. */
export interface MailboxConfig {
  /** `name@domain`. */
  readonly deskAddress: string;
  /** Address that our mails are from. */
  readonly ownAddress: string;
  /** Where to take mail by SMTP; undefined: nowhere. */
  readonly listen?: { readonly host: string; readonly port: number } | undefined;
  /** A mailbox to look into; undefined: none. */
  readonly imap?: { readonly url: string; readonly pauseMs: number } | undefined;
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  /** Name that Authentication-Results are believed under; empty: none. */
  readonly authserv: string;
  readonly limits?: Partial<MailLimits>;
}

export interface MailboxParts {
  readonly config: MailboxConfig;
  readonly database: Database;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly log: Log;
  readonly mail: MailRoom;
  readonly vault: Vault;
  /** Where mails lie until they are handled. */
  readonly directory: string;
  /** With less room on the disk no mail is taken. */
  readonly freeBytesMin: number;
}

export interface Mailbox {
  /** What letters of the desk carry. */
  readonly threading: Threading;
  /** Starts to take mail; `helpdesk` gets it. */
  open(helpdesk: Helpdesk): Promise<void>;
  /** `host:port` where it listens; null when it does not. */
  address(): string | null;
  /** Resolves when everything that came in was handled. */
  settle(): Promise<void>;
  counts(): ReturnType<Spool['counts']>;
  sweep(): Promise<void>;
  close(): Promise<void>;
}

/** The mailbox as it is configured; null without an address of the help desk. */
export function createMailboxOf(options: PortalOptions): Mailbox | null {
  const { config, incomingDirectory: directory } = options;
  if (config.mailbox === undefined) return null;
  const freeBytesMin = config.limits.attachmentsFreeBytesMin;
  return createMailbox({ ...options, config: config.mailbox, directory, freeBytesMin });
}

const LIMITS: MailLimits = {
  ...{ mailsOfAddress: 20, mailsOfTicket: 30, ticketsOfAddress: 10 },
  ticketsOfAll: 2_000,
};

/** A mailbox that is not open yet. */
export function createMailbox(parts: MailboxParts): Mailbox {
  const { config, database, log } = parts;
  const deskAddress = config.deskAddress.toLowerCase();
  const threads: Threads = createThreads({ ...parts, deskAddress });
  const spool = createSpool(parts);
  let handling: ReturnType<typeof startHandling> | undefined;
  let listening: SmtpIn | undefined;
  let fetching: ImapIn | undefined;
  return {
    threading: threads.threadingOf,
    open: async (helpdesk) => {
      const handle = createMailHandler({
        ...{ database, clock: parts.clock, spool, threads, helpdesk, deskAddress },
        ...{ ownAddress: config.ownAddress.toLowerCase(), authserv: config.authserv },
        limits: { ...LIMITS, ...config.limits },
      });
      const parser = createParser(parts);
      handling = startHandling({ ...parts, spool, parser, handle });
      const taken = () => handling?.wake();
      if (config.imap) fetching = startImapIn({ ...parts, ...config.imap, spool, taken });
      if (config.listen === undefined) return;
      const where = { ...config.listen, tls: config.tls };
      listening = await startSmtpIn({ ...where, deskAddress, spool, log, taken });
      log.info({ address: listening.address }, 'taking mail for the help desk');
    },
    address: () => listening?.address ?? null,
    settle: async () => {
      await fetching?.look();
      await handling?.settle();
    },
    counts: spool.counts,
    sweep: spool.sweep,
    close: async () => {
      await listening?.close();
      await fetching?.close();
      await handling?.close();
    },
  };
}

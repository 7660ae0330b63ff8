/**
 * Fetches the help desk's mail from a mailbox by IMAP: every half minute what nobody has read, the
 * oldest first, a hundred a look. A mail is marked as read when it is on the disk here, so a crash
 * between the two fetches it twice, which its Message-ID finds out. Nothing is deleted there.
 *
 * The library is loaded by whoever has such a mailbox.
 */
import type { ImapFlow } from 'imapflow';
import type { Timers } from '../../clock/index.ts';
import type { Log } from '../../foundation/log.ts';
import type { Random } from '../../foundation/random.ts';
import { MAIL_BYTES_MAX } from './parsed-mail.ts';
import type { Spool } from './spool.ts';

export interface ImapIn {
  /** Resolves when the mailbox was looked into once more. */
  look(): Promise<void>;
  close(): Promise<void>;
}

export interface ImapInOptions {
  /** `imap://` or `imaps://`, user, password, host, port, `/MAILBOX` (INBOX when left out). */
  readonly url: string;
  readonly pauseMs: number;
  readonly spool: Spool;
  readonly timers: Timers;
  readonly random: Pick<Random, 'integer'>;
  readonly log: Log;
  /** Mails were taken. */
  readonly taken: () => void;
}

const MAILS_A_LOOK = 100;
const WAIT_MS = 15_000;
const SILENCE_MS_MAX = 60_000;
/** After trouble: so many pauses, doubling up to this. */
const PAUSES_MAX = 32;

/** Starts to look. */
export function startImapIn(options: ImapInOptions): ImapIn {
  const { timers, log, pauseMs, random } = options;
  let running: Promise<void> | undefined;
  let cancel = () => {};
  let isClosed = false;
  let pauses = 1;
  let client: ImapFlow | undefined;
  const once = async () => {
    const look = await connected(options.url);
    client = look.client;
    await fetchAll(options, look).finally(() => look.client.logout());
  };
  const look = () => {
    running ??= once()
      .then(() => {
        pauses = 1;
      })
      .catch((error: unknown) => {
        pauses = Math.min(PAUSES_MAX, pauses * 2);
        client?.close();
        log.warn({ err: error }, 'the mailbox of the help desk cannot be read');
      })
      .finally(() => {
        running = undefined;
        client = undefined;
        const waitMs = Math.round(pauseMs * pauses * (0.75 + random.integer(500) / 1000));
        if (!isClosed) cancel = timers.after(waitMs, () => void look());
      });
    return running;
  };
  void look();
  return {
    look: async () => {
      await running;
      cancel();
      await look();
    },
    close: async () => {
      isClosed = true;
      cancel();
      client?.close();
      await running;
    },
  };
}

interface Look {
  readonly client: ImapFlow;
  readonly mailbox: string;
}

async function connected(url: string): Promise<Look> {
  const { ImapFlow } = await import('imapflow');
  const { protocol, hostname, port, username, password, pathname } = new URL(url);
  const secure = protocol === 'imaps:';
  const client = new ImapFlow({
    ...{ host: hostname, port: Number(port) || (secure ? 993 : 143), secure, logger: false },
    auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) },
    ...{ connectionTimeout: WAIT_MS, greetingTimeout: WAIT_MS, socketTimeout: SILENCE_MS_MAX },
    disableAutoIdle: true,
  });
  // Its own calls reject as well; unheard, this event would end the process.
  client.on('error', () => undefined);
  await client.connect();
  return { client, mailbox: decodeURIComponent(pathname.slice(1)) || 'INBOX' };
}

async function fetchAll(options: ImapInOptions, { client, mailbox }: Look): Promise<void> {
  const lock = await client.getMailboxLock(mailbox);
  try {
    const unread = (await client.search({ seen: false }, { uid: true })) || [];
    for (const uid of unread.slice(0, MAILS_A_LOOK)) {
      if (!(await fetchOne(options, client, uid))) return;
    }
  } finally {
    lock.release();
  }
}

/** False when there is no room for more. */
async function fetchOne(
  { spool, log, taken }: ImapInOptions,
  client: ImapFlow,
  uid: number,
): Promise<boolean> {
  const of = String(uid);
  const whole = { uid: true, maxBytes: MAIL_BYTES_MAX + 1 };
  const { content } = await client.download(of, undefined, whole);
  if (content === undefined) return true;
  const taking = await spool.take(content as AsyncIterable<Buffer>, null);
  if (taking === 'full') {
    log.warn('no room for mail: it stays in the mailbox');
    return false;
  }
  // Flagged: for a person to read there.
  if (taking === 'too-large') log.warn({ uid }, 'a mail is too large: it stays there');
  const flags = taking === 'too-large' ? ['\\Seen', '\\Flagged'] : ['\\Seen'];
  await client.messageFlagsAdd(of, flags, { uid: true });
  if (taking === 'taken') taken();
  return true;
}

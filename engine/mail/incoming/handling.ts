/**
 * Empties the spool: each mail is read in the thread, judged by who was given it, and concluded.
 * One after the other, in the order they came; one that cannot be read is set aside after three
 * attempts and holds up none. So is one that cannot be handled, after a day. One that would be too
 * much for now (`NotYet`) waits, however long, and the others go on.
 */
import type { Timers } from '../../clock/index.ts';
import type { Log } from '../../foundation/log.ts';
import type { ParsedMail } from './parsed-mail.ts';
import { type Parser, UnreadableMail } from './parser.ts';
import type { IncomingRow, Spool } from './spool.ts';

/**
 * What is done with a mail: MUST conclude it (`Spool.conclude`) in one transaction with whatever
 * it causes. Rejects when that did not work; it is given the mail again then.
 */
export type MailHandler = (mail: ParsedMail, row: IncomingRow) => Promise<void>;

/** Thrown by a handler that may do no more of this kind for now: the mail waits until then. */
export class NotYet extends Error {
  override name = 'NotYet';
  readonly untilUs: number;
  constructor(untilUs: number) {
    super('no more of this kind for now');
    this.untilUs = untilUs;
  }
}

export interface Handling {
  wake(): void;
  /** Resolves when everything that is due was handled. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

export interface HandlingParts {
  readonly spool: Spool;
  readonly parser: Parser;
  readonly handle: MailHandler;
  readonly clock: { nowUs(): number };
  readonly timers: Timers;
  readonly log: Log;
}

/** Of one that cannot be read; of one that could not be handled: a day. */
const READINGS_MAX = 3;
const ATTEMPTS_MAX = 30;
const WAIT_FIRST_US = 10_000_000;
const WAIT_MAX_US = 3_600_000_000;
const PAUSE_MS_MAX = 60_000;
const US_A_MS = 1000;

export function startHandling(parts: HandlingParts): Handling {
  const { spool, clock, timers, log, parser } = parts;
  let running: Promise<void> | undefined;
  let cancel: (() => void) | undefined;
  let isClosed = false;
  const round = async () => {
    for (let row = spool.due(); row !== undefined && !isClosed; row = spool.due()) {
      await handleOne(parts, row);
    }
  };
  const schedule = () => {
    cancel?.();
    const dueUs = isClosed ? undefined : spool.nextDueUs();
    if (dueUs === undefined) return;
    const waitMs = Math.max(0, Math.ceil((dueUs - clock.nowUs()) / US_A_MS));
    cancel = timers.after(Math.min(waitMs, PAUSE_MS_MAX), wake);
  };
  function wake(): void {
    if (running !== undefined || isClosed) return;
    running = round()
      .catch((error: unknown) => log.error({ err: error }, 'handling of mail stopped'))
      .finally(() => {
        running = undefined;
        schedule();
      });
  }
  wake();
  return {
    wake,
    settle: async () => {
      await running;
      wake();
      await running;
    },
    close: async () => {
      isClosed = true;
      cancel?.();
      await running;
      await parser.close();
    },
  };
}

async function handleOne(parts: HandlingParts, row: IncomingRow): Promise<void> {
  const { spool, parser, handle, clock, log } = parts;
  try {
    await handle(await parser.parse(spool.path(row.id)), row);
    if (!(await spool.drop(row.id))) throw new Error('the mail was left as it was');
  } catch (error) {
    if (error instanceof NotYet) return spool.hold(row.id, error.untilUs);
    const attempts = row.attempts + 1;
    const isUnreadable = error instanceof UnreadableMail;
    log.warn({ err: error, mail: row.id, attempts }, 'mail that came in was not handled');
    if (attempts < (isUnreadable ? READINGS_MAX : ATTEMPTS_MAX)) {
      const waitUs = Math.min(WAIT_FIRST_US * 2 ** row.attempts, WAIT_MAX_US);
      spool.postpone(row.id, { attempts, nextAttemptUs: clock.nowUs() + waitUs });
    } else {
      const outcome = isUnreadable ? 'unreadable' : 'trouble';
      spool.conclude(row.id, { status: 'failed', outcome });
    }
  }
}

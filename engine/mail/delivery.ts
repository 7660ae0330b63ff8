/**
 * Empties the outbox into a transport. One mail that cannot be delivered holds up no other: it
 * waits longer after each attempt, with jitter so that a server that comes back is not stormed,
 * and after the last attempt it is set aside as failed for the administrator to see.
 */
import type { Timers } from '../clock/index.ts';
import type { Log } from '../foundation/log.ts';
import type { Random } from '../foundation/random.ts';
import type { MailRow, Outbox } from './outbox.ts';
import type { Transport } from './transport.ts';

const BATCH_MAX = 20;
const ATTEMPTS_MAX = 8;
const WAIT_FIRST_MS = 2_000;
const WAIT_MAX_MS = 15 * 60_000;
const PAUSE_MAX_MS = 60_000;
const US_A_MS = 1000;

export interface Delivery {
  /** Something was enqueued: deliver soon. */
  wake(): void;
  /** Resolves when every mail that is due was tried once. */
  settle(): Promise<void>;
  /** Stops; a mail in flight is waited for. */
  close(): Promise<void>;
}

interface Parts {
  readonly outbox: Outbox;
  readonly transport: Transport;
  readonly clock: { nowUs(): number };
  readonly timers: Timers;
  readonly random: Random;
  readonly log: Log;
}

/** Starts delivering. */
export function startDelivery(parts: Parts): Delivery {
  const { outbox, clock, timers, transport } = parts;
  let running: Promise<void> | undefined;
  let cancel: (() => void) | undefined;
  let isClosed = false;

  const schedule = () => {
    const dueUs = isClosed ? undefined : outbox.nextDueUs();
    if (dueUs === undefined) return;
    const waitMs = Math.max(0, (dueUs - clock.nowUs()) / US_A_MS);
    cancel?.();
    cancel = timers.after(Math.min(waitMs, PAUSE_MAX_MS), wake);
  };
  const round = async () => {
    for (let mails = outbox.due(BATCH_MAX); mails.length > 0; mails = outbox.due(BATCH_MAX)) {
      if (isClosed) return;
      await Promise.all(mails.map((mail) => deliverOne(parts, mail)));
    }
  };
  function wake(): void {
    if (running || isClosed) return;
    running = round()
      .catch((error: unknown) => parts.log.error({ err: error }, 'mail delivery stopped'))
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
      transport.close();
    },
  };
}

async function deliverOne(parts: Parts, mail: MailRow): Promise<void> {
  const { outbox, transport, log } = parts;
  const { recipient: to, subject, text } = mail;
  try {
    await transport.deliver(mail.id, { to, subject, text });
    outbox.markSent(mail.id, { keepText: transport.keepText });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    log.warn({ mail: mail.id, attempt: mail.attempts + 1 }, 'mail not delivered');
    outbox.markAttempt(mail.id, { error: reason, nextAttemptUs: nextAttempt(parts, mail) });
  }
}

function nextAttempt({ clock, random }: Parts, mail: MailRow): number | null {
  if (mail.attempts + 1 >= ATTEMPTS_MAX) return null;
  const waitMs = Math.min(WAIT_FIRST_MS * 2 ** mail.attempts, WAIT_MAX_MS);
  return clock.nowUs() + Math.round(waitMs * US_A_MS * (0.5 + random.integer(1000) / 1000));
}

/**
 * Empties the outbox into a transport, a few mails at a time, by the lanes of their domains.
 *
 *   refused for good ─► failed at once
 *   later            ─► waits longer after each attempt, with jitter so that a server that comes
 *                       back is not stormed; after the last one (about ten hours) it is failed
 *   no server        ─► everything waits, and one mail tries again and again; nobody's attempt
 *
 * What failed stays for the administrator to see.
 */
import type { Timers } from '../clock/index.ts';
import type { Log } from '../foundation/log.ts';
import type { Random } from '../foundation/random.ts';
import { failureOf } from './failure.ts';
import { createLanes, type Lanes, type Pace } from './lanes.ts';
import type { MailRow, Outbox } from './outbox.ts';
import { createSentNotes, type SentNotes } from './sent-notes.ts';
import type { Transport } from './transport.ts';

const ATTEMPTS_MAX = 20;
const WAIT_FIRST_MS = 2_000;
const WAIT_MAX_MS = 60 * 60_000;
const SERVER_WAIT_FIRST_MS = 1_000;
const SERVER_WAIT_MAX_MS = 60_000;
const PAUSE_MAX_MS = 60_000;
const US_A_MS = 1000;

export interface Delivery {
  /** Something was enqueued to this address. */
  note(address: string): void;
  /** Deliver soon. */
  wake(): void;
  /** Looks for what another process enqueued, and delivers. */
  refresh(): void;
  /**
   * Resolves when every mail that is due, and that its domain's pace lets go, was tried once and
   * what was sent is noted.
   */
  settle(): Promise<void>;
  status(): DeliveryStatus;
  /** Stops; a mail in flight is waited for. */
  close(): Promise<void>;
}

export interface DeliveryStatus {
  readonly underWay: number;
  /** Why the server is not to be had; null when it is. */
  readonly trouble: string | null;
  readonly resting: ReturnType<Lanes['resting']>;
}

export interface DeliveryParts {
  readonly outbox: Outbox;
  readonly transport: Transport;
  readonly clock: { nowUs(): number };
  readonly timers: Timers;
  readonly random: Random;
  readonly log: Log;
  readonly pace: Pace;
  /** Mails under way at once, to whomever. */
  readonly connections: number;
}

interface ServerState {
  failures: number;
  trouble: string | null;
  restsUntilUs: number;
}

/** Starts delivering. */
export function startDelivery(parts: DeliveryParts): Delivery {
  const { clock, timers, transport, connections } = parts;
  const lanes = createLanes(parts);
  const notes = createSentNotes({
    ...parts,
    keepText: transport.keepText,
    noted: (mails) => {
      lanes.noted(mails);
      wake();
    },
  });
  const server: ServerState = { failures: 0, trouble: null, restsUntilUs: 0 };
  const underWay = new Set<Promise<void>>();
  let cancel: (() => void) | undefined;
  let isClosed = false;

  const schedule = () => {
    cancel?.();
    cancel = undefined;
    const dueUs = isClosed ? undefined : lanes.nextUs();
    const isFull = notes.isFull() || underWay.size >= roomIn(server, connections);
    if (dueUs === undefined || isFull) return;
    const waitMs = (Math.max(dueUs, server.restsUntilUs) - clock.nowUs()) / US_A_MS;
    cancel = timers.after(Math.min(Math.max(0, Math.ceil(waitMs)), PAUSE_MAX_MS), wake);
  };
  const start = (mail: MailRow) => {
    const work: Promise<void> = deliverOne(parts, { mail, lanes, server, notes })
      .catch((error: unknown) => parts.log.error({ err: error }, 'mail could not be noted'))
      .finally(() => {
        underWay.delete(work);
        wake();
      });
    underWay.add(work);
  };
  function wake(): void {
    while (!isClosed && server.restsUntilUs <= clock.nowUs()) {
      if (notes.isFull() || underWay.size >= roomIn(server, connections)) break;
      const mail = lanes.take();
      if (mail === undefined) break;
      start(mail);
    }
    schedule();
  }
  const refresh = () => {
    lanes.refresh();
    wake();
  };
  refresh();
  return {
    note: lanes.note,
    wake,
    refresh,
    settle: async () => {
      refresh();
      do {
        while (underWay.size > 0) await Promise.all(underWay);
        notes.flush(); // which lets go of what waited for room
      } while (underWay.size > 0);
    },
    status: () => ({
      underWay: underWay.size,
      trouble: server.trouble,
      resting: lanes.resting(),
    }),
    close: async () => {
      isClosed = true;
      cancel?.();
      while (underWay.size > 0) await Promise.all(underWay);
      notes.flush();
      notes.close();
      transport.close();
    },
  };
}

/** A server in doubt is tried with one mail. */
function roomIn(server: ServerState, connections: number): number {
  return server.failures > 0 ? 1 : connections;
}

interface UnderWay {
  readonly mail: MailRow;
  readonly lanes: Lanes;
  readonly server: ServerState;
  readonly notes: SentNotes;
}

async function deliverOne(
  parts: DeliveryParts,
  { mail, lanes, server, notes }: UnderWay,
): Promise<void> {
  const { outbox, transport, log } = parts;
  const { recipient: to, subject, text } = mail;
  let outcome: Parameters<Lanes['done']>[1] = 'no-fault';
  try {
    await transport.deliver(mail.id, { to, subject, text, threading: outbox.threading(mail.id) });
    outcome = 'fine';
    Object.assign(server, { failures: 0, trouble: null });
  } catch (error) {
    const failure = failureOf(error);
    const reason = error instanceof Error ? error.message : String(error);
    log.warn({ mail: mail.id, attempt: mail.attempts + 1, failure }, 'mail not delivered');
    if (failure === 'no-server') {
      server.failures += 1;
      server.trouble = reason;
      const waitMs = SERVER_WAIT_FIRST_MS * 2 ** (server.failures - 1);
      server.restsUntilUs = later(parts, Math.min(waitMs, SERVER_WAIT_MAX_MS));
    } else {
      Object.assign(server, { failures: 0, trouble: null });
      const attempts = mail.attempts + 1;
      const isLast = failure === 'refused' || attempts >= ATTEMPTS_MAX;
      const waitMs = Math.min(WAIT_FIRST_MS * 2 ** mail.attempts, WAIT_MAX_MS);
      const nextAttemptUs = isLast ? null : later(parts, waitMs);
      outbox.markAttempt(mail.id, { attempts, error: reason, nextAttemptUs });
      if (failure === 'later') outcome = 'later';
    }
  } finally {
    lanes.done(mail, outcome);
    if (outcome === 'fine') notes.add(mail);
  }
}

function later({ clock, random }: DeliveryParts, waitMs: number): number {
  return clock.nowUs() + Math.round(waitMs * US_A_MS * (0.5 + random.integer(1000) / 1000));
}

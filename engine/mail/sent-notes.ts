/**
 * Mails that were taken by the other side and are not noted as sent yet: they are noted together,
 * in one commit, at most NOTE_WAIT_MS after the first of them. A commit waits for the disk, which
 * the gate beside needs too, and mail leaves at ten a second and more.
 *
 * What cannot be noted (a full disk) is tried again and again, and no more than NOTES_MAX wait for
 * it: nobody is sent a mail anew for want of a note while this process lives. The price: after a
 * crash the mails of that half second leave once more, as one did before.
 */
import type { Timers } from '../clock/index.ts';
import type { Log } from '../foundation/log.ts';
import type { MailRow, Outbox } from './outbox.ts';

export interface SentNotes {
  /** The other side has it. */
  add(mail: MailRow): void;
  /** Notes what waits, now. */
  flush(): void;
  /** No more mails should be given away before some are noted. */
  isFull(): boolean;
  /** Tries no more. */
  close(): void;
}

export interface SentNotesParts {
  readonly outbox: Pick<Outbox, 'markSent'>;
  readonly clock: { nowUs(): number };
  readonly timers: Timers;
  readonly log: Log;
  readonly keepText: boolean;
  /** The outbox knows of them now. */
  readonly noted: (mails: readonly MailRow[]) => void;
}

export const NOTE_WAIT_MS = 500;
export const NOTES_MAX = 50;

export function createSentNotes(parts: SentNotesParts): SentNotes {
  const { outbox, clock, timers, log, keepText, noted } = parts;
  const waiting: { readonly mail: MailRow; readonly id: string; readonly atUs: number }[] = [];
  let cancel: (() => void) | undefined;
  const flush = () => {
    cancel?.();
    cancel = undefined;
    if (waiting.length === 0) return;
    try {
      outbox.markSent(waiting, { keepText });
    } catch (error) {
      log.error({ err: error, mails: waiting.length }, 'mails were sent and could not be noted');
      cancel = timers.after(NOTE_WAIT_MS, flush);
      return;
    }
    noted(waiting.splice(0).map(({ mail }) => mail));
  };
  return {
    flush,
    close: () => cancel?.(),
    isFull: () => waiting.length >= NOTES_MAX,
    add: (mail) => {
      waiting.push({ mail, id: mail.id, atUs: clock.nowUs() });
      if (waiting.length === NOTES_MAX) flush();
      else cancel ??= timers.after(NOTE_WAIT_MS, flush);
    },
  };
}

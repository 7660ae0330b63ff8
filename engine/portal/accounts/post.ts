/** How the account room mails: joins the open transaction; a full outbox is BUSY. */
import type { Letter, MailRoom } from '../../mail/index.ts';
import { Refusal } from '../http/refusal.ts';

export type Post = (letter: Letter) => void;

const RETRY_AFTER_MS = 60_000;

/** Delivery is woken by the outbox's own schedule or by `mail.wake()` after the transaction. */
export function createPost(mail: Pick<MailRoom, 'enqueue'>): Post {
  return (letter) => {
    if (mail.enqueue(letter) === null) throw new Refusal('BUSY', { retryAfterMs: RETRY_AFTER_MS });
  };
}

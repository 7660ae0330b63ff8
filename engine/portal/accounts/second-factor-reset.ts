/**
 * Removing a second factor that was lost with its recovery codes. It weakens an account, so it is
 * staff's to do, after somebody showed who they are: the reason goes to the audit, the owner is
 * told by mail, all sessions end. The password is still needed to log in.
 */
import type { Random } from '../../foundation/random.ts';
import { createOutbox } from '../../mail/index.ts';
import type { Database } from '../../store/database/index.ts';
import { createAudit } from '../control-room/audit.ts';
import { Refusal } from '../http/refusal.ts';
import { createPost, type Post } from './post.ts';
import { secondFactorStore } from './second-factor-store.ts';
import { secondFactorLetter } from './security-letters.ts';
import { accountStore } from './store.ts';

interface Parts {
  readonly database: Database;
  readonly clock: { nowUs(): number };
  readonly random: Random;
  readonly post: Post;
  readonly closeSessions: (account: string) => void;
}

/** `by`: a member of staff, null for the command line, which alone may do it for staff. */
export interface ResetWish {
  readonly by: { readonly id: string; readonly role: string } | null;
  readonly email: string;
  readonly reason: string;
}

/**
 * Refuses NOT_FOUND, SECOND_FACTOR_OFF, and FORBIDDEN: an operator resets applicants only, an
 * administrator everybody but themselves.
 */
export function resetSecondFactor(parts: Parts, { by, email, reason }: ResetWish): void {
  const { database, post, closeSessions } = parts;
  const audit = createAudit(parts);
  database.transaction(() => {
    const account = accountStore(database).byEmail(email.trim().toLowerCase());
    if (!account) throw new Refusal('NOT_FOUND');
    const mayReset = by === null || account.role === 'applicant' || by.role === 'admin';
    if (!mayReset || account.id === by?.id) throw new Refusal('FORBIDDEN');
    if (!secondFactorStore(database).remove(account.id)) throw new Refusal('SECOND_FACTOR_OFF');
    closeSessions(account.id);
    post(secondFactorLetter(account, 'reset'));
    const fact = { account: by?.id ?? null, subject: account.id, detail: { reason } };
    audit({ ...fact, action: 'account.second-factor-reset' });
  });
}

/** The same from the command line, beside a running portal: it mails the notice from the outbox. */
export function resetLostSecondFactor(
  parts: Pick<Parts, 'database' | 'clock' | 'random'>,
  wish: Pick<ResetWish, 'email' | 'reason'>,
): void {
  const { database } = parts;
  const post = createPost(createOutbox(parts));
  const closeSessions = (account: string) => {
    database.run(database.build.deleteFrom('sessions').where('account', '=', account));
  };
  resetSecondFactor({ ...parts, post, closeSessions }, { ...wish, by: null });
}

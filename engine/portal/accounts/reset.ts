/**
 * Choosing a new password with a link from one's mailbox.
 *
 * Asking answers the same, after the same work, for every address: one link is written and one
 * mail enqueued, whoever is or is not behind it. Choosing ends all sessions and every other way in
 * that was mailed before. A second factor stays: the mailbox alone does not open an account.
 */
import type { Database } from '../../store/database/index.ts';
import { Refusal } from '../http/refusal.ts';
import type { Sessions } from '../session/index.ts';
import { isEmail } from './checks.ts';
import type { Links } from './links.ts';
import { newHash, type Passwords } from './passwords.ts';
import type { Post } from './post.ts';
import { noAccountLetter, passwordChangedLetter, resetLetter } from './security-letters.ts';
import { type AccountRow, accountStore, isActive } from './store.ts';

export interface PasswordReset {
  /** Refuses EMAIL_INVALID, BUSY. */
  ask(email: string, language: 'it' | 'en'): void;
  /** The same for an account that is known, within a transaction. */
  mailTo(account: AccountRow): void;
  /** Refuses LINK_INVALID, PASSWORD_WEAK. */
  choose(token: string, password: string): Promise<{ email: string }>;
}

export interface ResetParts {
  readonly database: Database;
  readonly links: Links;
  readonly sessions: Sessions;
  readonly passwords: Passwords;
  readonly post: Post;
  readonly publicUrl: () => string;
  readonly lifeMs: number;
}

const MS_A_MINUTE = 60_000;

export function createPasswordReset(parts: ResetParts): PasswordReset {
  const { database, links, sessions, passwords, post, publicUrl, lifeMs } = parts;
  const store = accountStore(database);
  const minutes = Math.round(lifeMs / MS_A_MINUTE);
  const mailTo = (account: AccountRow) => {
    links.drop(account.id, 'reset');
    const token = links.add({ account: account.id, purpose: 'reset', lifeMs });
    post(resetLetter(account, `${publicUrl()}/reset?token=${token}`, minutes));
  };
  return {
    mailTo,
    ask: (named, language) => {
      const email = named.trim().toLowerCase();
      if (!isEmail(email) && !store.byEmail(email)) throw new Refusal('EMAIL_INVALID');
      database.transaction(() => {
        const account = store.byEmail(email);
        if (account && isActive(account)) mailTo(account);
        else {
          links.add({ account: null, purpose: 'reset', lifeMs });
          post(noAccountLetter({ email, language }, publicUrl()));
        }
      });
    },
    choose: async (token, password) => {
      const account = accountOf(store, links.find(token, 'reset')?.account);
      const passwordHash = await newHash(passwords, password, { email: account.email });
      return database.transaction(() => {
        if (!links.spend(token, 'reset')) throw new Refusal('LINK_INVALID');
        store.update(account.id, { password_hash: passwordHash, must_change_password: 0 });
        links.drop(account.id, 'reset', 'address');
        sessions.closeAll(account.id);
        post(passwordChangedLetter(account, publicUrl()));
        return { email: account.email };
      });
    },
  };
}

function accountOf(store: ReturnType<typeof accountStore>, id: string | undefined): AccountRow {
  const account = id === undefined ? undefined : store.byId(id);
  if (!account || !isActive(account)) throw new Refusal('LINK_INVALID');
  return account;
}

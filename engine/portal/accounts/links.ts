/**
 * Links that are mailed and open something once: 256 random bits in the mail, their hash here.
 * A link of one purpose opens nothing of another. Beside them stand the older ones of registration
 * and set-up (store.ts).
 */
import { sha256Base64Url } from '../../foundation/digest.ts';
import type { Random } from '../../foundation/random.ts';
import type { AccountLinksTable, Database } from '../../store/database/index.ts';

export type LinkPurpose = 'reset' | 'address' | 'address-undo' | 'keep';

export interface NewLink {
  /** Null: a row like another, whose token nobody gets. */
  readonly account: string | null;
  readonly purpose: LinkPurpose;
  readonly email?: string;
  readonly lifeMs: number;
}

/** A link that was opened; it is spent. */
export interface SpentLink extends AccountLinksTable {
  account: string;
}

export interface Links {
  /** Writes it and gives the token. */
  add(link: NewLink): string;
  spend(token: string, purpose: LinkPurpose): SpentLink | undefined;
  /** The same without spending: for what needs a password typed first. */
  find(token: string, purpose: LinkPurpose): SpentLink | undefined;
  /** Drops an account's links of these purposes. */
  drop(account: string, ...purposes: readonly LinkPurpose[]): void;
  sweep(): void;
}

const TOKEN_BYTES = 32;
const US_A_MS = 1000;

interface Parts {
  readonly database: Database;
  readonly clock: { nowUs(): number };
  readonly random: Random;
}

/** The links in the table `account_links`. */
export function createLinks({ database, clock, random }: Parts): Links {
  const { build, first, run } = database;
  const live = (token: string, purpose: LinkPurpose) =>
    first(
      build
        .selectFrom('account_links')
        .selectAll()
        .where('token_hash', '=', sha256Base64Url(token))
        .where('purpose', '=', purpose)
        .where('account', 'is not', null)
        .where('expires_at_us', '>', clock.nowUs()),
    ) as SpentLink | undefined;
  return {
    add: ({ account, purpose, email, lifeMs }) => {
      const token = random.bytes(TOKEN_BYTES).toString('base64url');
      const nowUs = clock.nowUs();
      const row = {
        token_hash: sha256Base64Url(token),
        account,
        purpose,
        email: email ?? null,
        created_at_us: nowUs,
        expires_at_us: nowUs + lifeMs * US_A_MS,
      };
      run(build.insertInto('account_links').values(row));
      return token;
    },
    spend: (token, purpose) => {
      const link = live(token, purpose);
      if (link) run(build.deleteFrom('account_links').where('token_hash', '=', link.token_hash));
      return link;
    },
    find: live,
    drop: (account, ...purposes) => {
      const own = build.deleteFrom('account_links').where('account', '=', account);
      run(own.where('purpose', 'in', purposes));
    },
    sweep: () =>
      void run(build.deleteFrom('account_links').where('expires_at_us', '<=', clock.nowUs())),
  };
}

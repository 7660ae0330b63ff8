/** Accounts and their one-time tokens in the database. No rules here, only rows. */
import { sha256Base64Url } from '../../foundation/digest.ts';
import type { AccountsTable, Database, MembershipColumns } from '../../store/database/index.ts';

export type AccountRow = AccountsTable;
/** Without the columns of a membership it is a private person's or staff's. */
export type NewAccountRow = Omit<AccountRow, keyof MembershipColumns> & Partial<MembershipColumns>;
export type TokenPurpose = 'confirm' | 'setup';

/** A token in somebody's mail: 256 random bits, only its hash is stored. */
export interface NewToken {
  readonly token: string;
  readonly account: string;
  readonly purpose: TokenPurpose;
  readonly expiresAtUs: number;
}

export interface AccountStore {
  byEmail(email: string): AccountRow | undefined;
  byId(id: string): AccountRow | undefined;
  insert(row: NewAccountRow): void;
  /** With everything that hangs on it; only for one that holds no application. */
  update(id: string, values: Partial<AccountRow>): void;
  /** One that has no applications. */
  remove(id: string): void;
  /** Replaces the account's tokens of that purpose. */
  setToken(token: NewToken): void;
  /** The account a live token belongs to; the token is spent. */
  spendToken(token: string, purpose: TokenPurpose, nowUs: number): AccountRow | undefined;
  hasAdministrator(): boolean;
  count(): number;
  /** Drops expired tokens, and private accounts never confirmed and older than `beforeUs`. */
  sweep(nowUs: number, beforeUs: number): void;
}

/** Whether somebody may log in with it at all: confirmed, and not deactivated. */
export function isActive(row: AccountRow): boolean {
  return row.confirmed_at_us !== null && row.deactivated_at_us === null;
}

/** The accounts in `database`. */
export function accountStore(database: Database): AccountStore {
  const { build } = database;
  const accounts = () => build.selectFrom('accounts').selectAll();
  const tokens = () => build.deleteFrom('tokens');
  return {
    byEmail: (email) => database.first(accounts().where('email', '=', email)),
    byId: (id) => database.first(accounts().where('id', '=', id)),
    insert: (row) => void database.run(build.insertInto('accounts').values(row)),
    update: (id, values) =>
      void database.run(build.updateTable('accounts').set(values).where('id', '=', id)),
    remove: (id) => void database.run(build.deleteFrom('accounts').where('id', '=', id)),
    setToken: ({ token, account, purpose, expiresAtUs }) => {
      database.run(tokens().where('account', '=', account).where('purpose', '=', purpose));
      const row = { token_hash: sha256Base64Url(token), account, purpose };
      database.run(build.insertInto('tokens').values({ ...row, expires_at_us: expiresAtUs }));
    },
    spendToken: (token, purpose, nowUs) => {
      const spent = database.first(
        tokens()
          .where('token_hash', '=', sha256Base64Url(token))
          .where('purpose', '=', purpose)
          .where('expires_at_us', '>', nowUs)
          .returning('account'),
      );
      return spent && database.first(accounts().where('id', '=', spent.account));
    },
    hasAdministrator: () =>
      database.first(
        accounts().where('role', '=', 'admin').where('confirmed_at_us', 'is not', null).limit(1),
      ) !== undefined,
    count: () =>
      database.first(
        build.selectFrom('accounts').select((count) => count.fn.countAll<number>().as('count')),
      )?.count ?? 0,
    sweep: (nowUs, beforeUs) => {
      database.run(tokens().where('expires_at_us', '<=', nowUs));
      database.run(
        build
          .deleteFrom('accounts')
          .where('confirmed_at_us', 'is', null)
          .where('role', '=', 'applicant')
          .where('organisation', 'is', null)
          .where('created_at_us', '<', beforeUs),
      );
    },
  };
}

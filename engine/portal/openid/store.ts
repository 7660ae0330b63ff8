/** Linked identities, and which sessions came from a provider. No rules here, only rows. */
import { sha256Base64Url } from '../../foundation/digest.ts';
import type { AccountsTable, Database, OpenIdIdentitiesTable } from '../../store/database/index.ts';

export interface OpenIdStore {
  accountOf(issuer: string, subject: string): AccountsTable | undefined;
  identityOf(account: string, issuer: string): OpenIdIdentitiesTable | undefined;
  link(row: OpenIdIdentitiesTable): void;
  /** False when there was nothing to unlink. */
  unlink(account: string, issuer: string): boolean;
  used(issuer: string, subject: string, nowUs: number): void;
  /** Remembers that the provider opened this session. */
  keepSession(token: string, idToken: string | null): void;
  /** The ID token the session came with; undefined when no provider opened it. */
  sessionOf(token: string): { readonly id_token: string | null } | undefined;
  /** Ends the account's sessions that a provider opened, but for `keep`. */
  endSessions(account: string, keep: string): void;
}

/** The identities in `database`. */
export function openIdStore(database: Database): OpenIdStore {
  const { build } = database;
  const identities = () => build.selectFrom('openid_identities');
  return {
    accountOf: (issuer, subject) =>
      database.first(
        identities()
          .innerJoin('accounts', 'accounts.id', 'openid_identities.account')
          .selectAll('accounts')
          .where('issuer', '=', issuer)
          .where('subject', '=', subject),
      ),
    identityOf: (account, issuer) =>
      database.first(
        identities().selectAll().where('account', '=', account).where('issuer', '=', issuer),
      ),
    link: (row) => void database.run(build.insertInto('openid_identities').values(row)),
    unlink: (account, issuer) =>
      database.run(
        build
          .deleteFrom('openid_identities')
          .where('account', '=', account)
          .where('issuer', '=', issuer),
      ) > 0,
    used: (issuer, subject, nowUs) =>
      void database.run(
        build
          .updateTable('openid_identities')
          .set({ last_used_at_us: nowUs })
          .where('issuer', '=', issuer)
          .where('subject', '=', subject),
      ),
    keepSession: (token, idToken) => {
      const row = { token_hash: sha256Base64Url(token), id_token: idToken };
      database.run(build.insertInto('openid_sessions').values(row));
    },
    sessionOf: (token) =>
      database.first(
        build
          .selectFrom('openid_sessions')
          .select('id_token')
          .where('token_hash', '=', sha256Base64Url(token)),
      ),
    endSessions: (account, keep) => {
      const opened = build.selectFrom('openid_sessions').select('token_hash');
      database.run(
        build
          .deleteFrom('sessions')
          .where('account', '=', account)
          .where('token_hash', 'in', opened)
          .where('token_hash', '!=', sha256Base64Url(keep)),
      );
    },
  };
}

/**
 * Sessions: a random 256-bit token in the caller's hand, its SHA-256 in the database, so that a
 * stolen database opens no session. A session ends by itself, by logging out, and when the password
 * changes. An account has at most 20; the oldest gives way.
 */

import { sha256Base64Url } from '../../foundation/digest.ts';
import type { Random } from '../../foundation/random.ts';
import type { AccountsTable, Database } from '../../store/database/index.ts';

export type SessionKind = 'cookie' | 'bearer';

export interface OpenedSession {
  readonly token: string;
  readonly expiresAtUs: number;
}

export interface Sessions {
  /** Lasts as long as its kind does, and until `lastsUntilUs` when that is later. */
  open(account: string, kind: SessionKind, options?: { lastsUntilUs: number }): OpenedSession;
  /** The account of a live session of that kind, undefined for anything else. */
  resolve(token: string, kind: SessionKind): AccountsTable | undefined;
  /** When a session ends by itself, µs; 0 when there is no such session. */
  liveUntilUs(token: string): number;
  close(token: string): void;
  /** Ends every session of an account except `keep`. */
  closeAll(account: string, options?: { keep?: string | undefined }): void;
  /** Drops what has expired. */
  sweep(): void;
}

const TOKEN_BYTES = 32;
const TOKEN_SHAPE = /^[\w-]{43}$/;
const SESSIONS_MAX = 20;
const US_A_MS = 1000;

interface Parts {
  readonly database: Database;
  readonly clock: { nowUs(): number };
  readonly random: Random;
  readonly durations: Readonly<Record<SessionKind, number>>;
}

/** The sessions in the table `sessions`; `durations` in milliseconds. */
export function createSessions({ database, clock, random, durations }: Parts): Sessions {
  const { build } = database;
  const remove = () => build.deleteFrom('sessions');
  const makeRoom = (account: string) => {
    const kept = build
      .selectFrom('sessions')
      .select('token_hash')
      .where('account', '=', account)
      .orderBy('created_at_us', 'desc')
      .limit(SESSIONS_MAX - 1);
    database.run(remove().where('account', '=', account).where('token_hash', 'not in', kept));
  };
  return {
    open: (account, kind, options) => {
      const token = random.bytes(TOKEN_BYTES).toString('base64url');
      const createdAtUs = clock.nowUs();
      const ownUs = createdAtUs + durations[kind] * US_A_MS;
      const expiresAtUs = Math.max(ownUs, options?.lastsUntilUs ?? 0);
      database.transaction(() => {
        makeRoom(account);
        const row = {
          token_hash: sha256Base64Url(token),
          account,
          kind,
          created_at_us: createdAtUs,
          expires_at_us: expiresAtUs,
        };
        database.run(build.insertInto('sessions').values(row));
      });
      return { token, expiresAtUs };
    },
    resolve: (token, kind) => {
      if (!TOKEN_SHAPE.test(token)) return undefined;
      return database.first(
        build
          .selectFrom('sessions')
          .innerJoin('accounts', 'accounts.id', 'sessions.account')
          .selectAll('accounts')
          .where('token_hash', '=', sha256Base64Url(token))
          .where('kind', '=', kind)
          .where('expires_at_us', '>', clock.nowUs())
          .where('deactivated_at_us', 'is', null),
      );
    },
    liveUntilUs: (token) => {
      const query = build.selectFrom('sessions').select('expires_at_us');
      const hash = sha256Base64Url(token);
      return database.first(query.where('token_hash', '=', hash))?.expires_at_us ?? 0;
    },
    close: (token) => {
      database.run(remove().where('token_hash', '=', sha256Base64Url(token)));
    },
    closeAll: (account, options) => {
      const all = remove().where('account', '=', account);
      const keep = options?.keep;
      const query = keep ? all.where('token_hash', '!=', sha256Base64Url(keep)) : all;
      database.run(query);
    },
    sweep: () => {
      database.run(remove().where('expires_at_us', '<=', clock.nowUs()));
    },
  };
}

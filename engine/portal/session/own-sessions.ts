/**
 * The sessions of an account as its owner sees them, to find one that is not theirs and end it.
 * A session is named by a hash of its token's hash: neither opens anything.
 *
 * When a session was last used is noted in memory and written a few hundred at a time, each at most
 * every ten minutes: a crowd that reloads must not make the disk work. A crash forgets minutes.
 */
import type { SessionLine } from '#protocol/accounts-api.ts';
import { isoFromUs } from '#protocol/time.ts';
import { sha256Base64Url } from '../../foundation/digest.ts';
import type { Database } from '../../store/database/index.ts';
import { deviceOf } from './device.ts';

export interface OwnSessions {
  /** After a session was opened. */
  note(token: string, userAgent: string | undefined): void;
  /** The session was used. Cheap: a hash and a look-up. */
  seen(token: string): void;
  /** Newest first; `token` is the one that asks. */
  list(account: string, token: string): SessionLine[];
  /** False when the account has no such session. */
  end(account: string, id: string): boolean;
  /** Writes some of what was noted; call it every few seconds. */
  flush(): void;
}

const SEEN_EVERY_US = 10 * 60_000_000;
const WRITTEN_MAX = 500;
const NOTED_MAX = 200_000;
const ID_LENGTH = 22;

interface Parts {
  readonly database: Database;
  readonly clock: { nowUs(): number };
}

export function createOwnSessions({ database, clock }: Parts): OwnSessions {
  const { build, all, run } = database;
  const noted = new Map<string, number>();
  const waiting = new Map<string, number>();
  const idOf = (tokenHash: string) => sha256Base64Url(tokenHash).slice(0, ID_LENGTH);
  const own = (account: string) => build.selectFrom('sessions').where('account', '=', account);
  const write = (tokenHash: string, seenAtUs: number) => {
    const change = build.updateTable('session_facts').set({ seen_at_us: seenAtUs });
    run(change.where('token_hash', '=', tokenHash));
  };
  return {
    note: (token, userAgent) => {
      const row = { token_hash: sha256Base64Url(token), ...deviceOf(userAgent) };
      const values = { ...row, seen_at_us: clock.nowUs() };
      run(build.insertInto('session_facts').values(values));
    },
    seen: (token) => {
      const tokenHash = sha256Base64Url(token);
      const nowUs = clock.nowUs();
      if (nowUs - (noted.get(tokenHash) ?? 0) < SEEN_EVERY_US) return;
      if (noted.size >= NOTED_MAX) noted.clear();
      noted.set(tokenHash, nowUs);
      if (waiting.size < NOTED_MAX) waiting.set(tokenHash, nowUs);
    },
    list: (account, token) => {
      const current = sha256Base64Url(token);
      const rows = all(
        own(account)
          .leftJoin('session_facts as f', 'f.token_hash', 'sessions.token_hash')
          .select(['sessions.token_hash', 'kind', 'created_at_us', 'expires_at_us'])
          .select(['browser', 'system', 'seen_at_us'])
          .where('expires_at_us', '>', clock.nowUs())
          .orderBy('created_at_us', 'desc'),
      );
      return rows.map((row) => {
        const seenAtUs = Math.max(row.seen_at_us ?? 0, noted.get(row.token_hash) ?? 0);
        return {
          id: idOf(row.token_hash),
          kind: row.kind as SessionLine['kind'],
          browser: row.browser ?? '',
          system: row.system ?? '',
          openedAt: isoFromUs(row.created_at_us),
          seenAt: seenAtUs === 0 ? null : isoFromUs(seenAtUs),
          expiresAt: isoFromUs(row.expires_at_us),
          isThis: row.token_hash === current,
        };
      });
    },
    end: (account, id) => {
      const hashes = all(own(account).select('token_hash')).map((row) => row.token_hash);
      const found = hashes.find((hash) => idOf(hash) === id);
      if (found === undefined) return false;
      return run(build.deleteFrom('sessions').where('token_hash', '=', found)) > 0;
    },
    flush: () => {
      if (waiting.size === 0) return;
      database.transaction(() => {
        let written = 0;
        for (const [tokenHash, seenAtUs] of waiting) {
          if (written === WRITTEN_MAX) break;
          write(tokenHash, seenAtUs);
          waiting.delete(tokenHash);
          written += 1;
        }
      });
    },
  };
}

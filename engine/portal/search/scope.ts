/**
 * Whose applications a caller may find. Applicants, members and staff: what they reach
 * (applications/reach.ts), the same condition over the table of the search. Of earlier years,
 * where nobody had an account here: what was sent by the address that the caller has confirmed,
 * theirs alone. An office: what was sent to it.
 */
import type { AccountsTable, Database } from '../../store/database/index.ts';
import { deedsOf, reached } from '../applications/reach.ts';
import { Refusal } from '../http/refusal.ts';
import type { Scope } from './query.ts';

/**
 * `by`: only those that the caller began. Refuses FORBIDDEN whoever may read nothing, and an office
 * account that names no office.
 */
export function scopeOf({ build }: Database, account: AccountsTable, by?: 'me'): Scope {
  const { role, office, email } = account;
  if (role === 'office' && office !== null) return { kind: 'office', office };
  if (!deedsOf(account).includes('read')) throw new Refusal('FORBIDDEN');
  if (role !== 'applicant') return { kind: 'all' };
  const within = build.selectFrom('search').select('n').where(reached(account, 'search'));
  const query = (by === 'me' ? within.where('account', '=', account.id) : within).compile();
  return {
    ...{ kind: 'own', sql: query.sql, values: query.parameters as readonly string[] },
    sender: email,
  };
}

/** Staff sees the data of others: what it looks at is audited. */
export function isStaff({ role }: AccountsTable): boolean {
  return role !== 'applicant';
}

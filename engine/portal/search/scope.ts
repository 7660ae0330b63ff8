/**
 * Whose applications a caller may find. Applicants, members and staff: what they reach
 * (applications/reach.ts), the same condition over the table of the search. An office: what was
 * sent to it. Of earlier years, when nobody had an account here:
 *
 *   carries an organisation's tax code   the members of the organisation of that code, whatever
 *                                        their role; nobody by its address
 *   carries none                         who has confirmed the address it was sent by, alone
 */
import type { By } from '#protocol/search-api.ts';
import type { AccountsTable, Database } from '../../store/database/index.ts';
import { deedsOf, reached } from '../applications/reach.ts';
import { Refusal } from '../http/refusal.ts';
import type { Scope } from './query.ts';

/**
 * `by`: only those that the caller began, or a member's private ones. Refuses FORBIDDEN whoever
 * may read nothing, and an office account that names no office.
 */
export function scopeOf(database: Database, account: AccountsTable, by?: By): Scope {
  const { role, office } = account;
  if (role === 'office' && office !== null) return { kind: 'office', office };
  if (!deedsOf(account).includes('read')) throw new Refusal('FORBIDDEN');
  if (role !== 'applicant') return { kind: 'all' };
  const whose = by === 'private' ? by : undefined;
  const rows = database.build.selectFrom('search').select('n');
  const within = rows.where(reached(account, 'search', whose));
  const query = by === 'me' ? within.where('account', '=', account.id) : within;
  const ours = by !== undefined ? [] : earlierOfOrganisation(database, account);
  const mine = 'SELECT n FROM search WHERE sender = ? AND sender_code IS NULL';
  const earlier = [{ sql: mine, values: [account.email] }, ...ours];
  return { kind: 'own', reached: rowsQuery(query), earlier };
}

/** An operator has checked the tax code when the organisation was registered. */
function earlierOfOrganisation({ build, first }: Database, { organisation }: AccountsTable) {
  if (organisation === null) return [];
  const codes = build.selectFrom('organisations').select('tax_code').where('id', '=', organisation);
  const code = first(codes)?.tax_code;
  const sent = 'SELECT n FROM search WHERE sender_code = ?';
  return code === undefined ? [] : [{ sql: sent, values: [code] }];
}

function rowsQuery(query: { compile(): { sql: string; parameters: readonly unknown[] } }) {
  const { sql, parameters } = query.compile();
  return { sql, values: parameters as readonly string[] };
}

/** Staff sees the data of others: what it looks at is audited. */
export function isStaff({ role }: AccountsTable): boolean {
  return role !== 'applicant';
}

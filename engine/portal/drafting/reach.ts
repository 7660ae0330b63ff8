import type { AccountsTable, ApplicationsTable, Database } from '../../store/database/index.ts';
import { sql } from '../../store/database/index.ts';
import { Refusal } from '../http/refusal.ts';

export type Deed = 'read' | 'prepare' | 'send' | 'manage';
export function requireReached(
  { build, first }: Database,
  caller: AccountsTable,
  { id }: { readonly id: string; readonly deed: Deed },
): ApplicationsTable {
  const row = first(
    build
      .selectFrom('applications')
      .selectAll()
      .where('id', '=', id)
      .where('account', '=', caller.id),
  );
  if (!row) throw new Refusal('NOT_FOUND');
  return row;
}
export function reached(caller: AccountsTable, table = 'applications') {
  return sql<boolean>`${sql.ref(`${table}.account`)} = ${caller.id}`;
}

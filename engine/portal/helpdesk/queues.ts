/** What waits in each queue, from the counts that triggers keep: it costs the same on any day. */
import { BREACHED_COUNT_MAX, type DeskQueues } from '#protocol/desk-api.ts';
import type { Database, TicketCountsTable } from '../../store/database/index.ts';

export function queuesOf(database: Database, caller: string, nowUs: number): DeskQueues {
  const { build, all, first } = database;
  const rows = all(
    build.selectFrom('ticket_counts').selectAll().where('side', 'in', ['desk', 'user']),
  );
  const open = rows.filter(({ side }) => side === 'desk');
  const sum = (some: readonly TicketCountsTable[]) =>
    some.reduce((total, { count }) => total + count, 0);
  const late = build
    .selectFrom('tickets')
    .select('id')
    .where('side', '=', 'desk')
    .where('due_us', '<', nowUs)
    .limit(BREACHED_COUNT_MAX);
  const breached = first(
    build.selectFrom(late.as('late')).select((e) => e.fn.countAll<number>().as('count')),
  );
  return {
    mine: sum(rows.filter(({ assignee }) => assignee === caller)),
    unassigned: sum(open.filter(({ assignee }) => assignee === '')),
    open: sum(open),
    waiting: sum(rows.filter(({ side }) => side === 'user')),
    breached: breached?.count ?? 0,
    byKind: summed(open, 'kind'),
    byTeam: summed(open, 'team'),
    byLanguage: summed(open, 'language'),
  };
}

/** Without what there is none of. */
function summed(
  rows: readonly TicketCountsTable[],
  by: 'kind' | 'team' | 'language',
): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const row of rows) {
    if (row[by] !== '' && row.count > 0) sums[row[by]] = (sums[row[by]] ?? 0) + row.count;
  }
  return sums;
}

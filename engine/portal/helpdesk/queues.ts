/**
 * What waits in each queue, from the counts that triggers keep, less what is postponed: it costs
 * the same on any day.
 */
import { BREACHED_COUNT_MAX, type DeskQueues } from '#protocol/desk-api.ts';
import type { Database, TicketCountsTable } from '../../store/database/index.ts';
import { mentionStore } from './mentions.ts';
import { postponedTickets } from './postponing.ts';

export function queuesOf(database: Database, caller: string, nowUs: number): DeskQueues {
  const { build, all, first } = database;
  const counted = all(
    build.selectFrom('ticket_counts').selectAll().where('side', 'in', ['desk', 'user']),
  );
  const postponed = postponedTickets(database);
  const rows: TicketCountsTable[] = [
    ...counted,
    ...postponed.map(({ team, assignee, ...row }) => {
      return { ...row, team: team ?? '', assignee: assignee ?? '', count: -1 };
    }),
  ];
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
    postponed: postponed.length,
    mentioned: mentionStore(database).count(caller),
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
    if (row[by] !== '') sums[row[by]] = (sums[row[by]] ?? 0) + row.count;
  }
  return Object.fromEntries(Object.entries(sums).filter(([, count]) => count > 0));
}

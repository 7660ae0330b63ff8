/**
 * The hours have changed: the dues of every open ticket are reckoned anew. Only the two columns
 * change, not the version: what an operator has on the screen is no older by it.
 */
import type { Database } from '../../../store/database/index.ts';
import type { DeskClocks } from '../hours/desk-clocks.ts';
import type { JobKind, Piece } from './runner.ts';

/** Of every open ticket by its side and id, as the index has them. */
const SIDES = ['desk', 'user'] as const;

interface Item extends Piece {
  readonly ticket: string;
}

export function renewalJob(database: Database, clocks: Pick<DeskClocks, 'renewed'>): JobKind<Item> {
  const { build } = database;
  const after = (side: (typeof SIDES)[number], id: string, limit: number) => {
    const open = build.selectFrom('tickets').select('id').where('side', '=', side);
    const rows = database.all(open.where('id', '>', id).orderBy('id').limit(limit));
    return rows.map((row) => ({ key: `${side} ${row.id}`, ticket: row.id }));
  };
  return {
    items: ({ cursor }, limit) => {
      const [side, id = ''] = cursor === '' ? ['desk', ''] : cursor.split(' ');
      if (side === 'user') return after('user', id, limit);
      const desk = after('desk', id, limit);
      return desk.length > 0 ? desk : after('user', '', limit);
    },
    perform: (_job, { ticket }) => {
      const row = database.first(build.selectFrom('tickets').selectAll().where('id', '=', ticket));
      if (row === undefined) return false;
      const dues = clocks.renewed(row);
      const isSame =
        dues.first_response_due_us === row.first_response_due_us &&
        dues.solution_due_us === row.solution_due_us;
      if (isSame) return false;
      database.run(build.updateTable('tickets').set(dues).where('id', '=', ticket));
      return true;
    },
  };
}

/** Rehearsal windows in the database. No rules here, only rows. */
import type { Database, RehearsalWindowsTable } from '../../store/database/index.ts';

/** A window as rooms handle it. Instants are integer microseconds. */
export interface RehearsalFacts {
  readonly id: string;
  readonly opensAtUs: number;
  readonly closesAtUs: number;
  readonly suspended: boolean;
}

export interface RehearsalStore {
  /** In the order in which they open; those that closed before `closedBeforeUs` left out. */
  all(closedBeforeUs: number): RehearsalFacts[];
  byId(id: string): RehearsalFacts | undefined;
  insert(window: RehearsalFacts, nowUs: number): void;
  update(window: RehearsalFacts, nowUs: number): void;
  remove(id: string): void;
}

/** The windows in `database`. */
export function rehearsalStore({ build, ...database }: Database): RehearsalStore {
  const windows = () => build.selectFrom('rehearsal_windows').selectAll();
  return {
    all: (closedBeforeUs) =>
      database
        .all(
          windows()
            .where('closes_at_us', '>=', closedBeforeUs)
            .orderBy('opens_at_us')
            .orderBy('id'),
        )
        .map(factsOf),
    byId: (id) => {
      const row = database.first(windows().where('id', '=', id));
      return row && factsOf(row);
    },
    insert: (window, nowUs) =>
      void database.run(build.insertInto('rehearsal_windows').values(rowOf(window, nowUs))),
    update: (window, nowUs) => {
      const { id, ...values } = rowOf(window, nowUs);
      database.run(build.updateTable('rehearsal_windows').set(values).where('id', '=', id));
    },
    remove: (id) => void database.run(build.deleteFrom('rehearsal_windows').where('id', '=', id)),
  };
}

function factsOf(row: RehearsalWindowsTable): RehearsalFacts {
  return {
    id: row.id,
    opensAtUs: row.opens_at_us,
    closesAtUs: row.closes_at_us,
    suspended: row.suspended === 1,
  };
}

function rowOf(window: RehearsalFacts, nowUs: number): RehearsalWindowsTable {
  return {
    id: window.id,
    opens_at_us: window.opensAtUs,
    closes_at_us: window.closesAtUs,
    suspended: window.suspended ? 1 : 0,
    updated_at_us: nowUs,
  };
}

/**
 * Imports, their files and their rows in the database. Every look-up for a caller names the
 * organisation. Whatever could touch thousands of rows does so in pieces, and says how many.
 */
import {
  type Database,
  type ImportRowsTable,
  type ImportsTable,
  sql,
} from '../../store/database/index.ts';

export type ImportRow = ImportsTable;
export type ImportedRow = ImportRowsTable;

export interface RowCount {
  readonly state: string;
  readonly has_findings: number;
  readonly count: number;
}

const JOBS = ['checking', 'taking', 'undoing', 'removing'];
const PIECES_AT_ONCE = 4;

export type ImportStore = ReturnType<typeof importStore>;

/** The imports in `database`. */
export function importStore(database: Database) {
  const { build, all, first, run } = database;
  const imports = () => build.selectFrom('imports').selectAll();
  return {
    ofOrganisation: (organisation: string, id: string): ImportRow | undefined =>
      first(shown(imports()).where('id', '=', id).where('organisation', '=', organisation)),
    /** Newest first. */
    listOf: (organisation: string, limit: number): ImportRow[] =>
      all(
        shown(imports())
          .where('organisation', '=', organisation)
          .orderBy('id', 'desc')
          .limit(limit),
      ),
    isBusy: (organisation: string): boolean =>
      first(
        imports()
          .where('organisation', '=', organisation)
          .where('state', 'in', ['uploading', 'checking', 'taking', 'undoing']),
      ) !== undefined,
    /** The job that has waited longest. */
    nextJob: (): ImportRow | undefined =>
      first(imports().where('state', 'in', JOBS).orderBy('updated_at_us').orderBy('id')),
    insert: (row: ImportRow) => void run(build.insertInto('imports').values(row)),
    update: (id: string, values: Partial<ImportRow>) =>
      void run(build.updateTable('imports').set(values).where('id', '=', id)),
    remove: (id: string) => void run(build.deleteFrom('imports').where('id', '=', id)),
    /** Uploads that a stop of the portal has cut off. */
    markCutOff: () =>
      void run(
        build.updateTable('imports').set({ state: 'removing' }).where('state', '=', 'uploading'),
      ),
    ...pieces(database),
    ...rows(database),
  };

  function shown<Query extends ReturnType<typeof imports>>(query: Query): Query {
    return query.where('state', 'not in', ['uploading', 'removing']) as Query;
  }
}

/** The file as it came. */
function pieces({ build, all, run }: Database) {
  return {
    addPiece: (id: string, number: number, bytes: Uint8Array) =>
      void run(build.insertInto('import_pieces').values({ import: id, number, bytes })),
    file: (id: string): Buffer => {
      const query = build.selectFrom('import_pieces').select('bytes').where('import', '=', id);
      return Buffer.concat(all(query.orderBy('number')).map(({ bytes }) => bytes));
    },
    dropSomePieces: (id: string): number =>
      run(
        build
          .deleteFrom('import_pieces')
          .where('import', '=', id)
          .where('number', 'in', (some) =>
            some
              .selectFrom('import_pieces')
              .select('number')
              .where('import', '=', id)
              .orderBy('number')
              .limit(PIECES_AT_ONCE),
          ),
      ),
  };
}

function rows({ build, all, run }: Database) {
  const of = (id: string) => build.selectFrom('import_rows').selectAll().where('import', '=', id);
  return {
    insertRows: (added: readonly ImportedRow[]) =>
      void run(build.insertInto('import_rows').values([...added])),
    updateRow: (id: string, number: number, values: Partial<ImportedRow>) => {
      const change = build.updateTable('import_rows').set(values);
      run(change.where('import', '=', id).where('number', '=', number));
    },
    /** Rows after `after` in these states: not those before again, each time longer ones. */
    rowsIn: (
      id: string,
      states: readonly string[],
      { after, limit }: { after: number; limit: number },
    ): ImportedRow[] =>
      all(
        of(id)
          .where('number', '>', after)
          .where('state', 'in', [...states])
          .orderBy('number')
          .limit(limit),
      ),
    /** Rows after `after` that have something said about them. */
    foundRows: (id: string, after: number, limit: number): ImportedRow[] =>
      all(
        of(id)
          .where('has_findings', '=', 1)
          .where('number', '>', after)
          .orderBy('number')
          .limit(limit),
      ),
    rowCounts: (id: string): RowCount[] =>
      all(
        build
          .selectFrom('import_rows')
          .select(['state', 'has_findings', sql<number>`count(*)`.as('count')])
          .where('import', '=', id)
          .groupBy(['state', 'has_findings']),
      ),
    dropSomeRows: (id: string, limit: number): number =>
      run(
        build
          .deleteFrom('import_rows')
          .where('import', '=', id)
          .where('number', 'in', (some) =>
            some.selectFrom('import_rows').select('number').where('import', '=', id).limit(limit),
          ),
      ),
  };
}

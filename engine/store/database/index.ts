/**
 * The portal's database: one SQLite file, one writer, on disk when a call returns
 * (`synchronous=FULL` with the write-ahead log syncs every commit).
 *
 * SQLite inside Node answers at once, so this door is synchronous: build a query with `build`, run
 * it with `all`, `first` or `run`. A transaction is a function that does not yield, therefore
 * nothing can come between its statements. Long queries belong to a worker, not here.
 */
import { DatabaseSync } from 'node:sqlite';
import { type Compilable, Kysely } from 'kysely';
import { type Changes, watchChanges } from './changes.ts';
import { type Checkpoints, startCheckpoints } from './checkpoints.ts';
import { nodeSqliteDialect, statementExecutor } from './dialect.ts';
import { migrate } from './migrations.ts';
import { pieceOf } from './piece.ts';
import type { Tables } from './tables.ts';
import { mergeTextIndexes } from './text-merges.ts';

/** For the rare condition that the builder has no word for. */
export { CompiledQuery, sql } from 'kysely';
export { type AttachedFiles, readAttachedFiles } from './attached-files.ts';
export type { Change, Changes, Reading } from './changes.ts';
export type { Checkpoints } from './checkpoints.ts';
export { checkDatabase, copyDatabase } from './copy.ts';
export { type DatabaseFollower, type DatabaseNews, followDatabase } from './follower.ts';
export { type DatabaseReader, openDatabaseReader, type Value } from './reader.ts';
export { fillSearch } from './steps/search.ts';
export type * from './tables.ts';
export type * from './tables-helpdesk.ts';
export type * from './tables-helpdesk-tools.ts';
export type * from './tables-openid.ts';
export type * from './tables-rehearsals.ts';
export type * from './tables-ui.ts';

export interface Database {
  /** Its file, for a reader in a thread (`openDatabaseReader`). */
  readonly path: string;
  /** The query builder; its own `execute()` works for single statements. */
  readonly build: Kysely<Tables>;
  /** Every row of a query. */
  all<Row>(query: Compilable<Row>): Row[];
  /** The first row, undefined when there is none. */
  first<Row>(query: Compilable<Row>): Row | undefined;
  /** Runs a statement; how many rows it changed. */
  run(query: Compilable): number;
  /** All or nothing. `work` must not await. Within another transaction it joins that one. */
  transaction<Result>(work: () => Result): Result;
  /**
   * A transaction of long work, of which each piece is done again if the machine dies: the disk is
   * waited for beside the event loop, and the promise is kept when it has it. Whoever commits
   * meanwhile brings it to the disk with their own. Not within a transaction.
   */
  piece<Result>(work: () => Result): Promise<Result>;
  /**
   * A part of the open transaction that can fail by itself: when it throws, nothing of it is left,
   * and the rest is as it was. Throws outside of a transaction.
   */
  part<Result>(work: () => Result): Result;
  /**
   * Watches from the first call on what changes; for a process that lives with the database and
   * keeps what it has read. Its full texts are then kept in order piece by piece.
   */
  watch(): Changes;
  /**
   * From now on a thread does what SQLite does within some commit; `failed` is told when it has
   * ended by itself, and SQLite does it again. Ended before `close`.
   */
  checkpointBeside(failed: (error: unknown) => void): Checkpoints;
  close(): void;
}

/** What another process may have of the database: queries. */
export type DatabaseForReading = Pick<Database, 'build' | 'all' | 'first' | 'close'>;

const BUSY_TIMEOUT_MS = 5000;
const PRAGMAS = [
  'PRAGMA journal_mode = WAL',
  'PRAGMA synchronous = FULL',
  'PRAGMA foreign_keys = ON',
  'PRAGMA trusted_schema = OFF',
  'PRAGMA temp_store = MEMORY',
  'PRAGMA cache_size = -32768',
  `PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`,
];

const READING_PRAGMAS = [
  'PRAGMA query_only = ON',
  'PRAGMA trusted_schema = OFF',
  'PRAGMA temp_store = MEMORY',
  `PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`,
];

/** Opens (or makes) the database file at `path` in its newest form. */
export function openDatabase(path: string): Database {
  const connection = new DatabaseSync(path);
  for (const pragma of PRAGMAS) connection.exec(pragma);
  migrate(connection);
  const plain = statementExecutor(connection);
  let execute = plain;
  let watching: ReturnType<typeof watchChanges> | undefined;
  const settle = (isCommitted: boolean) => watching?.settle(isCommitted);
  const all = <Row>(query: Compilable<Row>) => execute(query.compile()).rows as Row[];
  return {
    path,
    build: new Kysely<Tables>({ dialect: nodeSqliteDialect((query) => execute(query)) }),
    all,
    first: (query) => all(query)[0],
    run: (query) => execute(query.compile()).changes,
    transaction: (work) => transact(connection, work, settle),
    piece: (work) =>
      pieceOf(connection, { path, commit: () => transact(connection, work, settle) }),
    part: (work) => partOf(connection, work),
    watch: () => {
      if (watching === undefined) {
        mergeTextIndexes(connection);
        watching = watchChanges(connection);
        execute = watching.wrap(plain);
      }
      return watching.changes;
    },
    checkpointBeside: (failed) => startCheckpoints(connection, { path, failed }),
    close: () => connection.close(),
  };
}

/**
 * Opens the database that another process has open in its newest form, to read what is committed;
 * neither waits for the other. Throws when there is none.
 */
export function openDatabaseForReading(path: string): DatabaseForReading {
  const connection = new DatabaseSync(path, { readOnly: true });
  for (const pragma of READING_PRAGMAS) connection.exec(pragma);
  const execute = statementExecutor(connection);
  const all = <Row>(query: Compilable<Row>) => execute(query.compile()).rows as Row[];
  return {
    build: new Kysely<Tables>({ dialect: nodeSqliteDialect(execute) }),
    all,
    first: (query) => all(query)[0],
    close: () => connection.close(),
  };
}

function transact<Result>(
  connection: DatabaseSync,
  work: () => Result,
  settle: (isCommitted: boolean) => void,
): Result {
  if (connection.isTransaction) return work();
  connection.exec('BEGIN IMMEDIATE');
  let result: Result;
  try {
    result = work();
    if (result instanceof Promise) throw new TypeError('a transaction must not await');
    connection.exec('COMMIT');
  } catch (error) {
    if (connection.isTransaction) connection.exec('ROLLBACK');
    settle(false);
    throw error;
  }
  settle(true);
  return result;
}

function partOf<Result>(connection: DatabaseSync, work: () => Result): Result {
  if (!connection.isTransaction) throw new TypeError('a part of no transaction');
  connection.exec('SAVEPOINT part');
  try {
    return work();
  } catch (error) {
    // Not when SQLite itself has ended the transaction, as for a full disk.
    if (connection.isTransaction) connection.exec('ROLLBACK TO part');
    throw error;
  } finally {
    if (connection.isTransaction) connection.exec('RELEASE part');
  }
}

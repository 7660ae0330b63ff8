/**
 * Kysely's SQLite dialect over `node:sqlite`: the query builder and its types, with a driver of
 * our own. Kysely's transactions span turns of the event loop and are refused here: on one
 * connection another request could slip in between. `Database.transaction` does not yield.
 */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';

const STATEMENTS_MAX = 400;

/** Runs a compiled query and gives its rows; for a statement without rows how many it changed. */
export type Execute = (query: CompiledQuery) => { rows: unknown[]; changes: number };

/** An executor that keeps the statements of `connection` prepared, the least used dropped first. */
export function statementExecutor(connection: DatabaseSync): Execute {
  const prepared = new Map<string, Prepared>();
  const preparedOf = (sql: string): Prepared => {
    const known = prepared.get(sql);
    const one = known ?? prepare(connection, sql);
    if (known) prepared.delete(sql);
    else if (prepared.size >= STATEMENTS_MAX) prepared.delete(prepared.keys().next().value ?? '');
    prepared.set(sql, one);
    return one;
  };
  return ({ sql, parameters }) => {
    const { statement, hasRows } = preparedOf(sql);
    const values = parameters as readonly SQLInputValue[];
    if (hasRows) return { rows: statement.all(...values), changes: 0 };
    return { rows: [], changes: Number(statement.run(...values).changes) };
  };
}

interface Prepared {
  readonly statement: StatementSync;
  readonly hasRows: boolean;
}

function prepare(connection: DatabaseSync, sql: string): Prepared {
  const statement = connection.prepare(sql);
  return { statement, hasRows: statement.columns().length > 0 };
}

/** The dialect to give to `new Kysely`. `execute` must belong to one connection. */
export function nodeSqliteDialect(execute: Execute): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => driverOf(connectionOf(execute)),
    createIntrospector: (database) => new SqliteIntrospector(database),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

function connectionOf(execute: Execute): DatabaseConnection {
  return {
    async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
      const { rows, changes } = execute(query);
      return { rows: rows as R[], numAffectedRows: BigInt(changes) };
    },
    streamQuery: () => {
      throw new Error('streaming is not offered: page with a cursor');
    },
  };
}

function driverOf(connection: DatabaseConnection): Driver {
  const refuse = () => Promise.reject(new Error('use Database.transaction, which does not yield'));
  return {
    init: () => Promise.resolve(),
    acquireConnection: () => Promise.resolve(connection),
    beginTransaction: refuse,
    commitTransaction: refuse,
    rollbackTransaction: refuse,
    releaseConnection: () => Promise.resolve(),
    destroy: () => Promise.resolve(),
  };
}

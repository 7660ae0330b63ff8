/**
 * What of the database has changed, told to whoever keeps something that rests on it.
 *
 *   statement ─► temporary triggers ─► pending ──commit──► listeners
 *                        │                └────rollback──► forgotten
 *                        └► last change of each topic (a commit that fails bumps it for nothing)
 *
 * A topic is whom a row concerns: the id of an account or an organisation. Triggers see every row,
 * whichever statement changed it and also what a foreign key took along, so no room has to say
 * what it wrote. A table of which nothing is known here is one topic as a whole. What another
 * process writes (the command line beside a running portal) is found by `PRAGMA data_version` and
 * counts as a change of everything.
 *
 * Only a process that asks for it (`Database.watch`) pays for the triggers: about 1 µs a row.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { Execute } from './dialect.ts';

/** One row that changed. */
export interface Change {
  readonly table: string;
  /** Whom it concerns; null where the table is one topic. */
  readonly topic: string | null;
  /** The account or application it is, or belongs to; null where the table is one topic. */
  readonly row: string | null;
}

/** What a read rested on. `tables` is null when something it read cannot be watched. */
export interface Reading<Value> {
  readonly value: Value;
  readonly tables: readonly string[] | null;
}

export interface Changes {
  /**
   * Told after each commit of this process what it changed, and null when another process has
   * written. MUST NOT throw or write.
   */
  onCommit(listener: (changes: readonly Change[] | null) => void): () => void;
  /** Looks whether another process has written; every question below does so as well. */
  look(): void;
  /** Notes what `work` reads. It must not await. */
  reading<Value>(work: () => Value): Reading<Value>;
  /** Whether nothing that concerns one of these topics or tables has changed since `at`. */
  isUnchanged(since: {
    readonly at: number;
    readonly topics: readonly string[];
    readonly tables: readonly string[];
  }): boolean;
  /** The count of changes so far; rises with each. */
  count(): number;
}

/** Whose row it is, as SQL over the row `@`; a list, since it may concern several. */
const CONCERNS: Readonly<Record<string, { topics: readonly string[]; row: string }>> = {
  accounts: { topics: ['id', 'organisation'], row: 'id' },
  sessions: { topics: ['account'], row: 'account' },
  applications: { topics: ['account', 'organisation'], row: 'id' },
  search: { topics: ['account', 'organisation'], row: 'id' },
};
/** Tables whose rows belong to an application, by the column that names it. */
const OF_APPLICATION: Readonly<Record<string, string>> = {
  pages: 'application',
  attachments: 'application',
  application_events: 'application',
  application_sameness: 'application',
};

const EVENTS = { INSERT: ['NEW'], UPDATE: ['OLD', 'NEW'], DELETE: ['OLD'] } as const;
/** Topics remembered one by one; beyond that everything counts as changed, and it starts anew. */
const TOPICS_MAX = 200_000;

/** Watches `connection`; `wrap` is to be put around everything that runs statements on it. */
export function watchChanges(connection: DatabaseSync): {
  readonly changes: Changes;
  wrap(execute: Execute): Execute;
  /** A transaction has ended, one way or the other. */
  settle(isCommitted: boolean): void;
} {
  const { watched, namesIn } = installTriggers(connection, note);
  const dataVersion = connection.prepare('PRAGMA data_version');
  const listeners = new Set<(changes: readonly Change[] | null) => void>();
  const last = new Map<string, number>();
  let pending: Change[] = [];
  let count = 0;
  let everythingAt = 0;
  let version = versionNow();
  let read: Set<string> | undefined;

  function versionNow(): number {
    return (dataVersion.get() as { data_version: number }).data_version;
  }

  function note(table: string, topic: string | null, row: string | null): void {
    count += 1;
    if (last.size >= TOPICS_MAX) {
      last.clear();
      everythingAt = count;
    }
    last.set(topic ?? tableTopic(table), count);
    pending.push({ table, topic, row });
  }

  const lookOutside = (): void => {
    const now = versionNow();
    if (now === version) return;
    version = now;
    count += 1;
    everythingAt = count;
    for (const tell of listeners) tell(null);
  };

  const settle = (isCommitted: boolean): void => {
    const settled = pending;
    pending = [];
    if (isCommitted && settled.length > 0) for (const tell of listeners) tell(settled);
  };

  return {
    settle,
    wrap: (execute) => (query) => {
      read?.add(query.sql);
      let isDone = false;
      try {
        const result = execute(query);
        isDone = true;
        return result;
      } finally {
        if (pending.length > 0 && !connection.isTransaction) settle(isDone);
      }
    },
    changes: {
      onCommit: (listener) => {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
      look: lookOutside,
      reading: (work) => {
        lookOutside();
        const outer = read;
        read = new Set();
        try {
          const value = work();
          const tables = [...new Set([...read].flatMap(namesIn))];
          const isWatched = outer === undefined && tables.every((name) => watched.has(name));
          return { value, tables: isWatched ? tables : null };
        } finally {
          read = outer;
        }
      },
      isUnchanged: ({ at, topics, tables }) => {
        lookOutside();
        const isLater = (topic: string) => (last.get(topic) ?? 0) > at;
        if (everythingAt > at || topics.some(isLater)) return false;
        return !tables.some((table) => !isKeyed(table) && isLater(tableTopic(table)));
      },
      count: () => count,
    },
  };
}

const tableTopic = (table: string) => `table ${table}`;
const isKeyed = (table: string) => table in CONCERNS || table in OF_APPLICATION;

interface TableRow {
  readonly schema: string;
  readonly name: string;
  readonly type: string;
}

function installTriggers(
  connection: DatabaseSync,
  note: (table: string, topic: string | null, row: string | null) => void,
) {
  const all = connection.prepare('PRAGMA table_list').all() as unknown as TableRow[];
  const own = all.filter(({ schema, name }) => schema === 'main' && !name.startsWith('sqlite_'));
  const watched = own.filter(({ type }) => type === 'table').map(({ name }) => name);
  connection.function('clickday_changed', (table, topic, row) => {
    note(String(table), topic === null ? null : String(topic), row === null ? null : String(row));
    return null;
  });
  for (const table of watched) {
    for (const [event, rows] of Object.entries(EVENTS)) {
      const body = rows.flatMap((row) => callsFor(connection, table, row)).join('\n');
      connection.exec(
        `CREATE TEMP TRIGGER "changed ${table} ${event}" AFTER ${event} ON main."${table}"
         BEGIN ${body} END`,
      );
    }
  }
  const names = new RegExp(`\\b(${own.map(({ name }) => name).join('|')})\\b`, 'g');
  const known = new Map<string, readonly string[]>();
  const namesIn = (sql: string): readonly string[] => {
    const before = known.get(sql);
    if (before !== undefined) return before;
    const found = [...new Set(sql.match(names))];
    if (known.size >= SENTENCES_MAX) known.clear();
    known.set(sql, found);
    return found;
  };
  return { watched: new Set(watched), namesIn };
}

const SENTENCES_MAX = 1000;

/** The calls a trigger makes for the row `NEW` or `OLD`. */
function callsFor(connection: DatabaseSync, table: string, row: string): string[] {
  const concern = CONCERNS[table];
  const column = OF_APPLICATION[table];
  if (concern !== undefined) {
    return topicsOf(connection, table).map(
      (topic) =>
        `SELECT clickday_changed('${table}', ${row}.${topic}, ${row}.${concern.row})
         WHERE ${row}.${topic} IS NOT NULL;`,
    );
  }
  if (column === undefined) return [`SELECT clickday_changed('${table}', NULL, NULL);`];
  return topicsOf(connection, 'applications').map(
    (topic) =>
      `SELECT clickday_changed('${table}', ${topic}, id) FROM main.applications
       WHERE id = ${row}.${column} AND ${topic} IS NOT NULL;`,
  );
}

/** Those of a table's topics that its present form has a column for. */
function topicsOf(connection: DatabaseSync, table: string): readonly string[] {
  const rows = connection.prepare('SELECT name FROM pragma_table_info(?)').all(table);
  const columns = new Set(rows.map((each) => (each as { name: string }).name));
  return CONCERNS[table]!.topics.filter((topic) => columns.has(topic));
}

/**
 * What the database says of the files of attachments, for who checks them beside a portal that may
 * run: the database is opened to read, one piece after the other.
 */
import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';

/** A file that must be there: attached now, or named by a version. */
export interface AttachedFileRow {
  readonly id: string;
  readonly of: 'application' | 'ticket';
  /** The application's or ticket's id. */
  readonly owner: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** The version whose canonical text does not name exactly the files it is known to have. */
export interface NamedOtherwise {
  readonly digest: string;
  readonly application: string;
}

export interface AttachedFiles {
  files(): Generator<AttachedFileRow>;
  namedOtherwise(): Generator<NamedOtherwise>;
  close(): void;
}

const ROWS_A_LOOK = 1000;

const OF_APPLICATIONS = `
  SELECT id, 'application' AS "of", application AS owner, bytes, sha256 FROM attachments AS a
  WHERE id > ? AND (removed_at_us IS NULL
    OR EXISTS (SELECT 1 FROM version_attachments AS v WHERE v.attachment = a.id))
  ORDER BY id LIMIT ${ROWS_A_LOOK}`;

const OF_TICKETS = `
  SELECT id, 'ticket' AS "of", ticket AS owner, bytes, sha256 FROM ticket_attachments
  WHERE id > ? AND removed_at_us IS NULL ORDER BY id LIMIT ${ROWS_A_LOOK}`;

/**
 * Both sides as sorted lists: what the text names, what the rows say. Members are sorted in the
 * canonical text, so one that names files begins with them.
 */
const VERSIONS = `
  SELECT digest, application,
    (SELECT group_concat(item, ',') FROM (
      SELECT json_extract(value, '$.kind') || ' ' || json_extract(value, '$.sha256') AS item
      FROM json_each(versions.canonical, '$.attachments') ORDER BY item)) AS named,
    (SELECT group_concat(item, ',') FROM (
      SELECT a.kind || ' ' || a.sha256 AS item FROM version_attachments AS v
      JOIN attachments AS a ON a.id = v.attachment
      WHERE v.digest = versions.digest ORDER BY item)) AS known
  FROM versions WHERE digest > ? AND (substr(canonical, 1, 15) = '{"attachments":'
    OR digest IN (SELECT digest FROM version_attachments))
  ORDER BY digest LIMIT ${ROWS_A_LOOK}`;

/** Undefined when there is no database, or one of a time before there were attachments. */
export function readAttachedFiles(path: string): AttachedFiles | undefined {
  if (!existsSync(path)) return undefined;
  const database = openToRead(path);
  const table = database.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?");
  const isThere = (name: string) => table.get(name) !== undefined;
  if (!isThere('attachments')) {
    database.close();
    return undefined;
  }
  const rows = (text: string) => database.prepare(text);
  return {
    *files() {
      for (const text of isThere('ticket_attachments')
        ? [OF_APPLICATIONS, OF_TICKETS]
        : [OF_APPLICATIONS]) {
        const statement = rows(text);
        let found: AttachedFileRow[] = [];
        do {
          found = statement.all(found.at(-1)?.id ?? '') as unknown as AttachedFileRow[];
          yield* found;
        } while (found.length === ROWS_A_LOOK);
      }
    },
    *namedOtherwise() {
      const statement = rows(VERSIONS);
      for (let after = ''; ; ) {
        const found = statement.all(after) as unknown as (NamedOtherwise & {
          readonly named: string | null;
          readonly known: string | null;
        })[];
        yield* found.filter(({ named, known }) => named !== known);
        if (found.length < ROWS_A_LOOK) return;
        after = found.at(-1)?.digest ?? '';
      }
    },
    close: () => database.close(),
  };
}

/**
 * Without a write-ahead log nobody uses the database: read as unchangeable, nothing is made beside
 * it. With one SQLite itself needs its shared memory, and the log is read as well.
 */
function openToRead(path: string): DatabaseSync {
  if (existsSync(`${path}-wal`)) return new DatabaseSync(path, { readOnly: true });
  const url = pathToFileURL(path);
  url.searchParams.set('immutable', '1');
  return new DatabaseSync(url, { readOnly: true });
}

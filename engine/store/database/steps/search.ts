/**
 * What applications are searched by: a row each for those of this system and of earlier years, and
 * the words of their names. Triggers keep the rows of this system's, in the transaction of the
 * change and whoever makes it; what worker, employer and nationality are in a form is data
 * (`search_fields`, from the models).
 *
 *     applications ─┐                       ┌► search_text (words of names, FTS5)
 *     pages ────────┴► search ──────────────┤
 *     import-history ──┘                    └► revision: what a reader has not seen yet
 *
 * A row that goes stays as an empty one (`id` is null) until the portal starts again, so that
 * readers hear of it.
 */

const NEXT_REVISION = '(SELECT coalesce(max(revision), 0) + 1 FROM search)';

/** The answers of a kind, in the order of its fields, as one text. `at`: the application's row. */
function answers(kind: string): string {
  return `coalesce((SELECT group_concat(value, ' ') FROM (
      SELECT json_extract(p.values_json, '$."' || f.field || '"') AS value
      FROM applications a
      JOIN search_fields f ON f.model = a.model AND f.version = a.model_version
        AND f.kind = '${kind}'
      JOIN pages p ON p.application = a.id
      WHERE a.id = search.id AND value IS NOT NULL AND value <> ''
      ORDER BY f.position)), '')`;
}

const ANSWERS = `worker = ${answers('worker')},
    worker_cf = nullif(upper(${answers('worker-cf')}), ''),
    employer = ${answers('employer')},
    employer_cf = nullif(upper(${answers('employer-cf')}), ''),
    nationality = nullif(${answers('nationality')}, '')`;

const isAnswered = (values: string) => `EXISTS (
    SELECT 1 FROM applications a
    JOIN search_fields f ON f.model = a.model AND f.version = a.model_version
    WHERE a.id = NEW.application
      AND json_type(${values}, '$."' || f.field || '"') IS NOT NULL)`;

/** Columns that follow from an application's own row; `row` is its name in the statement. */
const columns = (row: string) => ({
  account: `${row}.account`,
  organisation: `${row}.organisation`,
  year: `CAST(strftime('%Y', coalesce((SELECT opens_at_us FROM click_days
      WHERE id = ${row}.click_day), ${row}.created_at_us) / 1000000, 'unixepoch') AS INTEGER)`,
  model: `${row}.model`,
  status: `${row}.status`,
  click_day: `${row}.click_day`,
  office: `${row}.office`,
  title: `${row}.title`,
  protocol: `${row}.protocol`,
  stamp_us: `${row}.stamp_us`,
  place: `${row}.place`,
  created_us: `${row}.created_at_us`,
  changed_us: `max(${row}.updated_at_us, coalesce(${row}.stamp_us, 0),
      coalesce(${row}.receipt_at_us, 0))`,
});

const NAMES = Object.keys(columns('NEW')).join(', ');
const values = (row: string) => Object.values(columns(row)).join(', ');
const assignments = Object.entries(columns('NEW'))
  .map(([name, value]) => `${name} = ${value}`)
  .join(',\n    ');
const WATCHED = `account, organisation, model, status, click_day, office, title, protocol,
    stamp_us, place, updated_at_us, receipt_at_us`;

/** Makes the rows of this system's applications anew; after `DELETE … WHERE is_history = 0`. */
export const fillSearch: readonly string[] = [
  `INSERT INTO search (id, is_history, revision, ${NAMES})
    SELECT a.id, 0, ${NEXT_REVISION} - 1 + row_number() OVER (ORDER BY a.id), ${values('a')}
    FROM applications a ORDER BY a.id`,
  `UPDATE search SET ${ANSWERS} WHERE is_history = 0`,
];

export const search = `
  CREATE TABLE search_fields (
    model TEXT NOT NULL,
    version INTEGER NOT NULL,
    kind TEXT NOT NULL,
    position INTEGER NOT NULL,
    field TEXT NOT NULL,
    PRIMARY KEY (model, version, kind, position)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE search (
    n INTEGER PRIMARY KEY,
    revision INTEGER NOT NULL,
    id TEXT,
    is_history INTEGER NOT NULL,
    account TEXT,
    organisation TEXT,
    sender TEXT,
    year INTEGER NOT NULL,
    decree TEXT,
    model TEXT NOT NULL,
    status TEXT NOT NULL,
    click_day TEXT,
    office TEXT,
    nationality TEXT,
    title TEXT NOT NULL,
    worker TEXT NOT NULL DEFAULT '',
    worker_cf TEXT,
    employer TEXT NOT NULL DEFAULT '',
    employer_cf TEXT,
    protocol TEXT,
    stamp_us INTEGER,
    place INTEGER,
    created_us INTEGER NOT NULL,
    changed_us INTEGER NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX search_by_id ON search (id) WHERE id IS NOT NULL;
  CREATE UNIQUE INDEX search_by_revision ON search (revision);
  CREATE INDEX search_by_account ON search (account) WHERE account IS NOT NULL;
  CREATE INDEX search_by_organisation ON search (organisation) WHERE organisation IS NOT NULL;
  CREATE INDEX search_by_sender ON search (sender) WHERE sender IS NOT NULL;
  CREATE INDEX search_by_worker_cf ON search (worker_cf) WHERE worker_cf IS NOT NULL;
  CREATE INDEX search_by_employer_cf ON search (employer_cf) WHERE employer_cf IS NOT NULL;
  CREATE INDEX search_by_protocol ON search (protocol) WHERE protocol IS NOT NULL;
  CREATE VIRTUAL TABLE search_text USING fts5 (
    worker, employer,
    content = '', contentless_delete = 1, detail = column, prefix = '2 3',
    tokenize = 'unicode61 remove_diacritics 2'
  );
  CREATE TRIGGER search_row_added AFTER INSERT ON search
  WHEN NEW.worker <> '' OR NEW.employer <> '' BEGIN
    INSERT INTO search_text (rowid, worker, employer) VALUES (NEW.n, NEW.worker, NEW.employer);
  END;
  CREATE TRIGGER search_row_changed AFTER UPDATE OF worker, employer ON search
  WHEN NEW.worker <> OLD.worker OR NEW.employer <> OLD.employer BEGIN
    DELETE FROM search_text WHERE rowid = OLD.n;
    INSERT INTO search_text (rowid, worker, employer) VALUES (NEW.n, NEW.worker, NEW.employer);
  END;
  CREATE TRIGGER search_row_removed AFTER DELETE ON search BEGIN
    DELETE FROM search_text WHERE rowid = OLD.n;
  END;
  CREATE TRIGGER search_application_added AFTER INSERT ON applications BEGIN
    INSERT INTO search (id, is_history, revision, ${NAMES})
    VALUES (NEW.id, 0, ${NEXT_REVISION}, ${values('NEW')});
  END;
  CREATE TRIGGER search_application_changed AFTER UPDATE OF ${WATCHED} ON applications BEGIN
    UPDATE search SET revision = ${NEXT_REVISION},
    ${assignments}
    WHERE id = NEW.id;
  END;
  CREATE TRIGGER search_application_removed AFTER DELETE ON applications BEGIN
    UPDATE search SET revision = ${NEXT_REVISION}, id = NULL, account = NULL, organisation = NULL,
      title = '', worker = '', worker_cf = NULL, employer = '', employer_cf = NULL,
      nationality = NULL, sender = NULL, protocol = NULL
    WHERE id = OLD.id;
  END;
  CREATE TRIGGER search_page_added AFTER INSERT ON pages
  WHEN ${isAnswered('NEW.values_json')} BEGIN
    UPDATE search SET revision = ${NEXT_REVISION}, ${ANSWERS} WHERE id = NEW.application;
  END;
  CREATE TRIGGER search_page_changed AFTER UPDATE OF values_json ON pages
  WHEN NEW.values_json <> OLD.values_json
    AND (${isAnswered('NEW.values_json')} OR ${isAnswered('OLD.values_json')}) BEGIN
    UPDATE search SET revision = ${NEXT_REVISION}, ${ANSWERS} WHERE id = NEW.application;
  END;
  CREATE TABLE saved_searches (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    query TEXT NOT NULL,
    created_at_us INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX saved_searches_by_account ON saved_searches (account, name);
  CREATE TABLE history_imports (
    digest TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    lines INTEGER NOT NULL,
    tally_json TEXT NOT NULL,
    refused_bytes INTEGER NOT NULL,
    begun_at_us INTEGER NOT NULL,
    ended_at_us INTEGER
  ) STRICT;
`;

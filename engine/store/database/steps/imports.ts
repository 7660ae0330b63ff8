/** Imports of many applications: the file while it is being checked, and the report of its rows. */
export const imports = `
  CREATE TABLE imports (
    id TEXT PRIMARY KEY,
    organisation TEXT NOT NULL REFERENCES organisations (id) ON DELETE CASCADE,
    account TEXT NOT NULL,
    model TEXT NOT NULL,
    model_version INTEGER NOT NULL,
    file_name TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN
      ('uploading', 'checking', 'checked', 'taking', 'taken', 'undoing', 'undone', 'failed',
       'removing')),
    failure TEXT,
    make_ready INTEGER NOT NULL DEFAULT 0,
    header_json TEXT NOT NULL DEFAULT '{}',
    created_at_us INTEGER NOT NULL,
    updated_at_us INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX imports_by_organisation ON imports (organisation, id);
  CREATE UNIQUE INDEX imports_one_job ON imports (organisation)
    WHERE state IN ('uploading', 'checking', 'taking', 'undoing');
  CREATE TABLE import_pieces (
    import TEXT NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (import, number)
  ) STRICT;
  CREATE TABLE import_rows (
    import TEXT NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN
      ('valid', 'wrong', 'draft', 'ready', 'undone', 'kept')),
    has_findings INTEGER NOT NULL,
    values_json TEXT,
    cells_json TEXT,
    findings_json TEXT NOT NULL,
    application TEXT,
    made_at_us INTEGER,
    PRIMARY KEY (import, number)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX import_rows_by_state ON import_rows (import, state, has_findings, number);
  CREATE INDEX import_rows_by_findings ON import_rows (import, has_findings, number);
  CREATE INDEX applications_by_organisation_and_title ON applications (organisation, title)
    WHERE organisation IS NOT NULL;
`;

/**
 * Attachments, what happened to an application, and what tells that two concern the same.
 *
 * An attachment's row outlives its application until its file is gone from the disk: a trigger
 * marks it as removed, so that whoever deletes applications need not know of files.
 */
export const drafting = `
  CREATE TABLE attachments (
    id TEXT PRIMARY KEY,
    application TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    type TEXT NOT NULL CHECK (type IN ('application/pdf', 'image/jpeg', 'image/png')),
    bytes INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    account TEXT NOT NULL,
    added_at_us INTEGER NOT NULL,
    removed_at_us INTEGER
  ) STRICT;
  CREATE INDEX attachments_by_application ON attachments (application);
  CREATE INDEX attachments_removed ON attachments (removed_at_us) WHERE removed_at_us IS NOT NULL;
  CREATE TRIGGER attachments_orphaned AFTER DELETE ON applications BEGIN
    UPDATE attachments SET removed_at_us = 0 WHERE application = OLD.id;
  END;
  CREATE TABLE version_attachments (
    digest TEXT NOT NULL REFERENCES versions (digest) ON DELETE CASCADE,
    attachment TEXT NOT NULL REFERENCES attachments (id),
    PRIMARY KEY (digest, attachment)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX version_attachments_by_attachment ON version_attachments (attachment);
  CREATE TABLE application_events (
    id TEXT PRIMARY KEY,
    application TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN
      ('copied', 'completed', 'incomplete', 'ready', 'reopened', 'forwarded', 'outcome')),
    at_us INTEGER NOT NULL,
    account TEXT,
    detail_json TEXT NOT NULL
  ) STRICT;
  CREATE INDEX events_by_application ON application_events (application, at_us);
  CREATE TABLE application_sameness (
    application TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    PRIMARY KEY (application, key)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX sameness_by_key ON application_sameness (key);
`;

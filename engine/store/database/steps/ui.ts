/**
 * What the web application needs: notices of the administrators, and accounts that may read in any
 * language that was added to it, not in Italian and English alone.
 */
export const ui = `
  ALTER TABLE accounts ADD COLUMN reading_language TEXT NOT NULL DEFAULT 'it';
  UPDATE accounts SET reading_language = language;
  ALTER TABLE accounts DROP COLUMN language;
  ALTER TABLE accounts RENAME COLUMN reading_language TO language;
  CREATE TABLE notices (
    id TEXT PRIMARY KEY,
    text_it TEXT NOT NULL,
    text_en TEXT NOT NULL,
    severity TEXT NOT NULL CHECK (severity IN ('info', 'warning', 'danger')),
    from_us INTEGER NOT NULL,
    until_us INTEGER NOT NULL CHECK (until_us > from_us),
    created_at_us INTEGER NOT NULL,
    updated_at_us INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX notices_by_end ON notices (until_us);
`;

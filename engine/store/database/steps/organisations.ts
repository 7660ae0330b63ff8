/**
 * Organisations: accounts that share applications by role, and their requests for more accounts.
 * An account and an application belong to one organisation, or to none (a private person's).
 */
export const organisations = `
CREATE TABLE organisations (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  kind TEXT NOT NULL
    CHECK (kind IN ('association', 'patronato', 'consultant', 'company', 'public-office')),
  tax_code TEXT NOT NULL,
  created_at_us INTEGER NOT NULL
) STRICT;
ALTER TABLE accounts ADD COLUMN organisation TEXT REFERENCES organisations (id);
ALTER TABLE accounts ADD COLUMN member_role TEXT
  CHECK (member_role IN ('administrator', 'sender', 'preparer', 'reader'))
  CHECK ((member_role IS NULL) = (organisation IS NULL));
ALTER TABLE accounts ADD COLUMN deactivated_at_us INTEGER;
CREATE INDEX accounts_by_organisation ON accounts (organisation, id)
  WHERE organisation IS NOT NULL;
ALTER TABLE applications ADD COLUMN organisation TEXT REFERENCES organisations (id);
CREATE INDEX applications_by_organisation ON applications (organisation, id)
  WHERE organisation IS NOT NULL;
CREATE TABLE account_requests (
  id TEXT PRIMARY KEY,
  organisation TEXT NOT NULL REFERENCES organisations (id) ON DELETE CASCADE,
  requested_by TEXT REFERENCES accounts (id) ON DELETE SET NULL,
  base_account TEXT REFERENCES accounts (id) ON DELETE SET NULL,
  members_json TEXT NOT NULL,
  note TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('waiting', 'granted', 'refused')),
  reason TEXT,
  decided_by TEXT REFERENCES accounts (id) ON DELETE SET NULL,
  created_at_us INTEGER NOT NULL,
  decided_at_us INTEGER
) STRICT;
CREATE INDEX account_requests_by_status ON account_requests (status, id);
CREATE INDEX account_requests_by_organisation ON account_requests (organisation, id);
`;

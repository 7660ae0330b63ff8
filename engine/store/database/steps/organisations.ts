/**
 * Organisations: accounts that share applications by role, and what they ask of an operator.
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
CREATE INDEX applications_to_send ON applications (organisation, click_day, ready_at_us, id)
  WHERE organisation IS NOT NULL AND status <> 'draft';
CREATE TABLE organisation_requests (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('organisation', 'accounts')),
  organisation TEXT REFERENCES organisations (id),
  requested_by TEXT REFERENCES accounts (id) ON DELETE SET NULL,
  wish_json TEXT NOT NULL,
  note TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('waiting', 'granted', 'refused')),
  reason TEXT,
  decided_by TEXT REFERENCES accounts (id) ON DELETE SET NULL,
  created_at_us INTEGER NOT NULL,
  decided_at_us INTEGER,
  CHECK (kind = 'organisation' OR organisation IS NOT NULL)
) STRICT;
CREATE INDEX organisation_requests_by_status ON organisation_requests (status, id);
CREATE INDEX organisation_requests_by_organisation ON organisation_requests (organisation, id);
CREATE INDEX organisation_requests_by_account ON organisation_requests (requested_by, id);
`;

/** Accounts that are there already and are asked to join an organisation. */
export const invitations = `
  CREATE TABLE organisation_invitations (
    id TEXT PRIMARY KEY,
    organisation TEXT NOT NULL REFERENCES organisations (id) ON DELETE CASCADE,
    account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    role TEXT NOT NULL CHECK (role IN ('administrator', 'sender', 'preparer', 'reader')),
    given_name TEXT NOT NULL,
    family_name TEXT NOT NULL,
    created_at_us INTEGER NOT NULL,
    sent_at_us INTEGER NOT NULL,
    expires_at_us INTEGER NOT NULL,
    UNIQUE (organisation, account)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX organisation_invitations_by_account ON organisation_invitations (account);
`;

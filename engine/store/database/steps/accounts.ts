/**
 * Links that were mailed, what sessions look like to their owner, second factors, deletions.
 * Secrets stand here as hashes, the secret of a second factor enciphered.
 */
export const accounts = `
  CREATE TABLE account_links (
    token_hash TEXT PRIMARY KEY,
    account TEXT REFERENCES accounts (id) ON DELETE CASCADE,
    purpose TEXT NOT NULL CHECK (purpose IN ('reset', 'address', 'address-undo', 'keep')),
    email TEXT,
    created_at_us INTEGER NOT NULL,
    expires_at_us INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX account_links_by_account ON account_links (account, purpose);
  CREATE INDEX account_links_by_expiry ON account_links (expires_at_us);
  CREATE TABLE session_facts (
    token_hash TEXT PRIMARY KEY REFERENCES sessions (token_hash) ON DELETE CASCADE,
    browser TEXT NOT NULL,
    system TEXT NOT NULL,
    seen_at_us INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE second_factors (
    account TEXT PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    secret_sealed TEXT NOT NULL,
    begun_at_us INTEGER NOT NULL,
    confirmed_at_us INTEGER,
    last_step INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE recovery_codes (
    account TEXT NOT NULL REFERENCES second_factors (account) ON DELETE CASCADE,
    code_hash TEXT NOT NULL,
    PRIMARY KEY (account, code_hash)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE account_deletions (
    account TEXT PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    asked_at_us INTEGER NOT NULL,
    due_at_us INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX mails_by_recipient ON mails (recipient);
  CREATE INDEX account_deletions_by_due ON account_deletions (due_at_us);
`;

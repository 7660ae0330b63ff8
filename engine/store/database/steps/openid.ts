/** Who an account is at an OpenID provider, and which sessions were opened through it. */
export const openId = `
  CREATE TABLE openid_identities (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    linked_at_us INTEGER NOT NULL,
    last_used_at_us INTEGER,
    PRIMARY KEY (issuer, subject)
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX openid_identities_by_account ON openid_identities (account, issuer);
  CREATE TABLE openid_sessions (
    token_hash TEXT PRIMARY KEY REFERENCES sessions (token_hash) ON DELETE CASCADE,
    id_token TEXT
  ) STRICT, WITHOUT ROWID;
`;

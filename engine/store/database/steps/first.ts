/** The first form: accounts, click days, applications with pages and versions, mail, audit. */
export const first = `
CREATE TABLE accounts (
  id TEXT PRIMARY KEY,
  email TEXT NOT NULL UNIQUE,
  given_name TEXT NOT NULL,
  family_name TEXT NOT NULL,
  codice_fiscale TEXT,
  role TEXT NOT NULL CHECK (role IN ('applicant', 'admin', 'operator', 'office')),
  office TEXT,
  language TEXT NOT NULL CHECK (language IN ('it', 'en')),
  password_hash TEXT,
  must_change_password INTEGER NOT NULL DEFAULT 0,
  applications_max INTEGER,
  confirmed_at_us INTEGER,
  created_at_us INTEGER NOT NULL
) STRICT;
CREATE TABLE sessions (
  token_hash TEXT PRIMARY KEY,
  account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('cookie', 'bearer')),
  created_at_us INTEGER NOT NULL,
  expires_at_us INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_by_account ON sessions (account, created_at_us);
CREATE INDEX sessions_by_expiry ON sessions (expires_at_us);
CREATE TABLE tokens (
  token_hash TEXT PRIMARY KEY,
  account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  purpose TEXT NOT NULL CHECK (purpose IN ('confirm', 'setup')),
  expires_at_us INTEGER NOT NULL
) STRICT;
CREATE INDEX tokens_by_account ON tokens (account);
CREATE TABLE click_days (
  id TEXT PRIMARY KEY,
  name_it TEXT NOT NULL,
  name_en TEXT NOT NULL,
  opens_at_us INTEGER NOT NULL,
  closes_at_us INTEGER NOT NULL CHECK (closes_at_us > opens_at_us),
  suspended INTEGER NOT NULL DEFAULT 0,
  rules_json TEXT NOT NULL,
  updated_at_us INTEGER NOT NULL
) STRICT;
CREATE TABLE applications (
  id TEXT PRIMARY KEY,
  account TEXT NOT NULL REFERENCES accounts (id),
  model TEXT NOT NULL,
  model_version INTEGER NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('draft', 'ready', 'submitted', 'receipt')),
  title TEXT NOT NULL,
  click_day TEXT REFERENCES click_days (id),
  office TEXT,
  office_criterion TEXT,
  digest TEXT REFERENCES versions (digest) DEFERRABLE INITIALLY DEFERRED,
  created_at_us INTEGER NOT NULL,
  updated_at_us INTEGER NOT NULL,
  ready_at_us INTEGER,
  protocol TEXT,
  gate TEXT,
  seq INTEGER,
  stamp_us INTEGER,
  uncertainty_us INTEGER,
  place INTEGER,
  receipt_at_us INTEGER,
  CHECK (status = 'draft' OR (digest IS NOT NULL AND click_day IS NOT NULL))
) STRICT;
CREATE INDEX applications_by_account ON applications (account, id);
CREATE INDEX applications_by_status ON applications (status);
CREATE INDEX applications_by_click_day ON applications (click_day, status);
CREATE INDEX applications_by_digest ON applications (digest);
CREATE TABLE versions (
  digest TEXT PRIMARY KEY,
  application TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE
    DEFERRABLE INITIALLY DEFERRED,
  click_day TEXT NOT NULL REFERENCES click_days (id),
  office TEXT NOT NULL,
  office_criterion TEXT NOT NULL,
  title TEXT NOT NULL,
  salt TEXT NOT NULL,
  canonical TEXT NOT NULL,
  made_at_us INTEGER NOT NULL,
  issued INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX versions_by_application ON versions (application);
CREATE TABLE pages (
  application TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  values_json TEXT NOT NULL,
  complete INTEGER NOT NULL,
  version INTEGER NOT NULL,
  saved_at_us INTEGER NOT NULL,
  PRIMARY KEY (application, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE mails (
  id TEXT PRIMARY KEY,
  recipient TEXT NOT NULL,
  subject TEXT NOT NULL,
  text TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('queued', 'sent', 'failed')),
  attempts INTEGER NOT NULL DEFAULT 0,
  next_attempt_us INTEGER NOT NULL,
  created_at_us INTEGER NOT NULL,
  sent_at_us INTEGER,
  error TEXT
) STRICT;
CREATE INDEX mails_waiting ON mails (status, next_attempt_us);
CREATE TABLE audit (
  id TEXT PRIMARY KEY,
  at_us INTEGER NOT NULL,
  account TEXT,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  detail_json TEXT NOT NULL
) STRICT;
CREATE TABLE settings (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`;

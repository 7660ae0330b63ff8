/**
 * The help desk: tickets, what was written, what happened. A ticket outlives its account as far as
 * the desk's own record goes: the account goes, the words stay until the ticket is erased.
 */
export const helpdesk = `
CREATE TABLE tickets (
  id TEXT PRIMARY KEY,
  number TEXT UNIQUE,
  version INTEGER NOT NULL,
  account TEXT REFERENCES accounts (id) ON DELETE SET NULL,
  organisation TEXT REFERENCES organisations (id),
  contact_name TEXT NOT NULL,
  contact_email TEXT,
  contact_phone TEXT,
  channel TEXT NOT NULL CHECK (channel IN ('form', 'phone', 'mail')),
  kind TEXT NOT NULL CHECK (kind IN ('technical', 'functional', 'legal')),
  status TEXT NOT NULL CHECK (status IN
    ('received', 'accepted', 'in-charge', 'analysis', 'waiting', 'answered', 'closed', 'merged')),
  language TEXT NOT NULL,
  subject TEXT NOT NULL,
  team TEXT,
  assignee TEXT REFERENCES accounts (id) ON DELETE SET NULL,
  is_escalated INTEGER NOT NULL,
  incident TEXT,
  merged_into TEXT REFERENCES tickets (id),
  application TEXT,
  created_at_us INTEGER NOT NULL,
  updated_at_us INTEGER NOT NULL,
  accepted_at_us INTEGER,
  first_response_at_us INTEGER,
  first_response_due_us INTEGER,
  solution_due_us INTEGER,
  waiting_since_us INTEGER,
  answered_at_us INTEGER,
  closed_at_us INTEGER,
  closed_by TEXT CHECK (closed_by IN ('user', 'desk', 'time')),
  reopened INTEGER NOT NULL
) STRICT;
CREATE INDEX tickets_by_account ON tickets (account, id);
CREATE INDEX tickets_by_organisation ON tickets (organisation, id) WHERE organisation IS NOT NULL;
CREATE TABLE ticket_messages (
  id TEXT PRIMARY KEY,
  ticket TEXT NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
  author TEXT REFERENCES accounts (id) ON DELETE SET NULL,
  author_kind TEXT NOT NULL CHECK (author_kind IN ('user', 'desk', 'system')),
  visibility TEXT NOT NULL CHECK (visibility IN ('public', 'internal', 'unverified')),
  channel TEXT NOT NULL CHECK (channel IN ('form', 'phone', 'mail')),
  text TEXT NOT NULL,
  at_us INTEGER NOT NULL
) STRICT;
CREATE INDEX ticket_messages_by_ticket ON ticket_messages (ticket, id);
CREATE TABLE ticket_events (
  id TEXT PRIMARY KEY,
  ticket TEXT NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
  at_us INTEGER NOT NULL,
  account TEXT REFERENCES accounts (id) ON DELETE SET NULL,
  by TEXT NOT NULL CHECK (by IN ('user', 'desk', 'time')),
  kind TEXT NOT NULL,
  detail_json TEXT NOT NULL
) STRICT;
CREATE INDEX ticket_events_by_ticket ON ticket_events (ticket, id);
CREATE TABLE ticket_attachments (
  id TEXT PRIMARY KEY,
  ticket TEXT NOT NULL,
  message TEXT,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  added_at_us INTEGER NOT NULL,
  removed_at_us INTEGER
) STRICT;
CREATE INDEX ticket_attachments_by_ticket ON ticket_attachments (ticket, id);
`;

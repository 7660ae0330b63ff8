/**
 * The help desk: tickets, what was written, what happened. A ticket outlives its account, as a
 * number without words (portal/helpdesk/erasure.ts).
 *
 *     tickets ─► side      whose move it is: the desk's, the user's, nobody's (over)
 *            ├─► due_us    the next promise that runs; END without any
 *            └─► ticket_counts, by trigger: a menu of queues costs no count of half a million rows
 *     ticket_messages ─► ticket_text (FTS5): a row each, the first with subject and name
 *     accounts ─► callers ─► caller_text (FTS5): the words of names
 */
const END = Number.MAX_SAFE_INTEGER;

/** `row` leaves or enters its cell of the counts. */
const count = (row: string, step: string) => `
    INSERT INTO ticket_counts (side, kind, language, team, assignee, count)
    VALUES (${row}.side, ${row}.kind, ${row}.language, coalesce(${row}.team, ''),
      coalesce(${row}.assignee, ''), ${step}1)
    ON CONFLICT DO UPDATE SET count = count + excluded.count;`;

/** The words of a message; with its ticket's first also those of subject and name. */
const indexed = `INSERT INTO ticket_text (rowid, head, text) VALUES (NEW.n,
    coalesce((SELECT subject || ' ' || contact_name FROM tickets WHERE id = NEW.ticket
      AND NEW.n = (SELECT min(n) FROM ticket_messages WHERE ticket = NEW.ticket)), ''),
    NEW.text);`;

export const helpdesk = `
CREATE TABLE tickets (
  id TEXT PRIMARY KEY,
  number TEXT UNIQUE,
  version INTEGER NOT NULL,
  account TEXT REFERENCES accounts (id) ON DELETE SET NULL,
  organisation TEXT REFERENCES organisations (id),
  office TEXT,
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
  reopened INTEGER NOT NULL,
  side TEXT NOT NULL AS (CASE
    WHEN status IN ('received', 'accepted', 'in-charge', 'analysis') THEN 'desk'
    WHEN status IN ('waiting', 'answered') THEN 'user'
    ELSE 'over' END) VIRTUAL,
  due_us INTEGER NOT NULL AS (CASE
    WHEN status NOT IN ('received', 'accepted', 'in-charge', 'analysis') THEN ${END}
    WHEN first_response_at_us IS NULL
      THEN min(coalesce(first_response_due_us, ${END}), coalesce(solution_due_us, ${END}))
    ELSE coalesce(solution_due_us, ${END}) END) VIRTUAL
) STRICT;
CREATE INDEX tickets_by_account ON tickets (account, id) WHERE account IS NOT NULL;
CREATE INDEX tickets_by_organisation ON tickets (organisation, id) WHERE organisation IS NOT NULL;
CREATE INDEX tickets_by_office ON tickets (office, id) WHERE office IS NOT NULL;
CREATE INDEX tickets_by_incident ON tickets (incident, side, id) WHERE incident IS NOT NULL;
CREATE INDEX tickets_by_incident_due ON tickets (incident, side, due_us, id)
  WHERE incident IS NOT NULL;
CREATE INDEX tickets_by_assignee ON tickets (assignee, side, id) WHERE assignee IS NOT NULL;
CREATE INDEX tickets_by_assignee_due ON tickets (assignee, side, due_us, id)
  WHERE assignee IS NOT NULL;
CREATE INDEX tickets_by_merge ON tickets (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX tickets_unassigned ON tickets (side, id) WHERE assignee IS NULL;
CREATE INDEX tickets_by_side ON tickets
  (side, id, kind, language, status, channel, team, assignee, is_escalated);
CREATE INDEX tickets_by_due ON tickets
  (side, due_us, id, kind, language, status, channel, team, assignee, is_escalated);
CREATE INDEX tickets_by_channel ON tickets (side, channel, id);
CREATE INDEX tickets_escalated ON tickets (side, is_escalated, id) WHERE is_escalated > 0;
CREATE INDEX tickets_by_kind ON tickets (side, kind, id);
CREATE INDEX tickets_by_language ON tickets (side, language, id);
CREATE INDEX tickets_by_team ON tickets (side, team, id) WHERE team IS NOT NULL;
CREATE INDEX tickets_by_status ON tickets (status, side, id);
CREATE INDEX tickets_waiting ON tickets (waiting_since_us) WHERE status = 'waiting';
CREATE INDEX tickets_answered ON tickets (answered_at_us) WHERE status = 'answered';
CREATE TABLE ticket_counts (
  side TEXT NOT NULL,
  kind TEXT NOT NULL,
  language TEXT NOT NULL,
  team TEXT NOT NULL,
  assignee TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (side, kind, language, team, assignee)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER ticket_counted AFTER INSERT ON tickets BEGIN${count('NEW', '')}
END;
CREATE TRIGGER ticket_counted_anew
  AFTER UPDATE OF status, kind, language, team, assignee ON tickets BEGIN${count('OLD', '-')}
  ${count('NEW', '')}
END;
CREATE TRIGGER ticket_uncounted AFTER DELETE ON tickets BEGIN${count('OLD', '-')}
END;
CREATE TABLE ticket_messages (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  ticket TEXT NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
  author TEXT REFERENCES accounts (id) ON DELETE SET NULL,
  author_kind TEXT NOT NULL CHECK (author_kind IN ('user', 'desk', 'system')),
  visibility TEXT NOT NULL CHECK (visibility IN ('public', 'internal', 'unverified')),
  channel TEXT NOT NULL CHECK (channel IN ('form', 'phone', 'mail')),
  text TEXT NOT NULL,
  at_us INTEGER NOT NULL
) STRICT;
CREATE INDEX ticket_messages_by_ticket ON ticket_messages (ticket, id);
CREATE INDEX ticket_messages_by_author ON ticket_messages (author, id) WHERE author IS NOT NULL;
CREATE VIRTUAL TABLE ticket_text USING fts5 (
  head, text,
  content = '', contentless_delete = 1, detail = none, prefix = '3 4 5 6',
  tokenize = 'unicode61 remove_diacritics 2'
);
CREATE TRIGGER ticket_message_added AFTER INSERT ON ticket_messages BEGIN
  ${indexed}
END;
CREATE TRIGGER ticket_message_changed AFTER UPDATE OF text ON ticket_messages BEGIN
  DELETE FROM ticket_text WHERE rowid = OLD.n;
  ${indexed}
END;
CREATE TRIGGER ticket_renamed AFTER UPDATE OF subject, contact_name ON tickets
WHEN NEW.subject <> OLD.subject OR NEW.contact_name <> OLD.contact_name BEGIN
  UPDATE ticket_messages SET text = text
  WHERE n = (SELECT min(n) FROM ticket_messages WHERE ticket = NEW.id);
END;
CREATE TRIGGER ticket_message_removed AFTER DELETE ON ticket_messages BEGIN
  DELETE FROM ticket_text WHERE rowid = OLD.n;
END;
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
CREATE INDEX ticket_events_by_account ON ticket_events (account) WHERE account IS NOT NULL;
CREATE TABLE ticket_attachments (
  id TEXT PRIMARY KEY,
  ticket TEXT NOT NULL,
  message TEXT NOT NULL,
  account TEXT,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  added_at_us INTEGER NOT NULL,
  removed_at_us INTEGER
) STRICT;
CREATE INDEX ticket_attachments_by_ticket ON ticket_attachments (ticket, id);
CREATE INDEX ticket_attachments_removed ON ticket_attachments (removed_at_us)
  WHERE removed_at_us IS NOT NULL;
CREATE INDEX accounts_by_codice_fiscale ON accounts (codice_fiscale)
  WHERE codice_fiscale IS NOT NULL;
CREATE INDEX accounts_by_office ON accounts (office, id) WHERE office IS NOT NULL;
CREATE TABLE callers (
  n INTEGER PRIMARY KEY,
  account TEXT NOT NULL UNIQUE
) STRICT;
CREATE VIRTUAL TABLE caller_text USING fts5 (
  name,
  content = '', contentless_delete = 1, detail = none, prefix = '3 4 5 6',
  tokenize = 'unicode61 remove_diacritics 2'
);
CREATE TRIGGER caller_added AFTER INSERT ON callers BEGIN
  INSERT INTO caller_text (rowid, name) SELECT NEW.n, given_name || ' ' || family_name
    FROM accounts WHERE id = NEW.account;
END;
CREATE TRIGGER caller_removed AFTER DELETE ON callers BEGIN
  DELETE FROM caller_text WHERE rowid = OLD.n;
END;
CREATE TRIGGER caller_account_added AFTER INSERT ON accounts BEGIN
  INSERT INTO callers (account) VALUES (NEW.id);
END;
CREATE TRIGGER caller_account_renamed AFTER UPDATE OF given_name, family_name ON accounts
WHEN NEW.given_name <> OLD.given_name OR NEW.family_name <> OLD.family_name BEGIN
  DELETE FROM callers WHERE account = NEW.id;
  INSERT INTO callers (account) VALUES (NEW.id);
END;
CREATE TRIGGER caller_account_removed AFTER DELETE ON accounts BEGIN
  DELETE FROM callers WHERE account = OLD.id;
END;
INSERT INTO callers (account) SELECT id FROM accounts ORDER BY id;
`;

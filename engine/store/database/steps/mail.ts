/**
 * Mail that comes and goes: what an outgoing mail says beside its text, how many mails there are
 * (counted as they change, since counting half a million takes tens of ms), the outbox by the
 * domain of the recipient; and mails that came in, whose bytes lie in files.
 */
export const mail = `
CREATE TABLE mail_headers (
  mail TEXT PRIMARY KEY REFERENCES mails (id) ON DELETE CASCADE,
  headers_json TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE mail_counts (
  status TEXT PRIMARY KEY,
  count INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO mail_counts VALUES ('queued', 0), ('sent', 0), ('failed', 0);
UPDATE mail_counts SET count = (SELECT count(*) FROM mails WHERE mails.status = mail_counts.status);
CREATE TRIGGER mails_counted_in AFTER INSERT ON mails BEGIN
  UPDATE mail_counts SET count = count + 1 WHERE status = NEW.status;
END;
CREATE TRIGGER mails_counted_out AFTER DELETE ON mails BEGIN
  UPDATE mail_counts SET count = count - 1 WHERE status = OLD.status;
END;
CREATE TRIGGER mails_counted_over AFTER UPDATE OF status ON mails
WHEN OLD.status <> NEW.status BEGIN
  UPDATE mail_counts SET count = count - 1 WHERE status = OLD.status;
  UPDATE mail_counts SET count = count + 1 WHERE status = NEW.status;
END;
CREATE INDEX mails_by_domain
  ON mails (lower(substr(recipient, instr(recipient, '@') + 1)), next_attempt_us)
  WHERE status = 'queued';
CREATE TABLE incoming_mails (
  id TEXT PRIMARY KEY,
  bytes INTEGER NOT NULL,
  sender TEXT NOT NULL,
  recipient TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('waiting', 'handled', 'ignored', 'failed')),
  attempts INTEGER NOT NULL,
  next_attempt_us INTEGER NOT NULL,
  received_at_us INTEGER NOT NULL,
  handled_at_us INTEGER,
  identity TEXT UNIQUE,
  outcome TEXT,
  ticket TEXT,
  message TEXT
) STRICT;
CREATE INDEX incoming_mails_waiting ON incoming_mails (next_attempt_us) WHERE status = 'waiting';
CREATE INDEX incoming_mails_by_sender ON incoming_mails (sender, handled_at_us);
CREATE INDEX incoming_mails_by_ticket ON incoming_mails (ticket, handled_at_us)
  WHERE ticket IS NOT NULL;
CREATE INDEX incoming_mails_handled ON incoming_mails (handled_at_us);
`;

/**
 * What the desk plans for its tickets: until when one is postponed, what it is about in words of
 * the desk's own (tags), and which colleague is to look at it (mentions, until they have).
 * Postponed tickets and mentions are few among many: each has an index of its own.
 */
export const planning = `
ALTER TABLE tickets ADD COLUMN postponed_until_us INTEGER;
CREATE INDEX tickets_postponed ON tickets (postponed_until_us)
  WHERE postponed_until_us IS NOT NULL;
CREATE TABLE ticket_tags (
  tag TEXT NOT NULL,
  ticket TEXT NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
  PRIMARY KEY (tag, ticket)
) STRICT, WITHOUT ROWID;
CREATE INDEX ticket_tags_by_ticket ON ticket_tags (ticket);
CREATE TABLE ticket_mentions (
  account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  ticket TEXT NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
  at_us INTEGER NOT NULL,
  PRIMARY KEY (account, ticket)
) STRICT, WITHOUT ROWID;
CREATE INDEX ticket_mentions_by_ticket ON ticket_mentions (ticket);
`;

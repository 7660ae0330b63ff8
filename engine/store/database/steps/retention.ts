/**
 * Finds tickets of nobody that are over and have their words, by what happened to them last; and
 * mails that opened a ticket, or wait for it, for the bound of both in an hour.
 */
export const retention = `
CREATE INDEX tickets_of_nobody ON tickets (updated_at_us)
  WHERE account IS NULL AND organisation IS NULL AND office IS NULL
    AND status IN ('closed', 'merged') AND subject <> '';
CREATE INDEX incoming_mails_opened ON incoming_mails (handled_at_us) WHERE outcome = 'opened';
CREATE INDEX incoming_mails_held ON incoming_mails (id)
  WHERE status = 'waiting' AND outcome = 'held';
`;

/** Finds tickets of nobody that are over and have their words, by what happened to them last. */
export const retention = `
CREATE INDEX tickets_of_nobody ON tickets (updated_at_us)
  WHERE account IS NULL AND organisation IS NULL AND office IS NULL
    AND status IN ('closed', 'merged') AND subject <> '';
`;

/** Applications of earlier years that an organisation sent, by its tax code. */
export const historyOwners = `
  ALTER TABLE search ADD COLUMN sender_code TEXT;
  CREATE INDEX search_by_sender_code ON search (sender_code) WHERE sender_code IS NOT NULL;
`;

/** The rehearsal windows that administrators open, apart from the click days. */
export const rehearsals = `
  CREATE TABLE rehearsal_windows (
    id TEXT PRIMARY KEY,
    opens_at_us INTEGER NOT NULL,
    closes_at_us INTEGER NOT NULL,
    suspended INTEGER NOT NULL CHECK (suspended IN (0, 1)),
    updated_at_us INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
`;

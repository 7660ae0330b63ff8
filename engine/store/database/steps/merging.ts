/**
 * Full-text indexes no longer merge by themselves: FTS5 does it now and then for hundreds of pages
 * at once, 20 to 130 ms within whichever statement it happens to be. See ../text-merges.ts. What
 * is there is merged here, as those merges would have left it: seconds for a million rows.
 */
const INDEXES = ['ticket_text', 'search_text', 'caller_text'];
/** More than any index has. */
const ALL_PAGES = 10_000_000;

export const merging = INDEXES.map(
  (index) => `
  INSERT INTO ${index} (${index}, rank) VALUES ('automerge', 0);
  INSERT INTO ${index} (${index}, rank) VALUES ('merge', ${ALL_PAGES});
`,
).join('');

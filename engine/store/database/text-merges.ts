/**
 * Keeps the full-text indexes in few pieces, a little with each few rows.
 *
 *     row ─► segment of its own ─► four of a size merge into one ─► …
 *
 * Left to itself FTS5 merges seldom and much: for hundreds of pages, tens of milliseconds, within
 * the statement that wrote the page too many. Here each eighth row brings a merge of at most
 * MERGED_PAGES, which the next goes on with; that comes to the same pages in all. A word's list of
 * rows is not cut: one that stands in half a million rows is some 150 pages.
 *
 * Temporary triggers, so that only a process that lives with the database does it. Whoever fills it
 * from outside leaves up to 15 segments of a size, which FTS5 then merges at once.
 */
import type { DatabaseSync } from 'node:sqlite';

const ROWS_A_MERGE = 8;
const MERGED_PAGES = 32;

/** Each index with what writes into it. Rows of the history come by the hundred thousand. */
const WRITERS = [
  { index: 'ticket_text', event: 'INSERT ON main.ticket_messages', when: '' },
  { index: 'search_text', event: 'INSERT ON main.search', when: 'AND NEW.is_history = 0' },
  {
    index: 'search_text',
    event: 'UPDATE OF worker, employer ON main.search',
    when: 'AND (NEW.worker <> OLD.worker OR NEW.employer <> OLD.employer)',
  },
  { index: 'caller_text', event: 'INSERT ON main.callers', when: '' },
];

/** From now on; `connection` is the one that writes. */
export function mergeTextIndexes(connection: DatabaseSync): void {
  for (const [at, { index, event, when }] of WRITERS.entries()) {
    connection.exec(
      `CREATE TEMP TRIGGER "merge ${at} ${index}" AFTER ${event}
       WHEN NEW.n % ${ROWS_A_MERGE} = 0 ${when} BEGIN
         INSERT INTO ${index} (${index}, rank) VALUES ('merge', ${MERGED_PAGES});
       END`,
    );
  }
}

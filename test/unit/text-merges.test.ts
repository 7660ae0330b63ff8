/**
 * Full-text indexes: many rows leave few segments where a portal lives with them. SQLite alone
 * would wait for 16 and then merge them at once, whatever their size.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { openDatabase, sql } from '#engine/store/database/index.ts';

const ROWS = 15;
/** What is at most there after them: an eighth row merges, seven more come. */
const SEGMENTS_MAX = 10;

const ACCOUNT = `INSERT INTO accounts (id, email, role, given_name, family_name, language,
  must_change_password, created_at_us)`;
const TICKET = `INSERT INTO tickets (id, version, contact_name, channel, kind, status, language,
  subject, is_escalated, created_at_us, updated_at_us, reopened)`;
const MESSAGE = `INSERT INTO ticket_messages (id, ticket, author_kind, visibility, channel, text,
  at_us)`;
const person = (n: number) => `${ACCOUNT} VALUES ('a${n}', 'a${n}', 'applicant', 'A${n}', 'B',
  'it', 0, 0)`;
const application = (n: number) => `INSERT INTO applications (id, account, model, model_version,
  status, title, created_at_us, updated_at_us) VALUES ('p${n}', 'a0', 'A', 1, 'draft', '', 0, 0)`;

/** Each index: what is there before, and a row. */
const CASES = {
  ticket_text: {
    before: [`${TICKET} VALUES ('t', 1, 'N', 'form', 'legal', 'received', 'it', 'S', 0, 0, 0, 0)`],
    row: (n: number) =>
      `${MESSAGE} VALUES ('m${n}', 't', 'user', 'public', 'form', 'parola ${n}', 0)`,
  },
  caller_text: { before: [], row: person },
  search_text: {
    before: [person(0), ...Array.from({ length: ROWS }, (_, n) => application(n))],
    row: (n: number) => `UPDATE search SET worker = 'Rossi ${n}' WHERE id = 'p${n}'`,
  },
} as const;

/** Segments of an index after its rows. */
function segmentsOf(index: keyof typeof CASES, isWatched: boolean): number {
  const root = mkdtempSync(join(tmpdir(), 'clickday-merges-'));
  const database = openDatabase(join(root, 'clickday.sqlite'));
  try {
    if (isWatched) database.watch();
    const { before, row } = CASES[index];
    const rows = Array.from({ length: ROWS }, (_, n) => row(n));
    const run = (text: string) =>
      void database.run({ compile: () => sql.raw(text).compile(database.build) });
    database.transaction(() => before.forEach(run));
    rows.forEach(run);
    const reader = new DatabaseSync(database.path, { readOnly: true });
    const count = reader.prepare(`SELECT count(DISTINCT segid) AS n FROM ${index}_idx`).get();
    reader.close();
    return Number(count?.n);
  } finally {
    database.close();
    rmSync(root, { recursive: true });
  }
}

it.each(Object.keys(CASES) as (keyof typeof CASES)[])('of %s are merged as rows come', (index) => {
  expect(segmentsOf(index, true)).toBeLessThanOrEqual(SEGMENTS_MAX);
  expect(segmentsOf(index, false)).toBeGreaterThanOrEqual(ROWS);
});

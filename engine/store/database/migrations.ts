/**
 * How the database came to its present form, step by step. A step that has run anywhere is never
 * edited: a change is a new step. Each runs in one transaction with its number (`user_version`),
 * so a crash leaves the database before the step or after it, never between.
 */
import type { DatabaseSync } from 'node:sqlite';
import { accounts } from './steps/accounts.ts';
import { drafting } from './steps/drafting.ts';
import { first } from './steps/first.ts';
import { forwarding } from './steps/forwarding.ts';
import { helpdesk } from './steps/helpdesk.ts';
import { helpdeskTools } from './steps/helpdesk-tools.ts';
import { historyOwners } from './steps/history-owners.ts';
import { imports } from './steps/imports.ts';
import { invitations } from './steps/invitations.ts';
import { mail } from './steps/mail.ts';
import { merging } from './steps/merging.ts';
import { openId } from './steps/openid.ts';
import { organisations } from './steps/organisations.ts';
import { planning } from './steps/planning.ts';
import { rehearsals } from './steps/rehearsals.ts';
import { retention } from './steps/retention.ts';
import { search } from './steps/search.ts';
import { searchGone } from './steps/search-gone.ts';
import { titles } from './steps/titles.ts';
import { ui } from './steps/ui.ts';

/** SQL of each step, one file each; step 1 is the first. A new step goes to the end. */
export const migrations: readonly string[] = [
  ...[first, organisations, imports, accounts, openId, drafting, search, ui],
  ...[helpdesk, helpdeskTools, mail, rehearsals, retention, titles, historyOwners],
  ...[invitations, merging, planning, forwarding, searchGone],
];

/** Brings an opened database to the newest form. Throws when it is newer than this program. */
export function migrate(connection: DatabaseSync): void {
  const row = connection.prepare('PRAGMA user_version').get() as { user_version: number };
  if (row.user_version > migrations.length) {
    throw new Error(`the database has form ${row.user_version}, this program knows fewer`);
  }
  for (let step = row.user_version + 1; step <= migrations.length; step += 1) {
    runStep(connection, step);
  }
}

function runStep(connection: DatabaseSync, step: number): void {
  connection.exec('BEGIN IMMEDIATE');
  try {
    connection.exec(migrations[step - 1] ?? '');
    connection.exec(`PRAGMA user_version = ${step}`);
    connection.exec('COMMIT');
  } catch (error) {
    connection.exec('ROLLBACK');
    throw error;
  }
}

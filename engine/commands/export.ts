/**
 * `clickday export`: stored rows on standard output, in order, one a line. Text that a spreadsheet
 * would take for a formula is made harmless in CSV (OWASP ASVS 1.2.10).
 */
import { once } from 'node:events';
import {
  type Damage,
  type LedgerReader,
  ledgerExists,
  openLedgerReader,
} from '#engine/ledger/index.ts';
import { exportedApplications, exportedAudit, exportedTickets } from '#engine/portal/index.ts';
import { openRegister, registerExists } from '#engine/register/index.ts';
import { type Database, openDatabase } from '#engine/store/database/index.ts';
import type { DataDirectory } from '#engine/store/index.ts';
import { csvField } from '#protocol/csv.ts';
import { entryFromLeaf, leafText, protocolNumber } from '#protocol/entry.ts';
import { isoFromUs } from '#protocol/time.ts';
import { readConfig } from '../config.ts';
import { directoryToRead, Refused, say } from './context.ts';

type Row = Readonly<Record<string, unknown>>;

const KINDS = {
  ledger: ledgerRows,
  register: registerRows,
  applications: (directory: DataDirectory) => databaseRows(directory, exportedApplications),
  audit: (directory: DataDirectory) => databaseRows(directory, exportedAudit),
  tickets: (directory: DataDirectory) => databaseRows(directory, exportedTickets),
} as const;

export async function exportRows(flags: {
  data?: string;
  what: string;
  format: string;
}): Promise<void> {
  if (!Object.hasOwn(KINDS, flags.what)) {
    throw new Refused('USAGE', `--what must be one of ${Object.keys(KINDS).join(', ')}`);
  }
  if (flags.format !== 'ndjson' && flags.format !== 'csv') {
    throw new Refused('USAGE', '--format must be ndjson or csv');
  }
  const directory = directoryToRead(readConfig({ data: flags.data }));
  const rows = KINDS[flags.what as keyof typeof KINDS](directory);
  const write = flags.format === 'csv' ? csvLine : jsonLine;
  let isFirst = true;
  for await (const row of rows) {
    const head = isFirst && flags.format === 'csv' ? `${Object.keys(row).join(',')}\n` : '';
    isFirst = false;
    if (!process.stdout.write(head + write(row))) await once(process.stdout, 'drain');
  }
}

/** Each gate's ledger in the order of `seq`; `entry` is the leaf's bytes, base64. */
async function* ledgerRows(directory: DataDirectory): AsyncGenerator<Row> {
  for (const gate of directory.gates()) {
    const path = directory.ledger(gate);
    if (!ledgerExists(path)) continue;
    const reader = openLedgerReader({ path, gate });
    yield* leavesOf(reader);
    await reader.close();
  }
}

/** A damaged page is left out, told, and makes the command end with status 1. */
function* leavesOf(reader: LedgerReader): Generator<Row> {
  const tell = ({ gate, fromSeq, toSeq }: Damage) => {
    say(`LEDGER_DAMAGED: entries ${fromSeq} to ${toSeq} of ${gate} cannot be read: left out`);
    process.exitCode = 1;
  };
  for (const { leaf } of reader.leaves(tell)) {
    const { stampUs, ...entry } = entryFromLeaf(leaf.toString('utf8'));
    yield {
      seq: entry.seq,
      stamp: isoFromUs(stampUs),
      uncertaintyUs: entry.uncertaintyUs,
      gate: entry.gate,
      application: entry.application,
      digest: entry.digest,
      clickDay: entry.clickDay,
      model: entry.model,
      office: entry.office,
      entry: leaf.toString('base64'),
    };
  }
}

async function* registerRows(directory: DataDirectory): AsyncGenerator<Row> {
  if (!registerExists(directory.register)) return;
  const register = openRegister(directory.register, { readOnly: true });
  for (const { place, entry, duplicateOf } of register.iterate()) {
    const { stampUs, ...rest } = entry;
    yield {
      place,
      protocol: protocolNumber(entry),
      stamp: isoFromUs(stampUs),
      ...rest,
      duplicateOf,
      entry: Buffer.from(leafText(entry)).toString('base64'),
    };
  }
  await register.close();
}

/** Without personal data: what an application says is its owner's and its office's. */
async function* databaseRows(
  directory: DataDirectory,
  rowsOf: (database: Database) => Iterable<object>,
): AsyncGenerator<Row> {
  const database = openDatabase(directory.database);
  for (const row of rowsOf(database)) yield { ...row };
  database.close();
}

function jsonLine(row: Row): string {
  return `${JSON.stringify(row)}\n`;
}

function csvLine(row: Row): string {
  return `${Object.values(row)
    .map((value) => csvField(value))
    .join(',')}\n`;
}

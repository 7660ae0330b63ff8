/**
 * `summary`: what became of each application of a click day, as CSV for a spreadsheet or as PDF to
 * file; to standard output, or into a file. Of one account, or of all in the directory together.
 */
import { writeFileSync } from 'node:fs';
import { join, parse } from 'node:path';
import { accountsOf } from '../node/accounts.ts';
import type { Prepared } from '../node/directory.ts';
import { growSparingly } from '../node/memory.ts';
import { summaryCsv } from '../summary/csv.ts';
import { type Drawing, loadDrawing } from '../summary/drawing.ts';
import type { SummaryHead } from '../summary/pdf.ts';
import { type SummaryRow, summaryRows } from '../summary/rows.ts';
import { type CommandContext, type ExitCode, Refusal } from './context.ts';
import { choosePrepared } from './send.ts';

export interface SummaryOptions {
  readonly clickDay?: string;
  readonly format: 'csv' | 'pdf';
  /** Undefined: standard output. */
  readonly out?: string;
  readonly write: (bytes: string | Uint8Array) => void;
  /** Of who makes more than one. */
  readonly loadDrawing?: () => Promise<Drawing>;
}

/** What an account has prepared for a day, and what became of it. */
interface AccountRows {
  readonly prepared: Prepared;
  readonly rows: readonly SummaryRow[];
}

/** Exit status 1 when an application has no outcome, was refused, or its evidence is not sound. */
export async function summary(context: CommandContext, options: SummaryOptions): Promise<ExitCode> {
  growSparingly();
  const prepared = choosePrepared(context, options.clickDay);
  const rows = await summaryRows(context, prepared);
  return writeSummary(context, [{ prepared, rows }], options);
}

/** The same of every account in the directory, on one sheet. */
export async function summaryTogether(
  context: CommandContext,
  options: SummaryOptions,
): Promise<ExitCode> {
  growSparingly();
  const contexts = accountsOf(context.directory.path).map(({ directory }) => ({
    ...context,
    directory,
  }));
  const first = contexts.find(({ directory }) => directory.prepared().length > 0);
  const { clickDay } = options;
  const day = clickDay ?? (first && choosePrepared(first, undefined).clickDay.id);
  const sets: AccountRows[] = [];
  for (const one of contexts) {
    const prepared = one.directory.prepared().find(({ clickDay: { id } }) => id === day);
    if (prepared !== undefined) sets.push({ prepared, rows: await summaryRows(one, prepared) });
  }
  return writeSummary(context, sets, options);
}

/** Of several accounts on one sheet; an application of two of them stands there once. */
async function writeSummary(
  context: CommandContext,
  sets: readonly AccountRows[],
  { format, out, write, loadDrawing: load = loadDrawing }: Omit<SummaryOptions, 'clickDay'>,
): Promise<ExitCode> {
  const { output, language, wallNowUs } = context;
  const [first] = sets;
  if (first === undefined) throw new Refusal('notPrepared');
  const rows = numbered(sets.flatMap((set) => set.rows));
  const { id, name, opensAt } = first.prepared.clickDay;
  const emails = [...new Set(rows.map(({ account }) => account))];
  const head = { clickDay: id, name: name[language], opensAt, emails, madeAtUs: wallNowUs() };
  const bytes =
    format === 'csv' ? summaryCsv(rows) : await pdfOf(context, await load(), { head, rows });
  if (out === undefined) write(bytes);
  else {
    const path = fileOf(out, output.account);
    writeFileSync(path, bytes, { mode: 0o600 });
    output.say('summarySaved', { path, count: rows.length });
    output.data({ event: 'summary-saved', path, applications: rows.length });
  }
  const isSound = rows.every(
    ({ outcome, receiptCheck, logCheck }) =>
      outcome === 'accepted' && receiptCheck !== 'not-genuine' && logCheck !== 'missing',
  );
  return isSound ? 0 : 1;
}

function numbered(rows: readonly SummaryRow[]): SummaryRow[] {
  const byId = new Map<string, SummaryRow>();
  for (const row of rows) {
    if (!byId.has(row.application)) {
      byId.set(row.application, { ...row, number: byId.size + 1 });
    }
  }
  return [...byId.values()];
}

/** Each account has a file of its own: `day.csv` becomes `day-rossi.csv`. */
function fileOf(out: string, account: string | undefined): string {
  const { dir, name, ext } = parse(out);
  return account === undefined ? out : join(dir, `${name}-${account}${ext}`);
}

async function pdfOf(
  { language, pause }: CommandContext,
  { summaryPdf }: Drawing,
  { head, rows }: { readonly head: SummaryHead; readonly rows: readonly SummaryRow[] },
): Promise<Uint8Array> {
  return summaryPdf(language, head, { rows, breathe: () => pause(0) });
}

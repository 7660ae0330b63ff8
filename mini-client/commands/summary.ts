/**
 * `summary`: what became of each application of a click day, as CSV for a spreadsheet or as PDF to
 * file; to standard output, or into a file.
 */
import { writeFileSync } from 'node:fs';
import { join, parse } from 'node:path';
import { summaryCsv } from '../summary/csv.ts';
import { summaryRows } from '../summary/rows.ts';
import type { CommandContext, ExitCode } from './context.ts';
import { choosePrepared } from './send.ts';

export interface SummaryOptions {
  readonly clickDay?: string;
  readonly format: 'csv' | 'pdf';
  /** Undefined: standard output. */
  readonly out?: string;
  readonly write: (bytes: string | Uint8Array) => void;
}

/** Exit status 1 when an application has no outcome, was refused, or its evidence is not sound. */
export async function summary(context: CommandContext, options: SummaryOptions): Promise<ExitCode> {
  const { output, language, wallNowUs } = context;
  const { clickDay, format, out, write } = options;
  const prepared = choosePrepared(context, clickDay);
  const rows = await summaryRows(context, prepared);
  const { id, name, opensAt } = prepared.clickDay;
  const { email } = prepared;
  const head = { clickDay: id, name: name[language], opensAt, email, madeAtUs: wallNowUs() };
  const bytes = format === 'csv' ? summaryCsv(rows) : await pdfOf(output, head, rows);
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

/** Each account has a file of its own: `day.csv` becomes `day-rossi.csv`. */
function fileOf(out: string, account: string | undefined): string {
  const { dir, name, ext } = parse(out);
  return account === undefined ? out : join(dir, `${name}-${account}${ext}`);
}

/** Only who wants a PDF pays for what makes one. */
async function pdfOf(...parts: Parameters<typeof import('../summary/pdf.ts').summaryPdf>) {
  const { summaryPdf } = await import('../summary/pdf.ts');
  return summaryPdf(...parts);
}

/**
 * The day's summary as a file beside the journal, of all accounts in one, made anew each time
 * somebody asks for it: it stays on the computer, and the page opens it as it opens a receipt.
 */
import { join } from 'node:path';
import { type SummaryOptions, writeSummary } from '../commands/summary.ts';
import { growSparingly } from '../node/memory.ts';
import { summaryRows } from '../summary/rows.ts';
import type { Accounts } from './accounts.ts';
import { preparedFor } from './preparing.ts';

/** Its path; undefined when no day is chosen or it cannot be written. */
export async function summaryFile(
  accounts: Accounts,
  format: SummaryOptions['format'],
): Promise<string | undefined> {
  const { clickDay } = accounts.root.model.state;
  if (clickDay === null) return undefined;
  const out = join(accounts.root.base.directory.path, `summary-${clickDay}.${format}`);
  growSparingly();
  const { failure } = await accounts.root.run(async (context) => {
    const sets = [];
    for (const bench of accounts.all) {
      const prepared = preparedFor(bench, clickDay);
      if (prepared === undefined) continue;
      const { directory } = bench.base;
      sets.push({ prepared, rows: await summaryRows({ ...context, directory }, prepared) });
    }
    return writeSummary(context, sets, { format, out, write: () => undefined });
  });
  return failure === undefined ? out : undefined;
}

/**
 * The day's summary as a file beside the journal, made anew each time somebody asks for it: it
 * stays on the computer, and the page opens it as it opens a receipt.
 */
import { join } from 'node:path';
import { type SummaryOptions, summary } from '../commands/summary.ts';
import type { Workbench } from './workbench.ts';

/** Its path; undefined when no day is chosen or it cannot be written. */
export async function summaryFile(
  bench: Workbench,
  format: SummaryOptions['format'],
): Promise<string | undefined> {
  const { clickDay } = bench.model.state;
  if (clickDay === null) return undefined;
  const out = join(bench.base.directory.path, `summary-${clickDay}.${format}`);
  const options = { clickDay, format, out, write: () => undefined };
  const { failure } = await bench.run((context) => summary(context, options));
  return failure === undefined ? out : undefined;
}

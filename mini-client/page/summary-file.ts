/**
 * The day's summary as a file beside the journal, of all accounts in one, made anew each time
 * somebody asks for it: it stays on the computer, and the page opens it as it opens a receipt.
 *
 * It is made in the page's own process: a second one costs 27 MB before it has read a file
 * (docs/decisions/0037-the-summary-in-the-page.md).
 */
import { join } from 'node:path';
import { type SummaryOptions, summaryTogether } from '../commands/summary.ts';
import { type Drawing, loadDrawing } from '../summary/drawing.ts';
import type { Accounts } from './accounts.ts';

export class SummaryFiles {
  readonly #accounts: Accounts;
  /** One at a time: two presses do not take the memory of two. */
  #last: Promise<unknown> = Promise.resolve();
  #drawing: Promise<Drawing> | undefined;

  constructor(accounts: Accounts) {
    this.#accounts = accounts;
  }

  /** Its path; undefined when no day is chosen or it cannot be written. */
  make(format: SummaryOptions['format']): Promise<string | undefined> {
    const made = this.#last.then(() => this.#make(format));
    this.#last = made;
    return made;
  }

  async #make(format: SummaryOptions['format']): Promise<string | undefined> {
    const { root } = this.#accounts;
    const { clickDay } = root.model.state;
    if (clickDay === null) return undefined;
    const out = join(root.base.directory.path, `summary-${clickDay}.${format}`);
    const loadKept = () => {
      this.#drawing ??= loadDrawing();
      return this.#drawing;
    };
    const options = { clickDay, format, out, write: () => undefined, loadDrawing: loadKept };
    const { failure } = await root.run((context) => summaryTogether(context, options));
    return failure === undefined ? out : undefined;
  }
}

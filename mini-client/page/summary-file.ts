/**
 * The day's summary as a file beside the journal, of all accounts in one, made anew each time
 * somebody asks for it: it stays on the computer, and the page opens it as it opens a receipt.
 *
 * It is made by the command `summary` in a process of its own: letters and pages take some 20 MB,
 * which the page's process would keep. Where no process can be started it is made here.
 */
import { join } from 'node:path';
import { type SummaryOptions, summaryTogether } from '../commands/summary.ts';
import { parsedJson } from '../core/index.ts';
import type { RunSelf } from '../node/self.ts';
import type { Accounts } from './accounts.ts';

export class SummaryFiles {
  readonly #accounts: Accounts;
  readonly #runSelf: RunSelf;
  /** One at a time: two presses are not two processes at once. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(accounts: Accounts, runSelf: RunSelf) {
    this.#accounts = accounts;
    this.#runSelf = runSelf;
  }

  /** Its path; undefined when no day is chosen or it cannot be written. */
  make(format: SummaryOptions['format']): Promise<string | undefined> {
    const made = this.#last.then(() => this.#make(format));
    this.#last = made;
    return made;
  }

  async #make(format: SummaryOptions['format']): Promise<string | undefined> {
    const { root } = this.#accounts;
    const { clickDay, language } = root.model.state;
    if (clickDay === null) return undefined;
    const { path } = root.base.directory;
    const out = join(path, `summary-${clickDay}.${format}`);
    const words = ['summary', '--together', '--click-day', clickDay, '--format', format];
    const how = ['--out', out, '--directory', path, '--language', language, '--json'];
    try {
      return isSaved(await this.#runSelf([...words, ...how])) ? out : undefined;
    } catch {
      const options = { clickDay, format, out, write: () => undefined };
      const { failure } = await root.run((context) => summaryTogether(context, options));
      return failure === undefined ? out : undefined;
    }
  }
}

/** Its exit status also tells whether all is well with the applications: this is what counts. */
function isSaved(told: string): boolean {
  const events = told.split('\n').map((line) => parsedJson(line) as { event?: string } | undefined);
  return events.some((one) => one?.event === 'summary-saved');
}

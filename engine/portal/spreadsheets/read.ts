/**
 * The rows of a spreadsheet, read in a thread of its own: the portal's event loop only takes
 * batches of texts. The thread reads on while a batch is used, and ends when nobody asks any more.
 */
import type { Timers } from '../../clock/index.ts';
import type { SheetRow } from './cells.ts';
import { converse } from './conversation.ts';

const THREAD = new URL('./read-thread.ts', import.meta.url);

/** Rows that have something in them, the header first. Throws SpreadsheetFailure. */
export async function* readSheet(
  bytes: Uint8Array,
  timers: Pick<Timers, 'after'>,
): AsyncGenerator<SheetRow, void, undefined> {
  for await (const rows of pulled<SheetRow[]>(THREAD, { bytes }, timers)) yield* rows;
}

/** What a thread answers to each word, until it answers null. */
export async function* pulled<Answer>(
  thread: URL,
  workerData: unknown,
  timers: Pick<Timers, 'after'>,
): AsyncGenerator<Answer, void, undefined> {
  const talk = converse<'more', Answer | null>(thread, workerData, timers);
  try {
    talk.say('more');
    for (;;) {
      const answer = await talk.hear();
      if (answer === null) return;
      talk.say('more');
      yield answer;
    }
  } finally {
    await talk.end();
  }
}

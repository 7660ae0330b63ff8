/** The thread's side of a conversation: one answer for each word, then the thread ends. */
import { parentPort } from 'node:worker_threads';
import { assert } from '../../foundation/assert.ts';
import type { ThreadFailure } from './conversation.ts';
import { SpreadsheetFailure } from './failure.ts';

/** Says one value of `values` for each word heard, and null after the last. */
export async function answerEach(values: AsyncIterable<unknown>): Promise<void> {
  const port = parentPort;
  assert(port !== null, 'this is a thread of the portal and no program');
  const words = heardBy(port);
  try {
    for await (const value of values) {
      await words.next();
      port.postMessage(value);
    }
    await words.next();
    port.postMessage(null);
  } catch (error) {
    if (!(error instanceof SpreadsheetFailure)) throw error;
    port.postMessage({ failure: error.code } satisfies ThreadFailure);
  }
  port.close();
}

/** Groups of at most `size`, so that few words carry many rows. */
export async function* batched<Value>(
  values: AsyncIterable<Value>,
  size: number,
): AsyncGenerator<Value[]> {
  let batch: Value[] = [];
  for await (const value of values) {
    batch.push(value);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** The words that come in, as they come. */
export async function* heardBy(
  port: NonNullable<typeof parentPort>,
): AsyncGenerator<unknown, never, undefined> {
  const heard: unknown[] = [];
  let wake = () => {};
  port.on('message', (word) => {
    heard.push(word);
    wake();
  });
  for (;;) {
    if (heard.length === 0) await new Promise<void>((resolve) => (wake = resolve));
    else yield heard.shift();
  }
}

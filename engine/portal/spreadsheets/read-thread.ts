/** The thread that reads a spreadsheet; see read.ts. */
import { workerData } from 'node:worker_threads';
import { bounds } from './bounds.ts';
import { sheetRows } from './rows.ts';
import { answerEach, batched } from './thread-side.ts';

const { bytes } = workerData as { bytes: Uint8Array };
await answerEach(batched(sheetRows(bytes), bounds.batchRows));

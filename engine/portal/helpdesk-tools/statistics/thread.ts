/** The thread that reckons statistics: one question, its own reading connection, then it ends. */
import { parentPort, workerData } from 'node:worker_threads';
import { assert } from '#engine/foundation/assert.ts';
import { openDatabaseReader } from '../../../store/database/index.ts';
import type { StatisticsQuestion } from './question.ts';
import { reckonStatistics } from './reckon.ts';

export interface StatisticsThreadData {
  readonly path: string;
  readonly question: StatisticsQuestion;
}

const port = parentPort;
assert(port !== null, 'this is a thread of the statistics and no program');
const { path, question } = workerData as StatisticsThreadData;
const reader = openDatabaseReader(path);
try {
  port.postMessage(reckonStatistics(reader, question));
} finally {
  reader.close();
}

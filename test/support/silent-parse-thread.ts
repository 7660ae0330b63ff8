/** A thread that reads mails and says nothing, or dies of them: of those whose name says so. */
import { parentPort } from 'node:worker_threads';

parentPort?.on('message', (path: string) => {
  if (path.includes('dying')) process.exit(1);
});

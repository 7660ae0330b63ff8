/** The end of a rehearsal that somebody breaks off. */
import { Refused } from '../context.ts';

/** Rejects at SIGINT or SIGTERM, so that nothing of a broken-off rehearsal stays behind. */
export function interruption(): Promise<never> {
  return new Promise((_resolve, reject) => {
    const stop = () => reject(new Refused('INTERRUPTED', 'the rehearsal was broken off'));
    process.once('SIGINT', stop);
    process.once('SIGTERM', stop);
  });
}

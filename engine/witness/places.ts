/**
 * Where a witness keeps what it must not forget. Nobody else joins paths.
 *
 *     witness-key.json       its key and its name, 0600
 *     witness.lock           held while it runs: two on one folder would each cosign its own branch
 *     logs/<hash>            the last checkpoint it cosigned of a log, with its cosignature
 *     contradictions/<hash>  the first other root of one size that a log has signed, if it ever did
 */
import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { makeFolder } from '#engine/store/index.ts';

export interface WitnessPlaces {
  readonly root: string;
  readonly key: string;
  readonly lock: string;
  /** Of the log with this origin. */
  record(origin: string): string;
  contradiction(origin: string): string;
}

/** The paths below `root`; creates the folders. */
export function witnessPlaces(root: string): WitnessPlaces {
  const at = (...parts: string[]) => resolve(root, ...parts);
  for (const folder of ['.', 'logs', 'contradictions']) makeFolder(at(folder));
  return {
    root: at('.'),
    key: at('witness-key.json'),
    lock: at('witness.lock'),
    record: (origin) => at('logs', nameOf(origin)),
    contradiction: (origin) => at('contradictions', nameOf(origin)),
  };
}

/** An origin may hold what a file's name may not. */
function nameOf(origin: string): string {
  return createHash('sha256').update(origin).digest('hex');
}

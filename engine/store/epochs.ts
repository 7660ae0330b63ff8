/**
 * The restores that a data directory has behind it, one line each in `epochs.ndjson`. Numbers after
 * those named here may have been given by the original as well, if it went on.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { OWNER_FILE } from './files.ts';

export interface Epoch {
  readonly restoredAt: string;
  readonly backupMadeAt: string;
  readonly from: string;
  /** Last number of each gate when it was restored. */
  readonly ledgers: readonly { readonly gate: string; readonly entries: number }[];
}

/** Oldest first; `path` as `DataDirectory.epochs` names it. */
export function readEpochs(path: string): Epoch[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as Epoch);
}

export function addEpoch(path: string, epoch: Epoch): void {
  appendFileSync(path, `${JSON.stringify(epoch)}\n`, { mode: OWNER_FILE });
}

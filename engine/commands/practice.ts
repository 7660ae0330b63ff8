/** Practice for the portal: its configuration, and the ledgers of rehearsals of this machine. */
import { type LedgerReader, ledgerExists, openLedgerReader } from '#engine/ledger/index.ts';
import type { PortalConfig } from '#engine/portal/index.ts';
import type { DataDirectory } from '#engine/store/index.ts';
import type { LedgerEntry } from '#protocol/entry.ts';
import { type Config, text } from '../config.ts';
import { restIn } from '../config-practice.ts';

export function practiceIn(config: Config): NonNullable<PortalConfig['practice']> {
  return { kind: text(config, 'practice') as 'always' | 'windows' | 'no', rest: restIn(config) };
}

type Named = Pick<LedgerEntry, 'clickDay' | 'gate' | 'seq'>;

/**
 * Reads the entry with a number in the ledger of rehearsals of its gate; undefined when it is not
 * there or cannot be read now. Opened each time, since that ledger may be begun anew at any moment;
 * one after the other, since a process must not open one twice.
 */
export function rehearsalReader(
  directory: DataDirectory,
): (named: Named) => Promise<LedgerEntry | undefined> {
  let last: Promise<unknown> = Promise.resolve();
  return (named) => {
    const read = last.then(() => readOnce(directory, named));
    last = read;
    return read;
  };
}

async function readOnce(
  directory: DataDirectory,
  { gate, seq }: Named,
): Promise<LedgerEntry | undefined> {
  const path = directory.rehearsalLedger(gate);
  if (!directory.gates().includes(gate) || !ledgerExists(path)) return undefined;
  let reader: LedgerReader | undefined;
  try {
    reader = openLedgerReader({ path, gate });
    return reader.entries(seq, 1).find((entry) => entry.seq === seq);
  } catch {
    return undefined; // wiped while it was being read
  } finally {
    await reader?.close().catch(() => undefined); // nothing was written by it
  }
}

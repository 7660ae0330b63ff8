/** Lays hands on a stored ledger as a failing disk would: bytes change under their keys. */
import { type LedgerTables, openLedgerTables } from '#engine/ledger/tables.ts';

/** Changes a ledger behind its writer's back. */
export async function changeLedger(path: string, work: (tables: LedgerTables) => void) {
  const tables = openLedgerTables({ path });
  await tables.environment.transaction(() => work(tables));
  await tables.environment.close();
}

/** Flips a bit of the page that ends with `lastSeq`: of byte `at`, counted from the end below 0. */
export function flipBit(path: string, lastSeq: number, at = -5): Promise<void> {
  return changeLedger(path, ({ entries }) => {
    const bytes = Buffer.from(entries.get(lastSeq)!);
    const index = at < 0 ? bytes.length + at : at;
    bytes[index] = bytes[index]! ^ 1;
    entries.put(lastSeq, bytes);
  });
}

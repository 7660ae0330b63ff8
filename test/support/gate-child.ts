/**
 * Another process, for what holds between processes: `lock PATH` takes a lock and keeps it until it
 * dies, `write FOLDER BATCHES` writes a ledger. It says on standard output how far it is.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { openLedgerWriter } from '#engine/ledger/index.ts';
import { takeLock } from '#engine/store/index.ts';
import { entryOf } from '#test/support/register-entries.ts';

const BATCH = 20;
const [verb, path = '', count = '0'] = process.argv.slice(2);

if (verb === 'lock') {
  try {
    takeLock(path);
    collect();
    console.log('held');
    process.stdin.resume();
  } catch (error) {
    console.log((error as Error).name);
  }
}

/** What nothing refers to any more is gone after this. */
function collect(): void {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
}

if (verb === 'write') {
  const writer = openLedgerWriter({ path, gate: 'g1' });
  for (let batch = 0; batch < Number(count); batch += 1) {
    const first = writer.nextSeq();
    const entries = Array.from({ length: BATCH }, (_, at) => entryOf('g1', first + at));
    await writer.append(entries, entries[0]!.stampUs);
    console.log(`at ${writer.nextSeq() - 1}`);
  }
  await writer.close();
}

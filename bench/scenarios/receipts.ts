/**
 * How many receipts a second: the real pool and a real LMDB register in a temporary folder, facts
 * from memory. Prints one JSON line with receipts/s and bytes. Not measured: the portal's queries
 * for the facts.
 *
 *     node_modules/.bin/node bench/scenarios/receipts.ts [receipts=5000] [threads]
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemTimers } from '#engine/clock/index.ts';
import { silentLog } from '#engine/foundation/log.ts';
import { createReceipts } from '#engine/receipts/index.ts';
import { openRegister, verifyReceipts } from '#engine/register/index.ts';
import { proofSource } from '#test/support/proof-source.ts';
import { entryOf, factsOf, OPENING_US } from '#test/support/register-entries.ts';
import { testSeal } from '#test/support/test-seal.ts';

const amount = Number(process.argv[2] ?? 5000);
const threads = process.argv[3] === undefined ? undefined : Number(process.argv[3]);
const folder = mkdtempSync(join(tmpdir(), 'clickday-receipts-'));
const store = openRegister(folder);
const entries = Array.from({ length: amount }, (_, index) => entryOf('g1', index + 1));
for (let from = 0; from < amount; from += 500) await store.append(entries.slice(from, from + 500));

const byId = new Map(entries.map((entry) => [entry.application, entry]));
const begun = performance.now();
const receipts = createReceipts({
  store,
  facts: async (ids) => ids.map((id) => factsOf(byId.get(id)!)),
  proofs: proofSource(),
  publicUrl: () => 'https://clickday.example.org',
  log: silentLog(),
  timers: systemTimers(),
  nowUs: () => OPENING_US,
  pool: { seal: testSeal(), ...(threads !== undefined && { threads }) },
});
receipts.enqueue([{ place: amount }]);
await receipts.settled();
const seconds = (performance.now() - begun) / 1000;
const pdf = await receipts.read(entries[0]!.application);
const report = verifyReceipts({ register: store, receipts: store.receipts });
await receipts.close();
await store.close();
const line = {
  receipts: amount,
  made: report.made,
  violations: report.violations.length,
  seconds: Number(seconds.toFixed(2)),
  receiptsPerSecond: Math.round(amount / seconds),
  downloadBytes: pdf?.length,
  storeBytesPerReceipt: Math.round(statSync(join(folder, 'data.mdb')).size / amount),
  processors: availableParallelism(),
  threads: threads ?? 'default',
};
process.stdout.write(`${JSON.stringify(line)}\n`);
rmSync(folder, { recursive: true });
process.exitCode = report.made === amount && report.violations.length === 0 ? 0 : 1;

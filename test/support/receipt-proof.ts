/** A proof of inclusion in the form of a real one, for tests that only print or attach it. */

import { sha256 } from '#engine/foundation/digest.ts';
import type { ReceiptProof } from '#engine/receipts/index.ts';
import type { LedgerEntry } from '#protocol/entry.ts';

/** Of a log of `size` entries; the hashes are of the right number and lead nowhere. */
export function proofOf(entry: LedgerEntry, size = entry.seq + 5): ReceiptProof {
  const hash = (name: string) => sha256(`${entry.gate} ${name}`).toString('base64');
  const steps = Math.ceil(Math.log2(size));
  const path = Array.from({ length: steps }, (_, step) => `${hash(`node ${step}`)}\n`).join('');
  const origin = `clickday.example.org/${entry.gate}`;
  const signature = Buffer.concat([sha256('key').subarray(0, 4), sha256('a'), sha256('b')]);
  const note = `${origin}\n${size}\n${hash('root')}\n\n— ${origin} ${signature.toString('base64')}\n`;
  return { tlogProof: `c2sp.org/tlog-proof@v1\nindex ${entry.seq - 1}\n${path}\n${note}` };
}

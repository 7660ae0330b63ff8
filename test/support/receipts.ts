/** A queue of receipts with its workshop in the test's process; each part can be replaced. */
import { systemTimers } from '#engine/clock/index.ts';
import { silentLog } from '#engine/foundation/log.ts';
import {
  createReceipts,
  createWorkshop,
  type Receipts,
  type ReceiptsParts,
  type WorkshopParts,
} from '#engine/receipts/index.ts';
import { proofSource } from '#test/support/proof-source.ts';

export type ReceiptsChange = Partial<ReceiptsParts> & Partial<WorkshopParts>;

/** @param parts the store and, unless `change` has a workshop, the facts at least */
export function receiptsOver(
  parts: Pick<ReceiptsParts, 'store'> & Pick<WorkshopParts, 'facts'>,
  change: ReceiptsChange = {},
): Receipts {
  const { timers = systemTimers(), nowUs = () => 0 } = change;
  const { facts = parts.facts, proofs = proofSource(), pool, makers, ...others } = change;
  const making = { ...(pool && { pool }), ...(makers && { makers }) };
  return createReceipts({
    store: parts.store,
    workshop: createWorkshop({ facts, proofs, timers, ...making }),
    publicUrl: () => 'https://clickday.example.org',
    log: silentLog(),
    againAfterMs: 1,
    ...others,
    ...{ timers, nowUs },
  });
}

/**
 * What is known to be damaged in the ledger, whoever found it: the start, a lookup, the scrubber.
 * Each page raises its alarm once; `/health`, `/metrics` and the control room go on showing it.
 */
import type { Log } from '#engine/foundation/log.ts';
import type { Damage, LedgerWriter } from '#engine/ledger/index.ts';

export interface LedgerHealth {
  /** Takes note of a damaged page; one already known is not told again. */
  report(damage: Damage): void;
  /** In the order found; at most `DAMAGES_KEPT_MAX`. */
  damages(): readonly Damage[];
  /** False when the start could not read it all: then nobody new is admitted. */
  isAllRead(): boolean;
}

const DAMAGES_KEPT_MAX = 1000;

export function createLedgerHealth(options: {
  ledger: Pick<LedgerWriter, 'unread'>;
  log: Log;
}): LedgerHealth {
  const { ledger, log } = options;
  const known = new Map<number, Damage>();
  const report = (damage: Damage) => {
    if (known.has(damage.page) || known.size >= DAMAGES_KEPT_MAX) return;
    known.set(damage.page, damage);
    log.error({ damage }, 'a page of the ledger is damaged: its entries are not served');
  };
  for (const damage of ledger.unread) report(damage);
  return {
    report,
    damages: () => [...known.values()],
    isAllRead: () => ledger.unread.length === 0,
  };
}

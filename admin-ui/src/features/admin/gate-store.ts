/** What the control room shows of a gate's disk, read from what the gate says of itself. */

/** What a gate says of its disk, as far as it says it. */
export interface GateStore {
  /** Pages of its ledger that are damaged. */
  readonly damaged: number;
  readonly isRoomLow: boolean;
  /** Further submissions that its disk has room for; null when it does not say. */
  readonly roomEntries: number | null;
  /** Official time (µs) at which it last had read its whole ledger again; null: not yet. */
  readonly reReadAtUs: number | null;
}

/** Reads `/health` of a gate; one that is silent or older says nothing. */
export function gateStore(health: unknown): GateStore {
  const { ledger, isRoomLow, roomEntries } = recordOf(health);
  const { damaged, scrub } = recordOf(ledger);
  const { lastPassAtUs } = recordOf(scrub);
  return {
    damaged: Array.isArray(damaged) ? damaged.length : 0,
    isRoomLow: isRoomLow === true,
    roomEntries: typeof roomEntries === 'number' ? roomEntries : null,
    reReadAtUs: typeof lastPassAtUs === 'number' ? lastPassAtUs : null,
  };
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** The numbers of the control room, asked for again every few seconds while the page is open. */
import type { AdminStatus } from '#protocol/portal-api.ts';
import type { ApiClient } from '../../api/client.ts';
import { type ApiProblem, asProblem } from '../../api/problem.ts';

const refreshEveryMs = 5_000;

export class StatusFeed {
  status = $state.raw<AdminStatus | null>(null);
  problem = $state.raw<ApiProblem | null>(null);
  /** Official time of the last answer, ms, or null. */
  updatedAtMs = $state<number | null>(null);

  readonly #api: ApiClient;
  readonly #nowMs: () => number | null;

  constructor(options: { api: ApiClient; nowMs: () => number | null }) {
    this.#api = options.api;
    this.#nowMs = options.nowMs;
  }

  async load(): Promise<void> {
    try {
      this.status = await this.#api.adminStatus();
      this.updatedAtMs = this.#nowMs();
      this.problem = null;
    } catch (error) {
      this.problem = asProblem(error);
    }
  }

  /** Loads now and then regularly; the result stops it. */
  start(): () => void {
    void this.load();
    const timer = setInterval(() => void this.load(), refreshEveryMs);
    return () => clearInterval(timer);
  }
}

/** Whether what a gate last said of itself means that it serves. */
export function isGateUp(health: unknown): boolean {
  if (health === null || health === undefined || health === false) return false;
  if (typeof health !== 'object') return health === true || health === 'ok' || health === 'up';
  const { status, ok, reachable } = health as Record<string, unknown>;
  if (ok === false || reachable === false) return false;
  return status === undefined || status === 'ok' || status === 'up' || status === 'serving';
}

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

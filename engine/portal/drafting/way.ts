/**
 * The way of an application, each step with the time at which it was reached:
 *
 *   to complete ─► to validate ─► ready ─► submitted ─► receipt ─► forwarded ─► outcome
 *
 * The row of the application knows when it was begun, made ready, admitted and receipted; the rest
 * are events. A step that did not happen has no time, and one that was undone loses it.
 */
import { WAY, type Way, type WayStep } from '#protocol/drafting-api.ts';
import { isoFromUs } from '#protocol/time.ts';
import type { ApplicationEventsTable, ApplicationsTable } from '../../store/database/index.ts';

export interface WayFacts {
  readonly row: ApplicationsTable;
  /** When the last answer that was missing came; null while one is. */
  readonly completeAtUs: number | null;
  /** The newest of its kind; undefined when there was none. */
  readonly forwarded: ApplicationEventsTable | undefined;
  readonly outcome: ApplicationEventsTable | undefined;
  readonly isIssued: boolean;
  readonly events: readonly ApplicationEventsTable[];
}

/** The way as it stands. */
export function wayOf(facts: WayFacts): Way {
  const { row, completeAtUs, forwarded, outcome, isIssued, events } = facts;
  const isFinal = row.status === 'submitted' || row.status === 'receipt';
  const times: Readonly<Record<WayStep, number | null>> = {
    'to-complete': row.created_at_us,
    'to-validate': completeAtUs ?? row.ready_at_us,
    ready: row.ready_at_us,
    submitted: row.stamp_us,
    receipt: row.receipt_at_us,
    forwarded: isFinal ? (forwarded?.at_us ?? null) : null,
    outcome: isFinal ? (outcome?.at_us ?? null) : null,
  };
  const detail = { forwarded, outcome } as Partial<Record<WayStep, ApplicationEventsTable>>;
  return {
    steps: WAY.map((step) => ({ step, at: instant(times[step]), ...detailOf(detail[step]) })),
    present: WAY.findLast((step) => times[step] !== null) ?? 'to-complete',
    isIssued,
    events: events.map((event) => ({ kind: event.kind, at: isoFromUs(event.at_us) })),
  };
}

function instant(us: number | null): string | null {
  return us === null ? null : isoFromUs(us);
}

function detailOf(event: ApplicationEventsTable | undefined) {
  return event === undefined
    ? {}
    : { detail: JSON.parse(event.detail_json) as Record<string, unknown> };
}

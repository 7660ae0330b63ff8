/**
 * The two clocks of a ticket, in working time: until a first response, and until a solution.
 *
 *   created ──────────────────► first response
 *   created ──┤ waiting ├─────► answered ─┤ … ├─ written again ──► answered
 *              stands still                stands still
 *
 * The first response's clock runs from the arrival, whatever happens. The solution's stands while
 * it is the user's move or the ticket is closed; when it goes on it has what was left, reckoned
 * from the whole way as its events tell it. So a new calendar applies to all that is open.
 */
import type { DeskHours } from '#protocol/desk-tools-api.ts';
import type { TicketsTable } from '../../../store/database/index.ts';
import { MINUTE_US } from './rome-days.ts';
import type { WorkingTime } from './working-time.ts';

/** What of a ticket its dues follow from. */
export type Timed = Pick<TicketsTable, 'id' | 'kind' | 'status' | 'created_at_us'>;

export type Dues = Pick<TicketsTable, 'first_response_due_us' | 'solution_due_us'>;

/** The clock of the solution stood still; `untilUs` is infinite while it does. */
export interface Stop {
  readonly fromUs: number;
  readonly untilUs: number;
}

export type Targets = Pick<DeskHours, 'targets' | 'warningShare'>;

/** States in which it is the desk's move: the clock of the solution runs. */
const RUNNING: ReadonlySet<string> = new Set(['received', 'accepted', 'in-charge', 'analysis']);

export const isRunning = (status: string) => RUNNING.has(status);

/** Working minutes that a kind is given. */
export function targetsOf({ targets }: Targets, kind: string) {
  const target = targets[kind];
  if (target === undefined) throw new Error(`the kind ${kind} has no target`);
  return {
    firstResponseUs: target.firstResponseMinutes * MINUTE_US,
    solutionUs: target.solutionMinutes * MINUTE_US,
  };
}

/** Both dues of a ticket; null when so much working time never comes. */
export function duesOf(
  time: WorkingTime,
  targets: Targets,
  { ticket, stops }: { ticket: Timed; stops: readonly Stop[] },
): Dues {
  const { firstResponseUs, solutionUs } = targetsOf(targets, ticket.kind);
  let solutionDueUs = time.after(ticket.created_at_us, solutionUs);
  for (const stop of stops) solutionDueUs = afterStop(time, solutionDueUs, stop);
  return {
    first_response_due_us: time.after(ticket.created_at_us, firstResponseUs),
    solution_due_us: solutionDueUs,
  };
}

/** A promise that was broken before the stop stays broken; one that stands still stays for now. */
function afterStop(time: WorkingTime, dueUs: number | null, stop: Stop): number | null {
  if (dueUs === null || dueUs <= stop.fromUs || stop.untilUs === Number.POSITIVE_INFINITY) {
    return dueUs;
  }
  return time.after(stop.untilUs, time.between(stop.fromUs, dueUs));
}

/** A change of state, as an event tells it. */
export interface Passage {
  readonly atUs: number;
  readonly from: string;
  readonly to: string;
}

/** When the solution's clock stood; `passages` in their order. */
export function stopsOf(passages: readonly Passage[]): Stop[] {
  const stops: { fromUs: number; untilUs: number }[] = [];
  for (const { atUs, from, to } of passages) {
    if (isRunning(from) && !isRunning(to)) {
      stops.push({ fromUs: atUs, untilUs: Number.POSITIVE_INFINITY });
    }
    const last = stops.at(-1);
    if (!isRunning(from) && isRunning(to) && last !== undefined) last.untilUs = atUs;
  }
  return stops;
}

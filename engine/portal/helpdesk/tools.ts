/**
 * What the core of the help desk is told by its tools (teams, incidents, working hours), which it
 * does without: then there are no teams, no incidents and no promises of time.
 */
import type { DeskClock } from '#protocol/desk-api.ts';
import { isoFromUs } from '#protocol/time.ts';
import type { TicketRow } from '../../store/database/index.ts';

export type DueTimes = Partial<Pick<TicketRow, 'first_response_due_us' | 'solution_due_us'>>;

export interface Clocks {
  /**
   * The due times to be written with a change, in its transaction. `before` is null for a new
   * ticket; `ticket` is what it becomes. `{}` leaves them as they are.
   */
  due(ticket: TicketRow, before: TicketRow | null, nowUs: number): DueTimes;
  /** From when on a promise that falls due at `dueUs` is warned of. */
  warnedFromUs(ticket: TicketRow, dueUs: number): number;
}

export interface DeskTools {
  readonly clocks: Clocks;
  /** To whom a new ticket comes by itself; null for nobody. */
  teamFor(ticket: Pick<TicketRow, 'kind' | 'language'>): string | null;
  isTeam(id: string): boolean;
  isIncident(id: string): boolean;
}

export const noTools: DeskTools = {
  clocks: { due: () => ({}), warnedFromUs: (_ticket, dueUs) => dueUs },
  teamFor: () => null,
  isTeam: () => false,
  isIncident: () => false,
};

/** Both clocks of a ticket as they are shown. */
export function clocksOf(
  ticket: TicketRow,
  clocks: Clocks,
  nowUs: number,
): { readonly firstResponse: DeskClock; readonly solution: DeskClock } {
  const state = (dueUs: number | null): DeskClock => {
    if (dueUs === null) return { due: null, state: 'stopped' };
    const due = isoFromUs(dueUs);
    if (nowUs >= dueUs) return { due, state: 'breached' };
    return { due, state: nowUs >= clocks.warnedFromUs(ticket, dueUs) ? 'warning' : 'running' };
  };
  const met = (dueUs: number | null, atUs: number): DeskClock =>
    dueUs !== null && atUs >= dueUs
      ? { due: isoFromUs(dueUs), state: 'breached' }
      : { due: null, state: 'met' };
  const { first_response_at_us: firstUs } = ticket;
  /** The answer was the solution, although it was closed a week later by time. */
  const solvedUs = ticket.answered_at_us ?? ticket.closed_at_us;
  const isOver = ticket.side === 'over';
  const { first_response_due_us: firstDueUs, solution_due_us: solutionDueUs } = ticket;
  const stopped: DeskClock = { due: null, state: 'stopped' };
  return {
    firstResponse:
      firstUs !== null ? met(firstDueUs, firstUs) : isOver ? stopped : state(firstDueUs),
    solution: isOver
      ? met(solutionDueUs, solvedUs ?? ticket.updated_at_us)
      : ticket.side === 'user'
        ? stopped
        : state(solutionDueUs),
  };
}

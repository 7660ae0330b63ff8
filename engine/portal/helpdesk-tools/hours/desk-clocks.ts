/**
 * The clocks as the core of the help desk asks for them, by the hours as they are now. A ticket's
 * way is read from its events only when something about its dues changes.
 */
import type { Database, TicketEventsTable } from '../../../store/database/index.ts';
import {
  type Dues,
  duesOf,
  isRunning,
  type Passage,
  stopsOf,
  type Timed,
  targetsOf,
} from './clocks.ts';
import type { HoursInForce } from './service.ts';

type TimedRow = Timed & Dues;

export interface DeskClocks {
  /** What of the dues a change alters. `before`: null for a new ticket. */
  due(ticket: Timed, before: Timed | null, nowUs: number): Partial<Dues>;
  /** From when on a promise that falls due at `dueUs` is warned of. */
  warnedFromUs(ticket: TimedRow, dueUs: number): number;
  /** The dues reckoned anew, after the hours have changed. */
  renewed(ticket: Timed): Dues;
}

export function createDeskClocks(database: Database, hours: () => HoursInForce): DeskClocks {
  const passages = (ticket: string) => passagesOf(database, ticket);
  const reckon = (ticket: Timed, way: readonly Passage[]) => {
    const { time, settings } = hours();
    return duesOf(time, settings, { ticket, stops: stopsOf(way) });
  };
  return {
    due: (ticket, before, nowUs) => {
      if (before === null) return reckon(ticket, []);
      const goesOn = !isRunning(before.status) && isRunning(ticket.status);
      if (!goesOn && before.kind === ticket.kind) return {};
      const now = { atUs: nowUs, from: before.status, to: ticket.status };
      return reckon(ticket, [...passages(ticket.id), now]);
    },
    warnedFromUs: (ticket, dueUs) => {
      const { time, settings } = hours();
      const { firstResponseUs, solutionUs } = targetsOf(settings, ticket.kind);
      const targetUs = dueUs === ticket.first_response_due_us ? firstResponseUs : solutionUs;
      const leftUs = Math.round(targetUs * (1 - settings.warningShare));
      return time.before(dueUs, leftUs) ?? dueUs;
    },
    renewed: (ticket) => reckon(ticket, passages(ticket.id)),
  };
}

/** The changes of state among what happened. */
function passagesOf({ build, all }: Database, ticket: string): Passage[] {
  const events = build.selectFrom('ticket_events').selectAll().where('ticket', '=', ticket);
  return all(events.orderBy('id')).flatMap(passageOf);
}

function passageOf({ at_us: atUs, detail_json: text }: TicketEventsTable): Passage[] {
  const { from, to } = JSON.parse(text) as { from?: unknown; to?: unknown };
  return typeof from === 'string' && typeof to === 'string' ? [{ atUs, from, to }] : [];
}

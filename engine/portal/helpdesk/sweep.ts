/**
 * What time does to tickets: brings back those that were postponed to today, closes those that wait
 * too long for their user, and accepts those that the full outbox left without their number. A few
 * at a time, in one transaction each.
 */
import type { Timers } from '../../clock/index.ts';
import type { Log } from '../../foundation/log.ts';
import { type Database, sql, type TicketRow } from '../../store/database/index.ts';
import { Refusal } from '../http/refusal.ts';
import type { TicketActions } from './actions.ts';
import type { Actor, TicketChanges } from './change.ts';
import type { HelpdeskLimits } from './limits.ts';
import { createPaced, type Paced } from './paced.ts';
import { returningTickets } from './postponing.ts';

export interface SweepParts {
  readonly database: Database;
  readonly clock: { nowUs(): number };
  readonly timers: Timers;
  readonly log: Log;
  readonly limits: HelpdeskLimits;
  readonly actions: TicketActions;
  readonly changes: TicketChanges;
}

const BATCH = 10;
const DAY_US = 24 * 3_600_000_000;
const TIME: Actor = { by: 'time', account: null };
const BY_RULE: Actor = { by: 'desk', account: null };

export function createDeskSweep(parts: SweepParts): Paced {
  return createPaced(parts.timers, () => {
    try {
      return batch(parts) === BATCH;
    } catch (error) {
      // A full outbox: the next sweep goes on.
      if (!(error instanceof Refusal)) throw error;
      parts.log.warn({ code: error.code }, 'tickets wait for the next sweep');
      return false;
    }
  });
}

/** All of it or nothing; how many. */
function batch(parts: SweepParts): number {
  const { database, actions, limits } = parts;
  return database.transaction(() => {
    const back = returningTickets(database, parts.clock.nowUs(), BATCH);
    for (const ticket of back) {
      parts.changes.change(ticket, { postponed_until_us: null }, { ...TIME, kind: 'returned' });
    }
    if (back.length > 0) return back.length;
    const late = overdue(parts);
    for (const ticket of late) actions.act(ticket, { action: 'close', actor: TIME });
    if (late.length > 0 || !limits.isAcceptedAtOnce) return late.length;
    const left = leftBehind(database);
    for (const ticket of left) actions.act(ticket, { action: 'accept', actor: BY_RULE });
    return left.length;
  });
}

function overdue({ database, clock, limits }: SweepParts): TicketRow[] {
  const { build, all } = database;
  const nowUs = clock.nowUs();
  const rows = () => build.selectFrom('tickets').selectAll().limit(BATCH);
  const waiting = rows()
    .where(sql<boolean>`status = 'waiting'`)
    .where('waiting_since_us', '<=', nowUs - limits.waitingDays * DAY_US)
    .orderBy('waiting_since_us');
  const answered = rows()
    .where(sql<boolean>`status = 'answered'`)
    .where('answered_at_us', '<=', nowUs - limits.answeredDays * DAY_US)
    .orderBy('answered_at_us');
  return [...all(waiting), ...all(answered)].slice(0, BATCH);
}

function leftBehind({ build, all }: Database): TicketRow[] {
  const rows = build
    .selectFrom('tickets')
    .selectAll()
    .where('side', '=', 'desk')
    .where('status', '=', 'received');
  return all(rows.orderBy('id').limit(BATCH));
}

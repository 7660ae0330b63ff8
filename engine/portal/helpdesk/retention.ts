/**
 * How long the words of nobody's tickets stay: of callers and senders without an account, whose
 * deletion would take them along. So many days after a ticket's end, or after the last that
 * happened to it since, it loses them (`erasure.ts`) together with its letters; sooner when an
 * administrator does so at the wish of who asked.
 */
import type { Timers } from '../../clock/index.ts';
import type { Log } from '../../foundation/log.ts';
import type { Random } from '../../foundation/random.ts';
import type { MailRoom } from '../../mail/index.ts';
import { type Database, sql, type TicketRow } from '../../store/database/index.ts';
import type { Actor } from './change.ts';
import { eraseWords, isErased } from './erasure.ts';
import type { HelpdeskLimits } from './limits.ts';
import { createPaced, type Paced } from './paced.ts';

export interface RetentionParts {
  readonly database: Database;
  readonly clock: { nowUs(): number };
  readonly random: Random;
  readonly timers: Timers;
  readonly log: Log;
  readonly mail: Pick<MailRoom, 'forget'>;
  readonly limits: Pick<HelpdeskLimits, 'keptDays'>;
}

/** A ticket may have two thousand messages: few at a time. */
const BATCH = 5;
const DAY_US = 24 * 3_600_000_000;
const TIME: Actor = { by: 'time', account: null };

/** What time does; runs with the portal's sweep. */
export function createRetention(parts: RetentionParts): Paced {
  const { database, clock, limits, log } = parts;
  return createPaced(parts.timers, () => {
    const untilUs = clock.nowUs() - limits.keptDays * DAY_US;
    const due = database.transaction(() => {
      const found = kept(database, untilUs);
      eraseNobodys(parts, found, TIME);
      return found;
    });
    forgetLetters(parts.mail, due);
    if (due.length > 0) log.info({ count: due.length }, 'tickets of nobody have lost their words');
    return due.length === BATCH;
  });
}

/** Whether it is over, has its words, and goes with nobody's account. */
export function mayBeErased(ticket: TicketRow): boolean {
  const { account, organisation, office, side } = ticket;
  const isNobodys = account === null && organisation === null && office === null;
  return isNobodys && side === 'over' && !isErased(ticket);
}

/** Joins an open transaction; its letters go after it, by `forgetLetters`. */
export function eraseNobodys(
  parts: Pick<RetentionParts, 'database' | 'random' | 'clock'>,
  tickets: readonly TicketRow[],
  actor: Actor,
): void {
  const ids = tickets.map(({ id }) => id);
  eraseWords(parts, ids, { nowUs: parts.clock.nowUs(), actor });
}

/** `tickets` as they were. Letters of other tickets to the same address stay. */
export function forgetLetters(
  mail: RetentionParts['mail'],
  tickets: readonly Pick<TicketRow, 'contact_email' | 'number'>[],
): void {
  for (const { contact_email: recipient, number } of tickets) {
    if (recipient !== null && number !== null) mail.forget(recipient, `[#${number}]`);
  }
}

function kept({ build, all }: Database, untilUs: number): TicketRow[] {
  const old = build
    .selectFrom('tickets')
    .selectAll()
    .where('account', 'is', null)
    .where('organisation', 'is', null)
    .where('office', 'is', null)
    .where(sql<boolean>`status IN ('closed', 'merged')`)
    .where(sql<boolean>`subject <> ''`)
    .where('updated_at_us', '<=', untilUs);
  return all(old.orderBy('updated_at_us').limit(BATCH));
}

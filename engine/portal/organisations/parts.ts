/** What the room of organisations is given, and the small things that all of it uses. */
import type { Random } from '../../foundation/random.ts';
import type { Letter, MailRoom } from '../../mail/index.ts';
import type { Database } from '../../store/database/index.ts';
import { type Reacher, requireDeed } from '../applications/reach.ts';
import { type AuditFact, createAudit } from '../control-room/audit.ts';
import { Refusal } from '../http/refusal.ts';
import type { Sessions } from '../session/index.ts';
import type { PortalLimits } from '../settings.ts';

export interface OrganisationParts {
  readonly database: Database;
  readonly clock: { nowUs(): number };
  readonly random: Random;
  readonly mail: MailRoom;
  readonly sessions: Sessions;
  readonly limits: PortalLimits;
  readonly publicUrl: () => string;
}

const RETRY_AFTER_MS = 60_000;

/** Writes one line of the audit; joins an open transaction. */
export function note(parts: OrganisationParts, fact: AuditFact): void {
  createAudit(parts)(fact);
}

/** Puts a letter into the outbox; joins an open transaction. Refuses BUSY when it is full. */
export function post(parts: OrganisationParts, letter: Letter): void {
  if (parts.mail.enqueue(letter) === null) {
    throw new Refusal('BUSY', { retryAfterMs: RETRY_AFTER_MS });
  }
}

/** The organisation that the caller manages. Refuses NOT_FOUND, ROLE_INSUFFICIENT. */
export function managedBy(caller: Reacher): string {
  if (caller.organisation === null) throw new Refusal('NOT_FOUND');
  requireDeed(caller, 'manage');
  return caller.organisation;
}

/**
 * The audit: who changed what, in the transaction of the change. It only grows. No password,
 * token or answer of a form is ever written here.
 */
import type { Random } from '../../foundation/random.ts';
import type { Database } from '../../store/database/index.ts';

/** `account` is who did it, null for the system itself; `subject` what it was done to. */
export interface AuditFact {
  readonly account: string | null;
  readonly action: string;
  readonly subject: string;
  readonly detail?: unknown;
}

export type Audit = (fact: AuditFact) => void;

interface Parts {
  readonly database: Database;
  readonly clock: { nowUs(): number };
  readonly random: Random;
}

/** Writes to the table `audit`; joins an open transaction. */
export function createAudit({ database, clock, random }: Parts): Audit {
  return ({ account, action, subject, detail = {} }) => {
    const row = {
      id: random.id(),
      at_us: clock.nowUs(),
      account,
      action,
      subject,
      detail_json: JSON.stringify(detail),
    };
    database.run(database.build.insertInto('audit').values(row));
  };
}

/**
 * Passbooks: what an account may submit, its own or its organisation's, signed for the gates
 * (protocol §2). Applications that were submitted already are named too: repeating one is harmless
 * and gets its first outcome again.
 */
import {
  PASSBOOK_APPLICATIONS_MAX,
  PASSBOOK_TYP,
  type PassbookClaims,
} from '#protocol/passbook.ts';
import { type SigningKey, signCompact } from '../../foundation/jws.ts';
import type { Random } from '../../foundation/random.ts';
import type { Database } from '../../store/database/index.ts';
import { type Reacher, requireDeed } from './reach.ts';
import { type ApplicationRow, applicationStore } from './store.ts';

export interface PassbookParts {
  readonly database: Database;
  readonly clock: { nowUs(): number };
  readonly random: Random;
  readonly key: SigningKey;
}

/** How long after the last closing a passbook still proves what it says. */
const GRACE_US = 24 * 3_600_000_000;
const US_A_SECOND = 1_000_000;

/**
 * The caller's passbooks in the order of click days and of compilation, at most 500 applications
 * each; none when nothing is ready for a day that is still to close. Refuses ROLE_INSUFFICIENT.
 */
export function issuePassbooks(parts: PassbookParts, caller: Reacher): string[] {
  requireDeed(caller, 'send');
  const { database, clock } = parts;
  const { id: account, organisation } = caller;
  const store = applicationStore(database);
  const nowUs = clock.nowUs();
  return database.transaction(() => {
    const rows = store.issuable(caller).filter((row) => row.closes_at_us > nowUs);
    if (rows.length > 0) store.markIssued(caller);
    const passbooks: string[] = [];
    for (let from = 0; from < rows.length; from += PASSBOOK_APPLICATIONS_MAX) {
      const chunk = rows.slice(from, from + PASSBOOK_APPLICATIONS_MAX);
      const closesAtUs = Math.max(...chunk.map((row) => row.closes_at_us));
      const made = { account, organisation, applications: chunk, closesAtUs, nowUs };
      passbooks.push(signPassbook(parts, made));
    }
    return passbooks;
  });
}

/** One passbook over applications that have a version. */
export function signPassbook(
  { key, random }: Pick<PassbookParts, 'key' | 'random'>,
  made: {
    readonly account: string;
    readonly organisation?: string | null;
    readonly applications: readonly Pick<
      ApplicationRow,
      'id' | 'model' | 'click_day' | 'office' | 'digest'
    >[];
    readonly closesAtUs: number;
    readonly nowUs: number;
  },
): string {
  const claims: PassbookClaims = {
    sub: made.account,
    ...(made.organisation ? { org: made.organisation } : {}),
    iat: Math.floor(made.nowUs / US_A_SECOND),
    exp: Math.ceil((made.closesAtUs + GRACE_US) / US_A_SECOND),
    jti: random.id(),
    applications: made.applications.map((row) => ({
      id: row.id,
      clickDay: row.click_day ?? '',
      model: row.model,
      office: row.office ?? '',
      digest: row.digest ?? '',
    })),
  };
  return signCompact({ key, typ: PASSBOOK_TYP, claims });
}

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
import type { Timers } from '../../clock/index.ts';
import { type SigningKey, signCompact } from '../../foundation/jws.ts';
import type { Random } from '../../foundation/random.ts';
import type { Database } from '../../store/database/index.ts';
import { clickDayStore } from '../calendar/store.ts';
import { deedsOf, type Reacher, requireDeed } from './reach.ts';
import { type ApplicationRow, applicationStore, type IssuableRow } from './store.ts';

export interface PassbookParts {
  readonly database: Database;
  readonly clock: { nowUs(): number };
  readonly random: Random;
  readonly key: SigningKey;
  readonly timers: Pick<Timers, 'immediate'>;
}

/** How long after the last closing a passbook still proves what it says. */
const GRACE_US = 24 * 3_600_000_000;
const US_A_SECOND = 1_000_000;

/**
 * The caller's passbooks in the order of click days and of compilation, at most 500 applications
 * each; none when nothing is ready for a day that is still to close. A member's private ones come
 * in passbooks of their own, whatever the role. An organisation may have tens
 * of thousands: after each passbook others have their turn. Refuses ROLE_INSUFFICIENT.
 */
export async function issuePassbooks(parts: PassbookParts, caller: Reacher): Promise<string[]> {
  const own = await passbooksOf(parts, { ...caller, organisation: null });
  if (caller.organisation === null) return own;
  if (own.length > 0 && !deedsOf(caller).includes('send')) return own;
  requireDeed(caller, 'send');
  return [...(await passbooksOf(parts, caller)), ...own];
}

/** Of an organisation, or of a private person. */
async function passbooksOf(parts: PassbookParts, caller: Reacher): Promise<string[]> {
  const whose = caller.organisation === null ? 'private' : undefined;
  const { database, clock, timers } = parts;
  const store = applicationStore(database);
  const nowUs = clock.nowUs();
  const passbooks: string[] = [];
  let chunk: Chunk = { applications: [], closesAtUs: 0 };
  for (const { id: clickDay, closesAtUs } of clickDayStore(database).all()) {
    if (closesAtUs <= nowUs) continue;
    let after: Pick<IssuableRow, 'ready_at_us' | 'id'> = { ready_at_us: -1, id: '' };
    for (;;) {
      const limit = PASSBOOK_APPLICATIONS_MAX - chunk.applications.length;
      const rows = store.issuable(caller, { clickDay, after, limit, whose });
      if (rows.length > 0) chunk = extended(chunk, { applications: rows, closesAtUs });
      if (rows.length < limit) break;
      passbooks.push(handOut(parts, caller, chunk));
      chunk = { applications: [], closesAtUs: 0 };
      after = rows.at(-1) ?? after;
      await new Promise<void>((turn) => timers.immediate(turn));
    }
  }
  if (chunk.applications.length > 0) passbooks.push(handOut(parts, caller, chunk));
  return passbooks;
}

/** What becomes one passbook, with the last closing of its click days. */
interface Chunk {
  readonly applications: readonly IssuableRow[];
  readonly closesAtUs: number;
}

function extended(chunk: Chunk, more: Chunk): Chunk {
  return {
    applications: [...chunk.applications, ...more.applications],
    closesAtUs: Math.max(chunk.closesAtUs, more.closesAtUs),
  };
}

/** Marks the versions as issued, then signs: not the other way round. */
function handOut(parts: PassbookParts, { id, organisation }: Reacher, chunk: Chunk): string {
  const digests = chunk.applications.flatMap((row) => row.digest ?? []);
  applicationStore(parts.database).markIssued(digests);
  return signPassbook(parts, { account: id, organisation, ...chunk, nowUs: parts.clock.nowUs() });
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

/**
 * Deleting an account.
 *
 *   asked ──some days, in which it can be kept──► due ──► erased
 *
 * Erased are drafts, applications that were never submitted with all that hangs on them, personal
 * data, sessions, mails, the words of requests for help. What was submitted stays: its place in the
 * public order is a fact that others' places rest on, and its answers are papers of a public
 * procedure. Then the account stays behind it as a number without name, address or code; otherwise
 * it goes too.
 *
 * Erasing waits for what may still become a submission: a passbook for a click day that is not
 * over, an entry a registrar has not read yet, a receipt that is not made. It goes step by step,
 * a bounded number of rows at a time; stopped between two steps it goes on with the next sweep.
 */
import type { DeletionPlan } from '#protocol/accounts-api.ts';
import { isoFromUs } from '#protocol/time.ts';
import type { Random } from '../../foundation/random.ts';
import type { MailRoom } from '../../mail/index.ts';
import type { Database } from '../../store/database/index.ts';
import type { Audit } from '../control-room/audit.ts';
import { eraseTickets, privateTicketCount } from '../helpdesk/erasure.ts';
import { Refusal } from '../http/refusal.ts';
import { requireAdministrator } from '../organisations/index.ts';
import type { Sessions } from '../session/index.ts';
import { deletionLetter } from './deletion-letters.ts';
import { type DeletionStore, deletionStore } from './deletion-store.ts';
import { erasedWords, keptWords } from './deletion-words.ts';
import type { Links } from './links.ts';
import type { Post } from './post.ts';
import { type AccountRow, accountStore } from './store.ts';

export interface Deletion {
  /** What it would do now, and when it is due if it was asked for. */
  plan(account: AccountRow): DeletionPlan;
  /**
   * The password was checked. Refuses READY_APPLICATIONS unless that was confirmed, and
   * LAST_ADMINISTRATOR to who alone manages an organisation.
   */
  ask(account: AccountRow, wish: { evenReady: boolean; keep: string }): DeletionPlan;
  /** Nothing is deleted; false when nothing was going to be. */
  stop(account: AccountRow): boolean;
  /** The same with the link of the mail. Refuses LINK_INVALID. */
  keep(token: string): { email: string };
  /** Erases what is due, some of it if there is much. */
  sweep(): void;
}

export interface DeletionParts {
  readonly database: Database;
  readonly clock: { nowUs(): number };
  readonly random: Random;
  readonly links: Links;
  readonly sessions: Sessions;
  readonly mail: Pick<MailRoom, 'forget'>;
  readonly post: Post;
  readonly audit: Audit;
  readonly publicUrl: () => string;
  /** Time to think again. */
  readonly graceMs: number;
}

const US_A_MS = 1000;
const MS_A_DAY = 24 * 3_600_000;
/** After the close of a click day an entry may still be on its way from a gate to the register. */
const SETTLE_US = MS_A_DAY * US_A_MS;
const ACCOUNTS_A_SWEEP = 20;
const APPLICATIONS_A_STEP = 50;

export function createDeletion(parts: DeletionParts): Deletion {
  const { database, clock, links, sessions, post, audit, publicUrl, graceMs } = parts;
  const store = deletionStore(database);
  const days = Math.round(graceMs / MS_A_DAY);
  const plan = (account: AccountRow): DeletionPlan => {
    const due = store.byAccount(account.id);
    const counts = {
      ...store.counts(account.id, clock.nowUs()),
      tickets: privateTicketCount(database, account.id),
    };
    return {
      dueAt: due ? isoFromUs(due.due_at_us) : null,
      days,
      erased: erasedWords(counts),
      kept: keptWords(counts),
      readyApplications: counts.readyAhead,
    };
  };
  const stop = (account: AccountRow) =>
    database.transaction(() => {
      links.drop(account.id, 'keep');
      if (!store.remove(account.id)) return false;
      audit({ account: account.id, action: 'account.deletion-stopped', subject: account.id });
      return true;
    });
  return {
    plan,
    stop,
    ask: (account, { evenReady, keep }) =>
      database.transaction(() => {
        const nowUs = clock.nowUs();
        const ahead = store.counts(account.id, nowUs).readyAhead;
        if (ahead > 0 && !evenReady) throw new Refusal('READY_APPLICATIONS');
        requireSuccessor(database, account);
        const dueUs = nowUs + graceMs * US_A_MS;
        store.put({ account: account.id, asked_at_us: nowUs, due_at_us: dueUs });
        sessions.closeAll(account.id, { keep });
        links.drop(account.id, 'keep');
        const token = links.add({ account: account.id, purpose: 'keep', lifeMs: graceMs });
        post(deletionLetter(account, { link: `${publicUrl()}/keep?token=${token}`, dueUs, days }));
        audit({ account: account.id, action: 'account.deletion-asked', subject: account.id });
        return plan(account);
      }),
    keep: (token) => {
      const link = links.spend(token, 'keep');
      const account = link && accountStore(database).byId(link.account);
      if (!account) throw new Refusal('LINK_INVALID');
      stop(account);
      return { email: account.email };
    },
    sweep: () => {
      for (const account of store.due(clock.nowUs(), ACCOUNTS_A_SWEEP))
        erase(parts, store, account);
    },
  };
}

/** Others of the organisation must be able to manage it. */
function requireSuccessor(database: Database, account: AccountRow): void {
  const { id, organisation, member_role } = account;
  if (organisation === null || member_role !== 'administrator') return;
  requireAdministrator(database, { organisation, besides: id });
}

/** One step; a second of the clock later nothing of it can be brought back. */
function erase(parts: DeletionParts, store: DeletionStore, id: string): void {
  const { database, clock, mail, audit } = parts;
  const account = accountStore(database).byId(id);
  if (!account) return;
  const isOver = database.transaction(() => {
    store.removeApplications(id, APPLICATIONS_A_STEP, clock.nowUs() - SETTLE_US);
    if (store.isStillMoving(id)) return false;
    if (eraseTickets(parts, id, clock.nowUs())) return false;
    store.removeTraces(id);
    if (store.hasApplications(id)) store.anonymise(id, clock.nowUs());
    else accountStore(database).remove(id);
    audit({ account: null, action: 'account.erased', subject: id });
    return true;
  });
  if (isOver) mail.forget(account.email);
}

/** The rows a deletion reads and erases. No rules here but what "unsubmitted" and "moving" mean. */
import type { AccountDeletionsTable, Database } from '../../store/database/index.ts';

/** How many applications of an account are in which case. */
export interface DeletionCounts {
  readonly unsubmitted: number;
  readonly submitted: number;
  /** Ready for a click day that has not closed yet. */
  readonly readyAhead: number;
  /** Begun by it, of its organisation. */
  readonly ofOrganisation: number;
}

export interface DeletionStore {
  byAccount(account: string): AccountDeletionsTable | undefined;
  put(row: AccountDeletionsTable): void;
  remove(account: string): boolean;
  /** Accounts due, the longest first. */
  due(nowUs: number, limit: number): string[];
  counts(account: string, nowUs: number): DeletionCounts;
  /** Up to `limit` that cannot become submissions any more: no passbook for a day after then. */
  removeApplications(account: string, limit: number, closedBeforeUs: number): void;
  /** Whether something unsubmitted is left, or a receipt is to be made. */
  isStillMoving(account: string): boolean;
  hasApplications(account: string): boolean;
  /** Sessions, links, second factor, the deletion itself. */
  removeTraces(account: string): void;
  /** Leaves a number without name, address or code, which nobody can log in to. */
  anonymise(account: string, nowUs: number): void;
}

const UNSUBMITTED = ['draft', 'ready'];

export function deletionStore(database: Database): DeletionStore {
  const { build, all, first, run } = database;
  /** Its organisation's are not an account's to delete. */
  const own = (account: string) =>
    build
      .selectFrom('applications')
      .where('account', '=', account)
      .where('organisation', 'is', null);
  const countOf = (account: string, statuses: readonly string[]) =>
    first(
      own(account)
        .where('status', 'in', statuses)
        .select((e) => e.fn.countAll<number>().as('count')),
    )?.count ?? 0;
  return {
    byAccount: (account) =>
      first(build.selectFrom('account_deletions').selectAll().where('account', '=', account)),
    put: (row) =>
      void run(
        build
          .insertInto('account_deletions')
          .values(row)
          .onConflict((conflict) => conflict.column('account').doNothing()),
      ),
    remove: (account) =>
      run(build.deleteFrom('account_deletions').where('account', '=', account)) > 0,
    due: (nowUs, limit) =>
      all(
        build
          .selectFrom('account_deletions')
          .select('account')
          .where('due_at_us', '<=', nowUs)
          .orderBy('due_at_us')
          .limit(limit),
      ).map(({ account }) => account),
    counts: (account, nowUs) => ({
      unsubmitted: countOf(account, UNSUBMITTED),
      submitted: countOf(account, ['submitted', 'receipt']),
      readyAhead: countReadyAhead(database, account, nowUs),
      ofOrganisation: countOfOrganisation(database, account),
    }),
    removeApplications: (account, limit, closedBeforeUs) => {
      const gone = own(account)
        .select('id')
        .where('status', 'in', UNSUBMITTED)
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom('versions as v')
                .innerJoin('click_days as d', 'd.id', 'v.click_day')
                .select('v.digest')
                .whereRef('v.application', '=', 'applications.id')
                .where('v.issued', '=', 1)
                .where('d.closes_at_us', '>', closedBeforeUs),
            ),
          ),
        )
        .limit(limit);
      run(build.deleteFrom('applications').where('id', 'in', gone));
    },
    isStillMoving: (account) => countOf(account, [...UNSUBMITTED, 'submitted']) > 0,
    hasApplications: (account) =>
      first(
        build.selectFrom('applications').select('id').where('account', '=', account).limit(1),
      ) !== undefined,
    removeTraces: (account) => {
      const tables = [
        'sessions',
        'tokens',
        'account_links',
        'second_factors',
        'account_deletions',
        'organisation_invitations',
      ] as const;
      for (const table of tables) run(build.deleteFrom(table).where('account', '=', account));
    },
    anonymise: (account, nowUs) =>
      void run(
        build
          .updateTable('accounts')
          .set({
            email: `erased ${account}`,
            given_name: '',
            family_name: '',
            codice_fiscale: null,
            password_hash: null,
            organisation: null,
            member_role: null,
            deactivated_at_us: nowUs,
          })
          .where('id', '=', account),
      ),
  };
}

function countReadyAhead({ build, first }: Database, account: string, nowUs: number): number {
  const found = first(
    build
      .selectFrom('applications as a')
      .innerJoin('click_days as d', 'd.id', 'a.click_day')
      .where('a.account', '=', account)
      .where('a.organisation', 'is', null)
      .where('a.status', '=', 'ready')
      .where('d.closes_at_us', '>', nowUs)
      .select((e) => e.fn.countAll<number>().as('count')),
  );
  return found?.count ?? 0;
}

function countOfOrganisation({ build, first }: Database, account: string): number {
  const found = first(
    build
      .selectFrom('applications')
      .where('account', '=', account)
      .where('organisation', 'is not', null)
      .select((e) => e.fn.countAll<number>().as('count')),
  );
  return found?.count ?? 0;
}

/** Organisations, their members and requests in the database. No rules here, only rows. */
import type {
  AccountsTable,
  Database,
  OrganisationRequestsTable,
  OrganisationsTable,
} from '../../store/database/index.ts';

export type MemberRow = AccountsTable & { organisation: string; member_role: string };
export type OrganisationRow = OrganisationsTable;
export type RequestRow = OrganisationRequestsTable;

export interface OrganisationStore {
  byId(id: string): OrganisationRow | undefined;
  insert(row: OrganisationRow): void;
  /** In the order in which they came. */
  members(organisation: string): MemberRow[];
  member(organisation: string, id: string): MemberRow | undefined;
  memberCount(organisation: string): number;
  /** Those who can log in and manage. */
  /** Active ones; without one of them if it is named. */
  administratorCount(organisation: string, besides?: string): number;
  /** Whatever a private person has begun becomes the organisation's. */
  giveApplications(account: string, organisation: string): number;
  insertRequest(row: RequestRow): void;
  request(id: string): RequestRow | undefined;
  updateRequest(id: string, values: Partial<RequestRow>): void;
  /** Newest first. */
  requestsOf(organisation: string, limit: number): RequestRow[];
  lastFounding(account: string): RequestRow | undefined;
  waitingCount(organisation: string): number;
  /** Oldest first, above the id `cursor`. */
  queue(wish: { status: string; cursor?: string | undefined; limit: number }): RequestRow[];
}

/** The organisations in `database`. */
export function organisationStore(database: Database): OrganisationStore {
  const { build, all, first, run } = database;
  const members = (organisation: string) =>
    build.selectFrom('accounts').selectAll().where('organisation', '=', organisation);
  const counted = (organisation: string) =>
    build
      .selectFrom('accounts')
      .select((e) => e.fn.countAll<number>().as('count'))
      .where('organisation', '=', organisation);
  return {
    byId: (id) => first(build.selectFrom('organisations').selectAll().where('id', '=', id)),
    insert: (row) => void run(build.insertInto('organisations').values(row)),
    members: (organisation) => all(members(organisation).orderBy('id')) as MemberRow[],
    member: (organisation, id) =>
      first(members(organisation).where('id', '=', id)) as MemberRow | undefined,
    memberCount: (organisation) => first(counted(organisation))?.count ?? 0,
    administratorCount: (organisation, besides = '') =>
      first(
        counted(organisation)
          .where('id', '!=', besides)
          .where('member_role', '=', 'administrator')
          .where('confirmed_at_us', 'is not', null)
          .where('deactivated_at_us', 'is', null),
      )?.count ?? 0,
    giveApplications: (account, organisation) => {
      const given = build.updateTable('applications').set({ organisation });
      return run(given.where('account', '=', account).where('organisation', 'is', null));
    },
    ...requestRows(database),
  };
}

function requestRows({ build, all, first, run }: Database) {
  const requests = () => build.selectFrom('organisation_requests').selectAll();
  return {
    insertRequest: (row: RequestRow) =>
      void run(build.insertInto('organisation_requests').values(row)),
    request: (id: string) => first(requests().where('id', '=', id)),
    updateRequest: (id: string, values: Partial<RequestRow>) =>
      void run(build.updateTable('organisation_requests').set(values).where('id', '=', id)),
    requestsOf: (organisation: string, limit: number) =>
      all(requests().where('organisation', '=', organisation).orderBy('id', 'desc').limit(limit)),
    lastFounding: (account: string) =>
      first(
        requests()
          .where('requested_by', '=', account)
          .where('kind', '=', 'organisation')
          .orderBy('id', 'desc')
          .limit(1),
      ),
    waitingCount: (organisation: string) =>
      first(
        build
          .selectFrom('organisation_requests')
          .select((e) => e.fn.countAll<number>().as('count'))
          .where('organisation', '=', organisation)
          .where('status', '=', 'waiting'),
      )?.count ?? 0,
    queue: (wish: { status: string; cursor?: string | undefined; limit: number }) => {
      const rows = requests().where('status', '=', wish.status).orderBy('id').limit(wish.limit);
      return all(wish.cursor === undefined ? rows : rows.where('id', '>', wish.cursor));
    },
  };
}

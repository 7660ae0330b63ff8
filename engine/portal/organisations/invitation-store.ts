/** Invitations to accounts that are there already, in the database. No rules here, only rows. */
import type {
  AccountsTable,
  Database,
  OrganisationInvitationsTable,
} from '../../store/database/index.ts';

export type InvitationRow = OrganisationInvitationsTable;
/** With the address of the account. */
export type InvitedRow = InvitationRow & Pick<AccountsTable, 'email'>;

export interface InvitationStore {
  insert(row: InvitationRow): void;
  update(id: string, values: Partial<InvitationRow>): void;
  remove(id: string): void;
  /** Of an organisation, in the order in which they came. */
  of(organisation: string): InvitedRow[];
  /** To an account, oldest first. */
  to(account: string): InvitationRow[];
  count(organisation: string): number;
  sweep(): void;
}

/** Those that have not expired at `nowUs`. */
export function invitationStore(database: Database, nowUs: number): InvitationStore {
  const { build, all, first, run } = database;
  const live = () =>
    build.selectFrom('organisation_invitations as i').where('i.expires_at_us', '>', nowUs);
  const table = 'organisation_invitations';
  return {
    insert: (row) => void run(build.insertInto(table).values(row)),
    update: (id, values) => void run(build.updateTable(table).set(values).where('id', '=', id)),
    remove: (id) => void run(build.deleteFrom(table).where('id', '=', id)),
    of: (organisation) =>
      all(
        live()
          .innerJoin('accounts as a', 'a.id', 'i.account')
          .selectAll('i')
          .select('a.email')
          .where('i.organisation', '=', organisation)
          .orderBy('i.id'),
      ),
    to: (account) => all(live().selectAll('i').where('i.account', '=', account).orderBy('i.id')),
    count: (organisation) =>
      first(
        live()
          .where('i.organisation', '=', organisation)
          .select((e) => e.fn.countAll<number>().as('count')),
      )?.count ?? 0,
    sweep: () => void run(build.deleteFrom(table).where('expires_at_us', '<=', nowUs)),
  };
}

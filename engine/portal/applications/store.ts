/**
 * Applications, their pages and versions in the database. Every list for a caller is narrowed to
 * what they reach (reach.ts); one application for a caller is `requireReached`. No rules here.
 */
import type { FormValues } from '#protocol/forms/index.ts';
import {
  type Database,
  type PagesTable,
  sql,
  type VersionsTable,
} from '../../store/database/index.ts';
import { preparedBy, type ReachedRow, type Reacher, reached, type Whose } from './reach.ts';

export type ApplicationRow = ReachedRow;
export type VersionRow = VersionsTable;
export type PageRow = PagesTable;

/** What a list is narrowed to; more than this is a search. */
export interface ListWish {
  readonly status?: string | undefined;
  readonly clickDay?: string | undefined;
  readonly model?: string | undefined;
  /** Those that this account began. */
  readonly account?: string | undefined;
  readonly whose?: Whose;
}

/** What a passbook says of an application, and its place among others. */
export type IssuableRow = Pick<
  ApplicationRow,
  'id' | 'model' | 'click_day' | 'office' | 'digest' | 'ready_at_us'
>;

export interface ApplicationStore {
  /** Whosever it is: for the registrar, never for a caller. */
  byId(id: string): ApplicationRow | undefined;
  byIds(ids: readonly string[]): ApplicationRow[];
  /** How many an account has begun as a private person. */
  countOf(account: string): number;
  insert(row: ApplicationRow): void;
  update(id: string, values: Partial<ApplicationRow>): void;
  /** Of the submitted ones among these: they have their receipts now. */
  markReceipts(
    ids: readonly string[],
    receiptAtUs: number,
  ): Pick<ApplicationRow, 'id' | 'office'>[];
  remove(id: string): void;
  /** Newest first, below the id `cursor`. */
  list(caller: Reacher, wish: ListWish, page: { cursor?: string; limit: number }): ApplicationRow[];
  total(caller: Reacher, wish: ListWish): number;
  /** Those of a click day that a passbook may name, in the order in which they became ready. */
  issuable(
    caller: Reacher,
    wish: {
      readonly clickDay: string;
      readonly after: Pick<IssuableRow, 'ready_at_us' | 'id'>;
      readonly limit: number;
      readonly whose?: Whose;
    },
  ): IssuableRow[];
  pages(application: string): PageRow[];
  pagesOf(applications: readonly string[]): PageRow[];
  putPage(row: PageRow): void;
  /** Pages that are not there yet. */
  insertPages(rows: readonly PageRow[]): void;
  insertVersion(row: VersionRow): void;
  version(digest: string): VersionRow | undefined;
  hasIssuedVersion(application: string): boolean;
  markIssued(digests: readonly string[]): void;
  countByStatus(): { draft: number; ready: number; submitted: number };
}

/** The applications in `database`. */
export function applicationStore(database: Database): ApplicationStore {
  const { build, all, first, run } = database;
  const rows = () => build.selectFrom('applications').selectAll('applications');
  const versions = () => build.selectFrom('versions').selectAll();
  const wished = (caller: Reacher, wish: ListWish) => wishedRows(database, caller, wish);
  return {
    byId: (id) => first(rows().where('id', '=', id)),
    byIds: (ids) => all(rows().where('id', 'in', oneOf(ids))),
    countOf: (account) => countRows(database, account),
    insert: (row) => void run(build.insertInto('applications').values(row)),
    update: (id, values) =>
      void run(build.updateTable('applications').set(values).where('id', '=', id)),
    markReceipts: (ids, receiptAtUs) =>
      all(
        build
          .updateTable('applications')
          .set({ status: 'receipt', receipt_at_us: receiptAtUs })
          .where('id', 'in', oneOf(ids))
          .where('status', '=', 'submitted')
          .returning(['id', 'office']),
      ),
    remove: (id) => void run(build.deleteFrom('applications').where('id', '=', id)),
    list: (caller, wish, { cursor, limit }) => {
      const rows = wished(caller, wish).selectAll().select(preparedBy());
      const query = rows.orderBy('id', 'desc').limit(limit);
      return all(cursor === undefined ? query : query.where('id', '<', cursor));
    },
    total: (caller, wish) =>
      first(wished(caller, wish).select((e) => e.fn.countAll<number>().as('count')))?.count ?? 0,
    issuable: (caller, { clickDay, after, limit, whose }) =>
      all(
        build
          .selectFrom('applications')
          .select(['id', 'model', 'click_day', 'office', 'digest', 'ready_at_us'])
          .where(reached(caller, 'applications', whose))
          .where('click_day', '=', clickDay)
          .where('status', '<>', 'draft')
          .where(sql<boolean>`(ready_at_us, id) > (${after.ready_at_us}, ${after.id})`)
          .orderBy('ready_at_us')
          .orderBy('id')
          .limit(limit),
      ),
    ...pageRows(database),
    insertVersion: (row) => void run(build.insertInto('versions').values(row)),
    version: (digest) => first(versions().where('digest', '=', digest)),
    hasIssuedVersion: (application) =>
      first(versions().where('application', '=', application).where('issued', '=', 1)) !==
      undefined,
    markIssued: (digests) => {
      const mark = build.updateTable('versions').set({ issued: 1 }).where('issued', '=', 0);
      run(mark.where('digest', 'in', oneOf(digests)));
    },
    countByStatus: () => countByStatus(database),
  };
}

/** One statement, however many there are. */
const oneOf = (texts: readonly string[]) =>
  sql<string>`(select value from json_each(${JSON.stringify(texts)}))`;

/** The answers of all pages in one record; field names are unique over a form. */
export function mergedValues(pages: readonly PageRow[]): FormValues {
  return Object.assign({}, ...pages.map((page) => JSON.parse(page.values_json) as FormValues));
}

function pageRows({ build, all, run }: Database) {
  const rows = () => build.selectFrom('pages').selectAll();
  return {
    pages: (application: string) =>
      all(rows().where('application', '=', application).orderBy('number')),
    pagesOf: (applications: readonly string[]) =>
      applications.length === 0 ? [] : all(rows().where('application', 'in', applications)),
    insertPages: (rows: readonly PageRow[]) =>
      void run(build.insertInto('pages').values([...rows])),
    putPage: (row: PageRow) => {
      const { application: _application, number: _number, ...values } = row;
      const insert = build.insertInto('pages').values(row);
      run(
        insert.onConflict((conflict) =>
          conflict.columns(['application', 'number']).doUpdateSet(values),
        ),
      );
    },
  };
}

function wishedRows({ build }: Database, caller: Reacher, wish: ListWish) {
  let query = build.selectFrom('applications').where(reached(caller, 'applications', wish.whose));
  if (wish.account) query = query.where('account', '=', wish.account);
  if (wish.status) query = query.where('status', '=', wish.status);
  if (wish.clickDay) query = query.where('click_day', '=', wish.clickDay);
  if (wish.model) query = query.where('model', '=', wish.model);
  return query;
}

function countRows({ build, first }: Database, account: string): number {
  const own = build.selectFrom('applications').where('account', '=', account);
  const query = own.where('organisation', 'is', null);
  return first(query.select((e) => e.fn.countAll<number>().as('count')))?.count ?? 0;
}

function countByStatus({ build, all }: Database) {
  const rows = all(
    build
      .selectFrom('applications')
      .select(['status', (e) => e.fn.countAll<number>().as('count')])
      .groupBy('status'),
  );
  const of = (status: string) => rows.find((row) => row.status === status)?.count ?? 0;
  return {
    draft: of('draft'),
    ready: of('ready'),
    submitted: of('submitted') + of('receipt'),
  };
}

/** Every model and version that applications are written in. */
export function begunModels({ all, build }: Database): { code: string; version: number }[] {
  const query = build
    .selectFrom('applications')
    .select(['model as code', 'model_version as version'])
    .distinct();
  return all(query);
}

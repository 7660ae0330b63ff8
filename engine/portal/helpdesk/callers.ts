/**
 * Who is on the telephone: accounts by what a caller can say of themselves. Each way is a look-up
 * in an index with a bound. The desk's own accounts are not among them.
 */
import { CALLERS_MAX, type DeskCallers } from '#protocol/desk-api.ts';
import { type AccountsTable, type Database, sql } from '../../store/database/index.ts';
import type { Audit } from '../control-room/audit.ts';
import { nameOf, organisationNames } from './people.ts';
import { matchOf } from './words.ts';

export type FindCallers = (caller: AccountsTable, q: string) => DeskCallers;

interface Found {
  readonly account: string;
  readonly application: string | null;
}

const CODE = /^[A-Z]{6}[A-Z\d]{0,10}$/;
/** The beginning of one, with a sign that no name has. */
const ADDRESS = /^[^\s@]*[.\d_-][^\s@]*$/;
const OFFICE = /^[A-Z]{2}$/;
const PROTOCOL = /^\d{4}-\d{2}-\d{2}\/\S+$/;
const APPLICATION = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;
const ORGANISATIONS_MAX = 10;
const LAST = '\u{10ffff}';

/** What was typed is not written into the audit; whom it showed is. */
export function callerFinder({
  database,
  audit,
}: {
  readonly database: Database;
  readonly audit: Audit;
}): FindCallers {
  return (caller, q) => {
    const found = unique(candidates(database, q.trim())).slice(0, CALLERS_MAX);
    const callers = shown(database, found);
    const detail = { shown: callers.map(({ id }) => id) };
    audit({ account: caller.id, action: 'callers.search', subject: 'accounts', detail });
    return { callers };
  };
}

function candidates(database: Database, q: string): Found[] {
  const sign = q.toUpperCase();
  if (PROTOCOL.test(q) || APPLICATION.test(sign)) return byApplication(database, q, sign);
  if (q.includes('@')) return byColumn(database, 'email', q.toLowerCase());
  const coded = CODE.test(sign) ? byColumn(database, 'codice_fiscale', sign) : [];
  const office = OFFICE.test(sign) ? byColumn(database, 'office', sign, sign) : [];
  const address = ADDRESS.test(q) ? byColumn(database, 'email', q.toLowerCase()) : [];
  const named = [...byName(database, q), ...byOrganisation(database, q)];
  return [...coded, ...office, ...address, ...named];
}

function accounts({ build }: Database) {
  return build
    .selectFrom('accounts')
    .select('accounts.id as account')
    .where('role', 'in', ['applicant', 'office'])
    .limit(CALLERS_MAX);
}

const plain = (rows: readonly { account: string }[]): Found[] =>
  rows.map(({ account }) => ({ account, application: null }));

/** Those whose column begins so; or lies up to `until`. */
function byColumn(
  database: Database,
  column: 'email' | 'codice_fiscale' | 'office',
  from: string,
  until = from + LAST,
): Found[] {
  const rows = accounts(database).where(column, '>=', from).where(column, '<=', until);
  return plain(database.all(rows.orderBy(column)));
}

function byName(database: Database, q: string): Found[] {
  const match = matchOf(q);
  if (match === undefined) return [];
  const within = sql<boolean>`accounts.id IN (SELECT account FROM callers WHERE n IN (
    SELECT rowid FROM caller_text WHERE caller_text MATCH ${match}
    ORDER BY rowid DESC LIMIT ${10 * CALLERS_MAX}))`;
  return plain(database.all(accounts(database).where(within)));
}

/** Its administrators first: they speak for it. */
function byOrganisation(database: Database, q: string): Found[] {
  if (q.length < 3) return [];
  const named = sql<boolean>`instr(lower(name), lower(${q})) > 0 OR tax_code = ${q}`;
  const bodies = database.build.selectFrom('organisations').select('id').where(named);
  const rows = accounts(database)
    .where('organisation', 'in', bodies.limit(ORGANISATIONS_MAX))
    .orderBy(sql`member_role <> 'administrator'`);
  return plain(database.all(rows));
}

function byApplication({ build, all }: Database, protocol: string, id: string): Found[] {
  const rows = build.selectFrom('search').select(['id', 'account']).where('is_history', '=', 0);
  const named = APPLICATION.test(id)
    ? rows.where('id', '=', id)
    : rows.where('protocol', '=', protocol);
  return all(named.limit(CALLERS_MAX)).flatMap(({ id: application, account }) =>
    account === null ? [] : [{ account, application }],
  );
}

function unique(found: readonly Found[]): Found[] {
  return [...new Map(found.map((one) => [one.account, one])).values()];
}

function shown(database: Database, found: readonly Found[]): DeskCallers['callers'] {
  const { build, all } = database;
  if (found.length === 0) return [];
  const ids = found.map(({ account }) => account);
  const rows = all(build.selectFrom('accounts').selectAll().where('id', 'in', ids));
  const byId = new Map(rows.map((row) => [row.id, row]));
  const bodies = organisationNames(
    database,
    rows.map(({ organisation }) => organisation),
  );
  return found.flatMap(({ account, application }) => {
    const row = byId.get(account);
    if (row === undefined) return [];
    const { id, email, codice_fiscale: taxCode, office } = row;
    const organisation = bodies.get(row.organisation ?? '') ?? office;
    return [{ id, name: nameOf(row), email, taxCode, organisation, application }];
  });
}

/** The names of accounts and organisations that a page shows, by their ids, in one question. */
import type { Person } from '#protocol/desk-api.ts';
import type { Database } from '../../store/database/index.ts';

export type Names = ReadonlyMap<string, string>;

/** Staff often has no name: then it is known by its address. */
export function accountNames({ build, all }: Database, ids: Iterable<string | null>): Names {
  const wanted = unique(ids);
  if (wanted.length === 0) return new Map();
  const rows = all(
    build
      .selectFrom('accounts')
      .select(['id', 'given_name', 'family_name', 'email'])
      .where('id', 'in', wanted),
  );
  return new Map(rows.map((row) => [row.id, nameOf(row)]));
}

export function organisationNames({ build, all }: Database, ids: Iterable<string | null>): Names {
  const wanted = unique(ids);
  if (wanted.length === 0) return new Map();
  const rows = all(
    build.selectFrom('organisations').select(['id', 'name']).where('id', 'in', wanted),
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}

export function nameOf(account: {
  readonly given_name: string;
  readonly family_name: string;
  readonly email: string;
}): string {
  return `${account.given_name} ${account.family_name}`.trim() || account.email;
}

/** Null for nobody, and for somebody who is gone. */
export function personOf(names: Names, id: string | null): Person | null {
  const name = id === null ? undefined : names.get(id);
  return id === null || name === undefined ? null : { id, name };
}

function unique(ids: Iterable<string | null>): string[] {
  return [...new Set(ids)].filter((id) => id !== null);
}

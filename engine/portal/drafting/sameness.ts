/**
 * Which applications concern the same worker and employer. Every form says which fields tell who
 * its parties are (`meaning.same`), in alternatives: the codice fiscale, or name and date of birth.
 * One digest is kept for each way of combining them; two applications that share a digest are
 * alike, whatever their models. A warning only: whoever asks learns of what they reach, of nothing
 * else.
 */

import type { Alike } from '#protocol/drafting-api.ts';
import type { FieldAlternatives, FormDefinition, FormValues } from '#protocol/forms/index.ts';
import { isoFromUs } from '#protocol/time.ts';
import { sha256Base64Url } from '../../foundation/digest.ts';
import type { AccountsTable, Database } from '../../store/database/index.ts';
import { reached, type Whose } from '../applications/reach.ts';

/** Combinations of one application; forms have two parties with two alternatives. */
const KEYS_MAX = 16;
/** Groups are looked for among so many: about 20 ms. */
const LOOKED_AT_MAX = 5_000;
/** Separates what no answer contains. */
const BETWEEN = '\u0000';

/** The digests of whom these answers concern; none while a party is not told. */
export function samenessKeys(form: FormDefinition, values: FormValues): string[] {
  const parties = form.meaning.same ?? [];
  if (parties.length === 0) return [];
  let combined: string[] = [''];
  for (const party of parties) {
    const ways = answeredWays(party, values);
    combined = combined.flatMap((before) => ways.map((way) => before + BETWEEN + way));
  }
  return combined.slice(0, KEYS_MAX).map((text) => sha256Base64Url(text));
}

function answeredWays(party: FieldAlternatives, values: FormValues): string[] {
  return party.flatMap((fields, index) => {
    const answers = fields.map((field) => told(values[field]));
    return answers.includes('') ? [] : [[String(index), ...answers].join(BETWEEN)];
  });
}

/** Names are compared by their letters: "D’Alò" and "D ALO" are one. */
function told(value: FormValues[string] | undefined): string {
  const text = value === undefined ? '' : String(value);
  const letters = text.normalize('NFD').replace(/\p{M}/gu, '');
  return letters.toLocaleUpperCase('it').replace(/[^\p{L}\p{N}]/gu, '');
}

/** Keeps the digests of an application in step with its answers. */
export function noteSameness(
  { build, all, run }: Database,
  noted: { readonly id: string; readonly form: FormDefinition; readonly values: FormValues },
): void {
  const keys = samenessKeys(noted.form, noted.values);
  const own = build.selectFrom('application_sameness').select('key');
  const known = all(own.where('application', '=', noted.id)).map((row) => row.key);
  if (known.length === keys.length && keys.every((key) => known.includes(key))) return;
  run(build.deleteFrom('application_sameness').where('application', '=', noted.id));
  const rows = keys.map((key) => ({ application: noted.id, key }));
  if (rows.length > 0) run(build.insertInto('application_sameness').values(rows));
}

/** Whether an application of this organisation has one of these digests. */
export function hasAlike(
  { build, first }: Database,
  { keys, organisation }: { readonly keys: readonly string[]; readonly organisation: string },
): boolean {
  if (keys.length === 0) return false;
  const alike = build
    .selectFrom('application_sameness as s')
    .innerJoin('applications as a', 'a.id', 's.application')
    .select('a.id')
    .where('s.key', 'in', [...keys])
    .where('a.organisation', '=', organisation);
  return first(alike.limit(1)) !== undefined;
}

export interface SamenessAsked {
  readonly caller: AccountsTable;
  readonly nowUs: number;
  readonly limit: number;
  readonly whose?: Whose;
}

/** Those the caller reaches that concern the same as `application`, newest first. */
export function alikeOf(database: Database, application: string, asked: SamenessAsked): Alike[] {
  const { build, all } = database;
  const keys = build
    .selectFrom('application_sameness')
    .select('key')
    .where('application', '=', application);
  const query = current(database, asked)
    .where('s.key', 'in', keys)
    .where('a.id', '!=', application)
    .groupBy('a.id')
    .orderBy('a.id', 'desc')
    .limit(asked.limit);
  return all(query).map(onWire);
}

/** Groups of at least two among the newest that the caller reaches. */
export function alikeGroups(database: Database, asked: SamenessAsked): Alike[][] {
  const { all, build } = database;
  const newest = build
    .selectFrom('applications')
    .select('id')
    .where(reached(asked.caller))
    .orderBy('id', 'desc')
    .limit(LOOKED_AT_MAX);
  const shared = current(database, asked)
    .where('a.id', 'in', newest)
    .clearSelect()
    .select('s.key')
    .groupBy('s.key')
    .having((e) => e.fn.countAll(), '>', 1)
    .orderBy((e) => e.fn.max('a.id'), 'desc')
    .limit(asked.limit);
  const keys = all(shared).map((row) => row.key);
  if (keys.length === 0) return [];
  const rows = all(
    current(database, asked)
      .select('s.key')
      .where('s.key', 'in', keys)
      .orderBy('a.id', 'desc')
      .limit(asked.limit * KEYS_MAX),
  );
  const groups: Alike[][] = [];
  const told = new Set<string>();
  for (const key of keys) {
    const group = rows.filter((row) => row.key === key);
    if (group.length < 2 || group.every(({ id }) => told.has(id))) continue;
    for (const { id } of group) told.add(id);
    groups.push(group.map(onWire));
  }
  return groups;
}

/** Not those of click days that are over: who asks again in the next year does not double. */
function current({ build }: Database, { caller, nowUs, whose }: SamenessAsked) {
  return build
    .selectFrom('application_sameness as s')
    .innerJoin('applications as a', 'a.id', 's.application')
    .leftJoin('click_days as d', 'd.id', 'a.click_day')
    .select(['a.id', 'a.title', 'a.model', 'a.status', 'a.updated_at_us'])
    .where(reached(caller, 'a', whose))
    .where((e) => e.or([e('d.id', 'is', null), e('d.closes_at_us', '>', nowUs)]));
}

function onWire(row: {
  readonly id: string;
  readonly title: string;
  readonly model: string;
  readonly status: string;
  readonly updated_at_us: number;
}): Alike {
  const { id, title, model, status } = row;
  return { id, title, model, status, updatedAt: isoFromUs(row.updated_at_us) };
}

/**
 * Which answers are searched as what: written from the models into the database, whose triggers
 * read it. When the models say otherwise than before, the rows of this system are made anew.
 */
import type { FormDefinition } from '#protocol/forms/index.ts';
import {
  type Database,
  fillSearch,
  type SearchFieldsTable,
  sql,
} from '../../store/database/index.ts';
import type { Models } from '../models/index.ts';

/** Before the first application is written with these models. How many rows were made anew. */
export function prepareSearch(database: Database, models: Models): number {
  const { build, all, run } = database;
  const wanted = fieldsOf(models, database);
  return database.transaction(() => {
    const known = all(build.selectFrom('search_fields').selectAll());
    run(build.deleteFrom('search').where('id', 'is', null));
    if (textOf(known) === textOf(wanted)) return 0;
    run(build.deleteFrom('search_fields'));
    for (const row of wanted) run(build.insertInto('search_fields').values(row));
    return rebuild(database);
  });
}

/** Makes the rows of this system's applications anew; those of earlier years stay. */
export function rebuildSearch(database: Database): number {
  return database.transaction(() => rebuild(database));
}

function rebuild({ build, first, run }: Database): number {
  run(build.deleteFrom('search').where('is_history', '=', 0));
  for (const text of fillSearch) run({ compile: () => sql.raw(text).compile(build) });
  const count = build.selectFrom('search').where('is_history', '=', 0);
  return first(count.select((e) => e.fn.countAll<number>().as('count')))?.count ?? 0;
}

/** Of every form that can be begun or was. */
function fieldsOf(models: Models, { all, build }: Database): SearchFieldsTable[] {
  const begun = all(
    build.selectFrom('applications').select(['model', 'model_version']).distinct(),
  ).flatMap(({ model, model_version }) => models.get(model, model_version) ?? []);
  const forms = new Map(
    [...models.list(), ...begun].map((form) => [`${form.code} ${form.version}`, form]),
  );
  return [...forms.values()].flatMap(rowsOf);
}

function rowsOf({ code, version, meaning }: FormDefinition): SearchFieldsTable[] {
  const { search, title, nationality } = meaning;
  const worker = search?.worker ?? { name: title };
  const kinds: readonly (readonly [string, readonly string[]])[] = [
    ['worker', worker.name],
    ['worker-cf', worker.code ?? []],
    ['employer', search?.employer?.name ?? []],
    ['employer-cf', search?.employer?.code ?? []],
    ['nationality', nationality === undefined ? [] : [nationality]],
  ];
  return kinds.flatMap(([kind, fields]) =>
    fields.map((field, position) => ({ model: code, version, kind, position, field })),
  );
}

function textOf(rows: readonly SearchFieldsTable[]): string {
  const lines = rows.map((row) =>
    [row.model, row.version, row.kind, row.position, row.field].join(' '),
  );
  return lines.toSorted().join('\n');
}

/**
 * The models at hand: definitions composed from their pages, code tables, calendars, and the call
 * that says which of them can be begun.
 *
 * Two directories lie over each other: the one that ships and, when there is one, that of the
 * call being run. The call decides what is offered; what it does not have (comuni, countries) is
 * the shipped directory's, and an application begun with an earlier call is still read with its
 * form. A published version never changes: a change is a new file.
 */
import {
  type CodeTable,
  type CodeTables,
  type FormDefinition,
  readTable,
  type TableDocument,
  type Texts,
  tablesFrom,
} from '#protocol/forms/index.ts';
import type { ModelChoice } from '#protocol/portal-api.ts';
import { expandTables, type RoutedClickDay } from './click-day.ts';
import type { Call, Composition, Groups, Recipe, Sources, Subject } from './source.ts';

export interface Models {
  readonly call: Call;
  /** Questions that lead to a model; null when the call has none. */
  readonly choice: ModelChoice | null;
  /** The newest version of every model that is offered, in the order of the call. */
  list(): readonly FormDefinition[];
  /** A model by its code, in the given version or the newest, offered or not. */
  get(code: string, version?: number): FormDefinition | undefined;
  /** All tables, as the checks of the forms want them. */
  readonly tables: CodeTables;
  table(name: string): CodeTable | undefined;
  /** A table as it is served: columns and rows. `comuni` is the largest (430 kB). */
  tableDocument(name: string): TableDocument | undefined;
  tableNames(): readonly string[];
  /** A calendar's click days with their rules, or undefined. */
  calendar(name: string): readonly RoutedClickDay[] | undefined;
  calendarNames(): readonly string[];
  /** What every office of an offered model is called, by its code. */
  offices(): Readonly<Record<string, Texts>>;
  /** How a page of that name is answered in samples. */
  recipe(page: string): Recipe | undefined;
  /** Names of the pages of a model, as their files are called. */
  pageNames(code: string, version: number): readonly string[];
  /** Kinds of applications with their shares; undefined when there are no samples. */
  readonly groups: Groups | undefined;
}

const NO_CALL: Call = { name: { it: '', en: '' }, offers: [] };

/** Composes the layers, the later over the earlier. Pages that are missing are left out. */
export function createModels(layers: readonly Sources[]): Models {
  const pages = merged(layers, (layer) => layer.pages);
  const documents = merged(layers, (layer) => layer.tables);
  const calendars = merged(layers, (layer) => layer.calendars);
  const recipes = merged(layers, (layer) => layer.recipes);
  const compositions = layers.flatMap((layer) =>
    [...layer.definitions.values()].map((read) => read.content),
  );
  const definitions = compositions.map((each) => compose(each, pages));
  const byName = new Map([...documents].map(([name, document]) => [name, readTable(document)]));
  const last = layers.at(-1);
  const call = last?.call?.content ?? NO_CALL;
  const get: Models['get'] = (code, version) => {
    const versions = definitions.filter((one) => one.code === code);
    if (version !== undefined) return versions.find((one) => one.version === version);
    return versions.toSorted((one, other) => other.version - one.version)[0];
  };
  const list = () => call.offers.flatMap((code) => get(code) ?? []);
  const table = (name: string) => byName.get(name);
  return {
    call,
    choice: last?.choice?.content ?? null,
    list,
    get,
    tables: tablesFrom([...byName.values()]),
    table,
    tableDocument: (name) => documents.get(name),
    tableNames: () => [...documents.keys()],
    calendar: (name) => {
      const days = calendars.get(name)?.clickDays;
      return days?.map((day) => ({
        ...day,
        rules: day.rules.map((rule) => expandTables(rule, table)),
      }));
    },
    calendarNames: () => [...calendars.keys()],
    offices: () => Object.assign({}, ...list().map((form) => officesOf(form, table))),
    recipe: (page) => recipes.get(page),
    pageNames: (code, version) =>
      compositions.find((one) => one.code === code && one.version === version)?.pages ?? [],
    groups: last?.groups?.content,
  };
}

function merged<Content>(
  layers: readonly Sources[],
  part: (layer: Sources) => ReadonlyMap<string, { readonly content: Content }>,
): ReadonlyMap<string, Content> {
  const all = layers.flatMap((layer) => [...part(layer)]);
  return new Map(all.map(([name, { content }]) => [name, content]));
}

function compose(composition: Composition, pages: ReadonlyMap<string, Subject>): FormDefinition {
  const known = composition.pages.flatMap((name) => pages.get(name) ?? []);
  return { ...composition, pages: known.map((page, index) => ({ number: index + 1, ...page })) };
}

function officesOf(
  { meaning }: FormDefinition,
  table: (name: string) => CodeTable | undefined,
): Record<string, Texts> {
  const rows = table(meaning.office.table)?.rows ?? [];
  return Object.fromEntries(
    rows.map(({ code, name, extra }) => {
      const { officeIt = name.it, officeEn = name.en } = extra;
      return [code, { it: officeIt, en: officeEn }];
    }),
  );
}

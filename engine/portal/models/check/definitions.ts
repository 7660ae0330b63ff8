/** Definitions: pages that exist, fields that are there once, meanings that name them. */
import { type FieldSchema, type FormDefinition, fieldNames } from '#protocol/forms/index.ts';
import type { Composition, Fault, Read } from '../source.ts';
import { composed, type Ground, ownForms, repeated } from './ground.ts';

export function checkDefinitions(ground: Ground): readonly Fault[] {
  const { own, layers } = ground;
  const known = new Set(layers.flatMap((layer) => [...layer.pages.keys()]));
  const identities = composed(ground).map(({ code, version }) => `${code} version ${version}`);
  const twice = new Set(repeated(identities));
  const told = new Set(own.faults.map((fault) => fault.file));
  const files = [...own.definitions.values()].flatMap((read) => {
    const { code, version, pages } = read.content;
    const fault = faulter(read);
    const missing = pages.flatMap((name, index) => {
      if (known.has(name) || told.has(`pages/${name}.json`)) return [];
      return [fault(`/pages/${index}`, `there is no page ${name}`)];
    });
    const again = twice.has(`${code} version ${version}`)
      ? [fault('/version', `${code} version ${version} exists: a change is a new version`)]
      : [];
    return [...missing, ...again];
  });
  const meanings = ownForms(ground).flatMap(({ read, form }) => [
    ...checkFieldNames(read, form),
    ...checkMeaning(ground, read, form),
  ]);
  return [...files, ...meanings];
}

type Faulter = (path: string, message: string) => Fault;

function faulter({ file }: Read<Composition>): Faulter {
  return (path, message) => ({ file, path, message });
}

/** Answers of all pages merge into one record. */
function checkFieldNames(read: Read<Composition>, form: FormDefinition): Fault[] {
  const names = repeated(form.pages.flatMap((page) => fieldNames(page)));
  return names.map((name) => faulter(read)('/pages', `the field ${name} is on two pages`));
}

function checkMeaning(ground: Ground, read: Read<Composition>, form: FormDefinition): Fault[] {
  const fault = faulter(read);
  const fields = new Map(form.pages.flatMap((page) => Object.entries(page.schema.properties)));
  const { title, facts, nationality, special = [], office } = form.meaning;
  const { search = {}, same, copy } = form.meaning;
  const named: [string, string][] = [
    ...title.map((field, index) => [`/meaning/title/${index}`, field] as [string, string]),
    ...facts.flatMap((fact, index) =>
      fact.fields.flat().map((field) => [`/meaning/facts/${index}`, field] as [string, string]),
    ),
    ...(nationality === undefined
      ? []
      : [['/meaning/nationality', nationality] as [string, string]]),
    ...(same ?? []).flatMap((party, index) =>
      party.flat().map((field) => [`/meaning/same/${index}`, field] as [string, string]),
    ),
    ...(copy?.once ?? []).map((field) => ['/meaning/copy/once', field] as [string, string]),
    ...Object.entries(search).flatMap(([who, { name, code = [] }]) =>
      [...name, ...code].map((field) => [`/meaning/search/${who}`, field] as [string, string]),
    ),
    ...special.flatMap(({ when }, index) =>
      when.map(({ field }) => [`/meaning/special/${index}`, field] as [string, string]),
    ),
  ];
  const unknown = named.flatMap(([path, field]) =>
    fields.has(field) ? [] : [fault(path, `there is no field ${field}`)],
  );
  const keys = new Set(form.pages.map((page) => page.key));
  const noPage = (copy?.person ?? []).flatMap((key) =>
    keys.has(key) ? [] : [fault('/meaning/copy/person', `there is no page with key ${key}`)],
  );
  const kinds = repeated(form.documents.flatMap(({ attach }) => attach?.kind ?? []));
  const twice = kinds.map((kind) => fault('/documents', `${kind} is attached twice`));
  return [...unknown, ...noPage, ...twice, ...checkOffice(ground, { fault, fields, office })];
}

function checkOffice(
  { models }: Ground,
  wish: {
    fault: Faulter;
    fields: ReadonlyMap<string, FieldSchema>;
    office: FormDefinition['meaning']['office'];
  },
): Fault[] {
  const { fault, fields, office } = wish;
  const at = '/meaning/office';
  const offices = models.table(office.table);
  const noTable =
    offices === undefined ? [fault(`${at}/table`, `there is no table ${office.table}`)] : [];
  const grounds = office.criteria.flatMap(({ field, column }, index) => {
    const path = `${at}/criteria/${index}`;
    const schema = fields.get(field);
    if (schema === undefined) return [fault(path, `there is no field ${field}`)];
    const table = models.table(schema['x-table'] ?? '');
    if (table === undefined) return [fault(path, `${field} chooses from no table`)];
    const codes = table.rows.map((row) => (column === undefined ? row.code : row.extra[column]));
    if (codes.includes(undefined)) return [fault(path, `${table.name} has no column ${column}`)];
    const astray = codes.find((code) => offices !== undefined && !offices.row(code ?? ''));
    return astray === undefined ? [] : [fault(path, `${office.table} has no office ${astray}`)];
  });
  return [
    ...noTable,
    ...grounds,
    ...checkChooser(models.table.bind(models), { fault, fields, office }),
  ];
}

/** The field in which an applicant chooses offers exactly the grounds there are. */
function checkChooser(
  table: Ground['models']['table'],
  wish: {
    fault: Faulter;
    fields: ReadonlyMap<string, FieldSchema>;
    office: FormDefinition['meaning']['office'];
  },
): Fault[] {
  const { fault, fields, office } = wish;
  if (office.chosenBy === undefined) return [];
  const path = '/meaning/office/chosenBy';
  const schema = fields.get(office.chosenBy);
  if (schema === undefined) return [fault(path, `there is no field ${office.chosenBy}`)];
  const offered = table(schema['x-table'] ?? '')?.rows.map((row) => row.code) ?? [];
  const grounds = office.criteria.map((criterion) => criterion.code);
  const isSame =
    offered.length === grounds.length && offered.every((code) => grounds.includes(code));
  if (isSame) return [];
  const message = `${office.chosenBy} offers ${offered.join(', ') || 'nothing'}, but the criteria are ${grounds.join(', ')}`;
  return [fault(path, message)];
}

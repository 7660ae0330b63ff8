/** Pages: fields shown once, conditions and rules over fields that exist, tables, bounds. */
import {
  type Condition,
  type FieldSchema,
  type FormDefinition,
  fieldNames,
  type Rule,
} from '#protocol/forms/index.ts';
import { ruleChecks } from '#protocol/forms/rules.ts';
import type { Fault, Read, Subject } from '../source.ts';
import { composed, type Ground, repeated, shadows } from './ground.ts';

/** More on one page make people lose their place. */
const FIELDS_A_SECTION_MAX = 10;
const EVERY_CHARACTER = '^[^';

interface Look extends Ground {
  readonly subject: Subject;
  /** The models that use this page. */
  readonly users: readonly FormDefinition[];
  fault(path: string, message: string): Fault;
}

export function checkPages(ground: Ground): readonly Fault[] {
  const forms = composed(ground);
  const changed = new Set(shadows(ground, (layer) => layer.pages.keys()));
  return [...ground.own.pages].flatMap(([name, read]) => {
    const look = lookAt(ground, forms, { name, read });
    const again = changed.has(name)
      ? [look.fault('', 'has the name of a published page: a change is a new file')]
      : [];
    return [...again, ...checkLayout(look), ...checkFields(look), ...checkRules(look)];
  });
}

function lookAt(
  ground: Ground,
  forms: readonly FormDefinition[],
  { name, read }: { name: string; read: Read<Subject> },
): Look {
  const fault = (path: string, message: string) => ({ file: read.file, path, message });
  const users = forms.filter(({ code, version }) =>
    ground.models.pageNames(code, version).includes(name),
  );
  return { ...ground, subject: read.content, users, fault };
}

function shown({ subject }: Look): readonly string[] {
  return subject.sections.flatMap((section) => section.fields);
}

function checkLayout(look: Look): Fault[] {
  const { subject, fault } = look;
  const { properties, required } = subject.schema;
  const names = shown(look);
  return [
    ...(look.users.length === 0 ? [fault('', 'is used by no model')] : []),
    ...repeated(names).map((name) => fault('/sections', `shows ${name} twice`)),
    ...names
      .filter((name) => properties[name] === undefined)
      .map((name) => fault('/sections', `shows ${name}, which the schema has not`)),
    ...Object.keys(properties)
      .filter((name) => !names.includes(name))
      .map((name) => fault(`/schema/properties/${name}`, 'is shown in no section')),
    ...required
      .filter((name) => properties[name] === undefined)
      .map((name) => fault('/schema/required', `asks for ${name}, which the schema has not`)),
    ...subject.sections
      .filter((section) => section.fields.length > FIELDS_A_SECTION_MAX)
      .map(() => fault('/sections', `has a section of more than ${FIELDS_A_SECTION_MAX} fields`)),
  ];
}

function checkFields(look: Look): Fault[] {
  return Object.entries(look.subject.schema.properties).flatMap(([name, schema]) => {
    const fault = (message: string) => look.fault(`/schema/properties/${name}`, message);
    const words = [...checkBound(schema), ...checkPattern(schema), ...checkTable(look, schema)];
    return [...words.map(fault), ...checkConditions(look, name, schema)];
  });
}

function checkBound(schema: FieldSchema): string[] {
  if (schema.type === 'boolean') return [];
  const bound = schema.maxLength ?? schema.maximum ?? schema.format ?? schema.enum;
  return bound === undefined ? ['has no bound: give it maxLength or maximum'] : [];
}

function checkPattern({ pattern, ...schema }: FieldSchema): string[] {
  if (pattern === undefined) return [];
  try {
    new RegExp(pattern, 'u');
  } catch (error) {
    return [`has a pattern that cannot be read: ${(error as Error).message}`];
  }
  const isPlain = pattern.startsWith(EVERY_CHARACTER) || schema['x-table'] !== undefined;
  return isPlain || schema['x-message']
    ? []
    : ['has a pattern without x-message: say what it wants'];
}

function checkTable({ models }: Look, schema: FieldSchema): string[] {
  const name = schema['x-table'];
  const isChoice = ['select', 'combobox', 'radio'].includes(schema['x-widget']);
  if (name === undefined) {
    return isChoice && schema.enum === undefined ? ['offers a choice without x-table or enum'] : [];
  }
  const table = models.table(name);
  if (table === undefined) return [`there is no table ${name}`];
  const pattern = schema.pattern === undefined ? undefined : safePattern(schema.pattern);
  const bad = table.rows.find(
    ({ code }) => code.length > (schema.maxLength ?? code.length) || pattern?.test(code) === false,
  );
  return bad === undefined ? [] : [`the code ${bad.code} of ${name} does not fit the field`];
}

function safePattern(pattern: string): RegExp | undefined {
  try {
    return new RegExp(pattern, 'u');
  } catch {
    return undefined; // told by checkPattern
  }
}

/** A field can hang only on what was asked before it. */
function checkConditions(look: Look, name: string, schema: FieldSchema): Fault[] {
  const path = `/schema/properties/${name}/x-visibleWhen`;
  const own = shown(look);
  const before = new Set(own.slice(0, own.indexOf(name)));
  return (schema['x-visibleWhen'] ?? []).flatMap(({ field }) => {
    if (before.has(field)) return [];
    const late = look.users.find((form) => !askedBefore(look, form).has(field));
    return late === undefined
      ? []
      : [look.fault(path, `${field} is not asked before it in model ${late.code}`)];
  });
}

/** Fields of the pages before this one in that model. */
function askedBefore({ subject }: Look, form: FormDefinition): ReadonlySet<string> {
  const at = form.pages.findIndex((page) => page.schema === subject.schema);
  return new Set(form.pages.slice(0, at).flatMap((page) => fieldNames(page)));
}

function checkRules(look: Look): Fault[] {
  return look.subject.rules.flatMap((rule, index) => {
    const fault = (message: string) => look.fault(`/rules/${index}`, `${rule.code}: ${message}`);
    const known = ruleChecks().includes(rule.check);
    const carried = look.subject.schema.properties[rule.field] !== undefined;
    return [
      ...(known ? [] : [fault(`there is no check ${rule.check}`)]),
      ...(carried ? [] : [fault(`${rule.field} is not on this page`)]),
      ...operandsOf(rule)
        .filter((field) => !isAnywhere(look, field))
        .map((field) => fault(`there is no field ${field}`)),
    ];
  });
}

function operandsOf({ with: operands = {}, when = [] }: Rule): readonly string[] {
  const named = Object.values(operands).filter((one) => typeof one === 'string');
  return [...named, ...when.map((condition: Condition) => condition.field)];
}

/** A shared page may name a field that only some of its models have; others skip the rule. */
function isAnywhere({ users, subject }: Look, field: string): boolean {
  if (subject.schema.properties[field] !== undefined) return true;
  const pages = users.flatMap((form) => form.pages);
  return pages.some((page) => page.schema.properties[field] !== undefined);
}

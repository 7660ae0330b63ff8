/**
 * The shape of every file of a models directory, as schemas: what may stand in it, and nothing
 * else. A misspelt member would otherwise be a rule that is silently never applied.
 *
 * What no schema can say (names that must exist, codes that must be unique) is in `check/`.
 */
import { type TObject, type TProperties, type TSchema, Type } from '@sinclair/typebox';
import { QuotaId, QuotaPlaces } from '#protocol/ranking/quotas.ts';

const closed = <T extends TProperties>(properties: T): TObject<T> =>
  Type.Object(properties, { additionalProperties: false });
const maybe = <T extends TSchema>(schema: T) => Type.Optional(schema);
const list = <T extends TSchema>(schema: T, minItems = 0) => Type.Array(schema, { minItems });
const word = (...values: string[]) => Type.Union(values.map((value) => Type.Literal(value)));

const Text = Type.String({ pattern: '\\S' });
const Both = closed({ it: Text, en: Text });
const Field = Type.String({ pattern: '^[a-z][A-Za-z0-9]{0,59}$' });
const FileName = Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,59}$' });
const Value = Type.Union([Type.String(), Type.Number(), Type.Boolean()]);
/** Of a model; part of passbooks, ledger and file names. */
const ModelCode = Type.String({ pattern: '^[A-Z0-9][A-Z0-9-]{0,19}$' });

const Condition = closed({
  field: Field,
  equals: maybe(Value),
  in: maybe(list(Value, 1)),
  notIn: maybe(list(Value)),
  orMissing: maybe(Type.Literal(true)),
});

const FieldShape = closed({
  type: word('string', 'integer', 'number', 'boolean'),
  enum: maybe(list(Value, 1)),
  const: maybe(Value),
  pattern: maybe(Type.String()),
  minLength: maybe(Type.Integer({ minimum: 0 })),
  maxLength: maybe(Type.Integer({ minimum: 1 })),
  minimum: maybe(Type.Number()),
  maximum: maybe(Type.Number()),
  multipleOf: maybe(Type.Number({ exclusiveMinimum: 0 })),
  format: maybe(word('date', 'email')),
  'x-label': Both,
  'x-hint': maybe(Both),
  'x-widget': word(
    ...['text', 'date', 'number', 'money', 'select', 'combobox', 'radio', 'checkbox', 'yes-no'],
    ...['email', 'telephone'],
  ),
  'x-width': word('xs', 's', 'm', 'l', 'full'),
  'x-table': maybe(FileName),
  'x-visibleWhen': maybe(list(Condition, 1)),
  'x-transform': maybe(word('upper', 'code')),
  'x-autocomplete': maybe(Text),
  'x-message': maybe(Both),
});

const Rule = closed({
  code: Type.String({ pattern: '^[A-Z][A-Z0-9_]{2,59}$' }),
  check: Text,
  field: Field,
  with: maybe(Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()]))),
  when: maybe(list(Condition, 1)),
  messages: Both,
});

export const PageShape = closed({
  key: FileName,
  title: Both,
  intro: maybe(Both),
  sections: list(closed({ title: maybe(Both), intro: maybe(Both), fields: list(Field, 1) }), 1),
  schema: closed({
    $schema: Type.Literal('https://json-schema.org/draft/2020-12/schema'),
    type: Type.Literal('object'),
    additionalProperties: Type.Literal(false),
    properties: Type.Record(Type.String(), FieldShape),
    required: list(Field),
  }),
  rules: list(Rule),
});

/** Who is searched by name and by codice fiscale; `name` surname first. */
const SearchedPerson = closed({ name: list(Field, 1), code: maybe(list(Field, 1)) });

const MeaningShape = closed({
  title: list(Field, 1),
  facts: Type.Array(closed({ label: Both, fields: list(list(Field, 1), 1) }), { maxItems: 3 }),
  nationality: maybe(Field),
  same: maybe(list(list(list(Field, 1), 1), 1)),
  copy: maybe(closed({ once: list(Field), person: maybe(list(FileName, 1)) })),
  search: maybe(closed({ worker: maybe(SearchedPerson), employer: maybe(SearchedPerson) })),
  special: maybe(list(closed({ code: FileName, when: list(Condition, 1) }), 1)),
  office: closed({
    table: FileName,
    criteria: list(closed({ code: FileName, label: Both, field: Field, column: maybe(Text) }), 1),
    chosenBy: maybe(Field),
  }),
});

/** `attach`: the applicant can add it as a file; each kind once. */
const DocumentShape = closed({
  it: Text,
  en: Text,
  attach: maybe(closed({ kind: FileName, label: Both, required: maybe(Type.Literal(true)) })),
});

export const DefinitionShape = closed({
  code: ModelCode,
  version: Type.Integer({ minimum: 1, maximum: 9999 }),
  title: Both,
  summary: Both,
  documents: list(DocumentShape, 1),
  meaning: MeaningShape,
  pages: list(FileName, 1),
});

export const TableShape = closed({
  name: FileName,
  source: Text,
  columns: list(Text, 2),
  rows: list(list(Type.String(), 2), 1),
});

const Nationality = Type.String({ pattern: '^([A-Z]{2}|table:[a-z0-9-]+)$' });

/** `table:NAME` among nationalities stands for every code of that table. */
export const CalendarShape = closed({
  source: Text,
  clickDays: list(
    closed({
      id: Type.String({ pattern: '^[a-z0-9][a-z0-9.-]{0,39}$' }),
      name: Both,
      opensAt: Text,
      closesAt: Text,
      rules: list(
        closed({
          quota: maybe(QuotaId),
          places: maybe(QuotaPlaces),
          models: maybe(list(ModelCode, 1)),
          nationalities: maybe(list(Nationality, 1)),
          exceptNationalities: maybe(list(Nationality, 1)),
          special: maybe(list(FileName, 1)),
        }),
        1,
      ),
    }),
    1,
  ),
});

/** Steps are checked when they are read (`samples/recipe.ts`). */
export const RecipeShape = closed({ steps: list(Type.Record(Type.String(), Type.Unknown()), 1) });

const Weighted = Type.Tuple([Type.String(), Type.Number({ minimum: 0 })]);
export const GroupsShape = closed({
  source: Text,
  groups: list(
    closed({
      name: FileName,
      weight: Type.Number({ minimum: 0 }),
      models: list(Weighted, 1),
      nationalities: maybe(list(Weighted, 1)),
      special: maybe(Type.Boolean()),
    }),
    1,
  ),
  provinces: maybe(list(Weighted, 1)),
});

/** A question of the tree; an answer leads to a model or to the next question. */
export const ChoiceShape = Type.Recursive((Question) =>
  closed({
    question: Both,
    hint: maybe(Both),
    answers: list(closed({ text: Both, model: maybe(ModelCode), next: maybe(Question) }), 2),
  }),
);

export const CallShape = closed({
  name: Both,
  /** Codes of the models that can be begun now, in the order of the list. */
  offers: list(ModelCode, 1),
  /** Words of this call where the general ones would say too little. */
  words: maybe(
    closed({
      lead: maybe(Both),
      search: maybe(Both),
      untitled: maybe(Both),
      clickDayUnknown: maybe(Both),
      office: maybe(Both),
      officeUnknown: maybe(Both),
      choose: maybe(Both),
      issuer: maybe(Both),
      about: maybe(Both),
      data: maybe(Both),
      use: maybe(Both),
      contact: maybe(Both),
      helpdeskPhone: maybe(Both),
      helpdeskMail: maybe(Both),
      applicant: maybe(Both),
      subject: maybe(Both),
    }),
  ),
  /** Official words that people meet in the forms, each explained in a line. */
  terms: maybe(list(closed({ term: Both, meaning: Both }))),
});

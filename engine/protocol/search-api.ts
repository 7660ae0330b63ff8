/**
 * The search over applications on the wire. It answers with applications as the list always did;
 * `found` says more of each, and for those of earlier years all that is known.
 */
import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { Application, Identifier, Instant } from './portal-api.ts';

const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const LIST = '^[^,]{1,64}(,[^,]{1,64}){0,49}$';
const List = Type.String({ pattern: LIST, description: 'One or several, with commas between.' });
const Text = Type.String({ maxLength: 100 });
/** A day in Rome or an instant in UTC. */
const Moment = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}(T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,6})?Z)?$',
});

export const SORTS = ['created', 'changed', 'stamp', 'place', 'name'] as const;
export type Sort = (typeof SORTS)[number];

/** What restricts; every member that is there must hold. */
export const SearchFilters = Type.Object({
  status: Type.Optional(List),
  clickDay: Type.Optional(List),
  model: Type.Optional(List),
  office: Type.Optional(List),
  nationality: Type.Optional(List),
  year: Type.Optional(Type.String({ pattern: '^\\d{4}(,\\d{4}){0,49}$' })),
  decree: Type.Optional(List),
  /** From this day or instant on: of the sending or, while it is not sent, of the beginning. */
  from: Type.Optional(Moment),
  /** Until this day, which is in, or this instant, which is not. */
  to: Type.Optional(Moment),
  /** How a protocol number begins. */
  protocol: Type.Optional(Text),
  /** How the words of a name begin, or a codice fiscale. */
  worker: Type.Optional(Text),
  employer: Type.Optional(Text),
  q: Type.Optional(Text),
});
export type SearchFilters = Static<typeof SearchFilters>;

/** A key, `-` before it for descending. */
export const SortParameter = Type.Unsafe<Sort | `-${Sort}`>({
  type: 'string',
  enum: SORTS.flatMap((key) => [key, `-${key}`]),
});

export type By = 'me' | 'private';
export const ApplicationsQuery = Type.Object({
  ...SearchFilters.properties,
  /**
   * `me`: of an organisation's, those that the caller began; `private`: those that a member has as
   * a private person, which are not the organisation's.
   */
  by: Type.Optional(Type.Unsafe<By>({ type: 'string', enum: ['me', 'private'] })),
  sort: Type.Optional(SortParameter),
  cursor: Type.Optional(
    Type.String({ pattern: '^([0-9A-HJKMNP-TV-Z]{26}|s\\.[A-Za-z0-9_-]{4,200})$' }),
  ),
  limit: Type.Optional(Type.String({ pattern: '^[1-9]\\d{0,2}$' })),
});
export type ApplicationsQuery = Static<typeof ApplicationsQuery>;

/** What a search knows of an application beside its state. Codes are those of the forms' tables. */
export const FoundFacts = Type.Object({
  /** Of an earlier year: it was not begun in this system and has no pages. */
  isHistory: Type.Boolean(),
  year: Type.Integer(),
  decree: nullable(Type.String()),
  worker: Type.String(),
  workerCodiceFiscale: nullable(Type.String()),
  employer: Type.String(),
  employerCodiceFiscale: nullable(Type.String()),
  nationality: nullable(Type.String()),
});
export type FoundFacts = Static<typeof FoundFacts>;

/** Of an earlier year `status` may also be one of HISTORY_STATUSES, and `modelVersion` is 0. */
export const FoundApplication = Type.Object({
  ...Application.properties,
  status: Type.String(),
  found: Type.Optional(FoundFacts),
});
export type FoundApplication = Static<typeof FoundApplication>;

/** `total` is exact. `next` is the cursor of the page behind this one. */
export const FoundAnswer = Type.Object({
  applications: Type.Array(FoundApplication),
  next: nullable(Type.String()),
  total: Type.Integer(),
});
export type FoundAnswer = Static<typeof FoundAnswer>;

/** What can be chosen in filters: codes that applications within the caller's reach have. */
export const SearchChoices = Type.Object({
  years: Type.Array(Type.Integer()),
  decrees: Type.Array(Type.String()),
  clickDays: Type.Array(Type.String()),
  models: Type.Array(Type.String()),
  statuses: Type.Array(Type.String()),
  offices: Type.Array(Type.String()),
  nationalities: Type.Array(Type.String()),
});
export type SearchChoices = Static<typeof SearchChoices>;

/** A query that somebody keeps: its parameters but cursor and limit, as they are sent. */
export const SavedSearch = Type.Object({
  id: Identifier,
  name: Type.String(),
  query: Type.String(),
  createdAt: Instant,
});
export type SavedSearch = Static<typeof SavedSearch>;
export const SavedSearchCreation = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 80, pattern: '\\S' }),
  query: Type.String({ maxLength: 2000 }),
});
export type SavedSearchCreation = Static<typeof SavedSearchCreation>;
export const SavedSearchesAnswer = Type.Object({ searches: Type.Array(SavedSearch) });
export type SavedSearchesAnswer = Static<typeof SavedSearchesAnswer>;

/**
 * The tools of the help desk on the wire: canned answers, teams, incidents, articles, working
 * hours, statistics. For operators, as `desk-api.ts`; A: for administrators alone.
 *
 *   GET, POST /api/desk/canned · PUT, DELETE …/:id
 *   GET, POST A /api/desk/teams · PUT A, DELETE A …/:id
 *   GET, POST /api/desk/incidents · PUT …/:id
 *   GET, POST /api/desk/articles · PUT, DELETE …/:slug
 *   GET, PUT A /api/desk/hours          GET /api/desk/statistics · statistics.csv ?from=&until=
 *   POST /api/desk/tickets/:id/{merge,unmerge,split,presence}
 *   POST /api/desk/bulk · GET …/:id
 *
 * For anyone: GET /api/helpdesk, /api/articles, /api/articles/:slug. With an account: POST, DELETE
 * /api/incidents/:id/follow.
 */
import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { Person } from './desk-api.ts';
import { Article, Incident, TicketKind } from './helpdesk-api.ts';
import { Identifier, Instant, Texts } from './portal-api.ts';

const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const optional = <T extends TSchema>(schema: T) => Type.Optional(schema);

/** `{{name}} {{number}} {{operator}} {{application}} {{protocol}}` are filled by the page. */
export const CannedDraft = Type.Object({
  title: Type.String({ minLength: 1, maxLength: 120 }),
  kind: nullable(TicketKind),
  text: Texts,
});
export type CannedDraft = Static<typeof CannedDraft>;
export const Canned = Type.Object({ id: Identifier, ...CannedDraft.properties });
export type Canned = Static<typeof Canned>;
export const CannedList = Type.Object({ canned: Type.Array(Canned) });

export const TeamDraft = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 80 }),
  /** What comes to it by itself; null for nothing. */
  kind: nullable(TicketKind),
  members: Type.Array(Identifier, { maxItems: 200 }),
});
export type TeamDraft = Static<typeof TeamDraft>;
export const Team = Type.Object({
  id: Identifier,
  name: Type.String(),
  kind: nullable(TicketKind),
  members: Type.Array(Person),
});
export type Team = Static<typeof Team>;
/** `GET /api/desk/teams`; `operators` are all there are. */
export const TeamList = Type.Object({ teams: Type.Array(Team), operators: Type.Array(Person) });
export type TeamList = Static<typeof TeamList>;

/** `POST /api/desk/incidents`, `PUT …/:id`; `message` is mailed to who follows it. */
export const IncidentDraft = Type.Object({
  title: Texts,
  text: Texts,
  kind: TicketKind,
  isResolved: Type.Boolean(),
  message: optional(Texts),
});
export type IncidentDraft = Static<typeof IncidentDraft>;
export const DeskIncident = Type.Object({
  ...Incident.properties,
  followers: Type.Integer(),
  openTickets: Type.Integer(),
});
export type DeskIncident = Static<typeof DeskIncident>;
export const DeskIncidentList = Type.Object({ incidents: Type.Array(DeskIncident) });

/** `POST /api/desk/articles`, `PUT/DELETE …/:slug`. */
export const ArticleDraft = Type.Object({
  slug: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{1,79}$' }),
  kind: TicketKind,
  title: Texts,
  body: Texts,
  isPublished: Type.Boolean(),
});
export type ArticleDraft = Static<typeof ArticleDraft>;
export const DeskArticle = Type.Object({ ...Article.properties, isPublished: Type.Boolean() });
export type DeskArticle = Static<typeof DeskArticle>;
export const DeskArticleList = Type.Object({ articles: Type.Array(DeskArticle) });

/**
 * `GET/PUT /api/desk/hours`: when the desk works, Europe/Rome. `week[0]` is Monday; times `HH:MM`.
 * `extra` opens or shuts single days: a click day, a holiday.
 */
const Span = Type.Object({
  from: Type.String({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$' }),
  until: Type.String({ pattern: '^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$' }),
});
export const DeskHours = Type.Object({
  week: Type.Array(Type.Array(Span, { maxItems: 4 }), { minItems: 7, maxItems: 7 }),
  extra: Type.Array(
    Type.Object({
      day: Type.String({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' }),
      spans: Type.Array(Span, { maxItems: 4 }),
    }),
    { maxItems: 400 },
  ),
  /** Working minutes to a first response and to a solution, by kind. */
  targets: Type.Record(
    Type.String(),
    Type.Object({
      firstResponseMinutes: Type.Integer({ minimum: 1, maximum: 100_000 }),
      solutionMinutes: Type.Integer({ minimum: 1, maximum: 100_000 }),
    }),
  ),
  /** A warning when this share of the time is gone. */
  warningShare: Type.Number({ minimum: 0.1, maximum: 1 }),
});
export type DeskHours = Static<typeof DeskHours>;

/**
 * `GET /api/desk/statistics?from=&until=` (days, both counted; the last seven when left out), and
 * as CSV at `/api/desk/statistics.csv`. `open` is now; `closed` what was closed in the period; all
 * else of the tickets that came in it. Pieces of an hour up to three days, else of a day. Minutes
 * are working minutes; `withinTarget` is a share, 0 to 1.
 */
export const DeskStatistics = Type.Object({
  open: Type.Integer(),
  openByAge: Type.Array(
    Type.Object({ hoursUnder: nullable(Type.Number()), count: Type.Integer() }),
  ),
  byKind: Type.Record(Type.String(), Type.Integer()),
  byChannel: Type.Record(Type.String(), Type.Integer()),
  byLanguage: Type.Record(Type.String(), Type.Integer()),
  opened: Type.Array(Type.Object({ at: Instant, count: Type.Integer() })),
  closed: Type.Array(Type.Object({ at: Instant, count: Type.Integer() })),
  firstResponseMinutes: Type.Object({
    p50: nullable(Type.Number()),
    p90: nullable(Type.Number()),
    withinTarget: nullable(Type.Number()),
  }),
  solutionMinutes: Type.Object({
    p50: nullable(Type.Number()),
    p90: nullable(Type.Number()),
    withinTarget: nullable(Type.Number()),
  }),
  reopened: Type.Integer(),
});
export type DeskStatistics = Static<typeof DeskStatistics>;

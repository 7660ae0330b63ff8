/**
 * The help desk on the wire, as the person who asks sees it: tickets, messages, incidents that are
 * known, articles. Read as `portal-api.ts` is read; what operators see is in `desk-api.ts`.
 *
 *   received ─► accepted ─► in-charge ─► analysis ⇄ waiting ─► answered ─► closed
 *               number,     somebody     an operator  for what the          by user, operator
 *               a mail      has it       looks at it  user was asked        or time
 *
 * Closed may become in-charge again: reopened.
 *
 * A ticket is named in addresses by its `id`; `number` is for people, drawn at random when it is
 * accepted, so that knowing one tells nothing of another.
 *
 *   GET  /api/tickets?cursor=             TicketList, newest first
 *   POST /api/tickets                     TicketDraft ─► 201 TicketView
 *   GET  /api/tickets/:id                 TicketView
 *   POST /api/tickets/:id/messages        TicketReply ─► TicketView
 *   POST /api/tickets/:id/close           ─► TicketView
 *   POST /api/tickets/:id/reopen          TicketReply ─► TicketView
 *   POST /api/tickets/:id/attachments?message=
 *     multipart/form-data with one file, for a message of the caller's own within an hour: first
 *     the message is sent, then its files ─► 201 TicketAttachment
 *   GET  /api/tickets/:id/attachments/:attachment   a download, never shown
 */
import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { Identifier, Instant, ReadingLanguage, Texts } from './portal-api.ts';

const word = (...values: string[]) => ({ type: 'string', enum: values });
const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

export const TICKET_SUBJECT_LENGTH_MAX = 160;
export const TICKET_TEXT_LENGTH_MAX = 8_000;
/** Messages of a ticket; beyond that its user opens another one. */
export const TICKET_MESSAGES_MAX = 300;
/** Files of one message; a whole ticket has at most twice as many of its users. */
export const TICKET_ATTACHMENTS_MAX = 10;

const KINDS = ['technical', 'functional', 'legal'] as const;
/** Something does not work; how to do something; what the rules say. */
export const TicketKind = Type.Unsafe<(typeof KINDS)[number]>(word(...KINDS));
export type TicketKind = Static<typeof TicketKind>;

const STATUSES = [
  ...(['received', 'accepted', 'in-charge', 'analysis', 'waiting', 'answered'] as const),
  ...(['closed', 'merged'] as const),
] as const;
export const TicketStatus = Type.Unsafe<(typeof STATUSES)[number]>(word(...STATUSES));
export type TicketStatus = Static<typeof TicketStatus>;

const CHANNELS = ['form', 'phone', 'mail'] as const;
export const TicketChannel = Type.Unsafe<(typeof CHANNELS)[number]>(word(...CHANNELS));
export type TicketChannel = Static<typeof TicketChannel>;

const Subject = Type.String({ minLength: 3, maxLength: TICKET_SUBJECT_LENGTH_MAX });
const Text = Type.String({ minLength: 1, maxLength: TICKET_TEXT_LENGTH_MAX });

/** `POST /api/tickets`. `application` is one that the caller may read. */
export const TicketDraft = Type.Object({
  kind: TicketKind,
  subject: Subject,
  text: Text,
  application: Type.Optional(Identifier),
});
export type TicketDraft = Static<typeof TicketDraft>;

/** `POST /api/tickets/:id/messages` and `…/reopen`. */
export const TicketReply = Type.Object({ text: Text });
export type TicketReply = Static<typeof TicketReply>;

/** A PDF, JPEG, PNG or text file of 2 MB at most. */
export const TicketAttachment = Type.Object({
  id: Identifier,
  name: Type.String(),
  type: Type.String(),
  bytes: Type.Integer(),
  addedAt: Instant,
});
export type TicketAttachment = Static<typeof TicketAttachment>;

/** `by`: who wrote it, as the reader knows them: `you`, a colleague's name, or the desk. */
export const TicketMessage = Type.Object({
  id: Identifier,
  from: Type.Unsafe<'user' | 'desk'>(word('user', 'desk')),
  by: Type.String(),
  text: Type.String(),
  at: Instant,
  attachments: Type.Array(TicketAttachment),
});
export type TicketMessage = Static<typeof TicketMessage>;

/** One step of the way, with its time: what a timeline shows. */
export const TicketStep = Type.Object({
  status: Type.Union([TicketStatus, Type.Literal('reopened'), Type.Literal('given')]),
  at: Instant,
  /** Who did it, where it matters. */
  by: Type.Unsafe<'user' | 'desk' | 'time'>(word('user', 'desk', 'time')),
});
export type TicketStep = Static<typeof TicketStep>;

export const TicketSummary = Type.Object({
  id: Identifier,
  number: nullable(Type.String()),
  kind: TicketKind,
  status: TicketStatus,
  subject: Type.String(),
  channel: TicketChannel,
  createdAt: Instant,
  updatedAt: Instant,
  /** It is for the user to do something: to give what was asked for. */
  isForYou: Type.Boolean(),
});
export type TicketSummary = Static<typeof TicketSummary>;

export const TicketList = Type.Object({
  tickets: Type.Array(TicketSummary),
  nextCursor: nullable(Type.String()),
});
export type TicketList = Static<typeof TicketList>;

export const TicketView = Type.Object({
  ...TicketSummary.properties,
  language: ReadingLanguage,
  application: nullable(Type.Object({ id: Identifier, title: Type.String() })),
  messages: Type.Array(TicketMessage),
  steps: Type.Array(TicketStep),
  incident: nullable(Identifier),
  /** Where a merged one goes on, when the reader reaches that. */
  mergedInto: nullable(Identifier),
  /** What the reader may do now. */
  may: Type.Object({ write: Type.Boolean(), close: Type.Boolean(), reopen: Type.Boolean() }),
});
export type TicketView = Static<typeof TicketView>;

/** An incident that is known: shown before somebody writes, and offered to follow instead. */
export const Incident = Type.Object({
  id: Identifier,
  title: Texts,
  text: Texts,
  kind: TicketKind,
  startedAt: Instant,
  updatedAt: Instant,
  resolvedAt: nullable(Instant),
  /** False for somebody who has not logged in. */
  isFollowed: Type.Boolean(),
});
export type Incident = Static<typeof Incident>;

/** `GET /api/helpdesk`, for anyone: what the form and its pages need before anybody writes. */
export const HelpdeskAnswer = Type.Object({
  incidents: Type.Array(Incident),
  isOpen: Type.Boolean(),
  /** The next change of `isOpen`; null when the calendar knows none. */
  changesAt: nullable(Instant),
  /** The promise: working hours until a first answer. */
  firstResponseHours: Type.Number(),
  /** The median of the last 24 h, minutes of the clock; null without any. */
  firstResponseMinutesNow: nullable(Type.Number()),
  /** Tickets one account may open in an hour. */
  ticketsAnHour: Type.Integer(),
  /** After their end, tickets of nobody's account lose their words. */
  keptDays: Type.Integer(),
});
export type HelpdeskAnswer = Static<typeof HelpdeskAnswer>;

export const ArticleSummary = Type.Object({
  slug: Type.String(),
  kind: TicketKind,
  title: Texts,
  /** Where the words asked for were found, plain text. */
  excerpt: Texts,
});
export type ArticleSummary = Static<typeof ArticleSummary>;

/** `GET /api/articles?q=&kind=&language=`, best first, and without `q` by kind. */
export const ArticleList = Type.Object({ articles: Type.Array(ArticleSummary) });
export type ArticleList = Static<typeof ArticleList>;

/** `body`: paragraphs, lists and links as Markdown; raw HTML is text. */
export const Article = Type.Object({
  slug: Type.String(),
  kind: TicketKind,
  title: Texts,
  body: Texts,
  updatedAt: Instant,
});
export type Article = Static<typeof Article>;

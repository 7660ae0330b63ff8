/**
 * The help desk on the wire, as its operators see it. Every call needs the role operator or admin;
 * every reading of what a person wrote or is leaves a line in the audit.
 *
 *   GET  /api/desk/tickets                DeskQuery ─► DeskTicketList
 *   POST /api/desk/tickets                PhoneTicket ─► 201 DeskTicket
 *   GET  /api/desk/queues                 DeskQueues
 *   GET  /api/desk/callers?q=             DeskCallers
 *   GET  /api/desk/tickets/:id            DeskTicket, as all below answer
 *   POST …/accept, take, analyse, ask, answer, close, reopen   DeskAction
 *   POST …/notes                          DeskNote
 *   POST …/seen                           by who is mentioned in one
 *   GET  /api/desk/tags                   DeskTags
 *   PATCH /api/desk/tickets/:id           DeskChange
 *   GET  …/subject                        DeskSubject
 *   GET  …/applications/:application/receipt.pdf, preview.pdf   of those in `subject`
 *   POST …/attachments?message=           as a user's; the message may be a note ─► 201
 *   GET  …/attachments/:attachment        a download
 */
import { type Static, type TSchema, Type } from '@sinclair/typebox';
import {
  TICKET_SUBJECT_LENGTH_MAX,
  TICKET_TEXT_LENGTH_MAX,
  TicketAttachment,
  TicketChannel,
  TicketKind,
  TicketStatus,
} from './helpdesk-api.ts';
import { Identifier, Instant, Language, ReadingLanguage } from './portal-api.ts';

const word = (...values: string[]) => ({ type: 'string', enum: values });
const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const optional = <T extends TSchema>(schema: T) => Type.Optional(schema);

const Subject = Type.String({ minLength: 3, maxLength: TICKET_SUBJECT_LENGTH_MAX });
const Text = Type.String({ minLength: 1, maxLength: TICKET_TEXT_LENGTH_MAX });
const Version = Type.Integer({ minimum: 1 });

/** How many tickets a bulk action takes at once. */
export const BULK_MAX = 1_000;

/** Tags of a ticket, and the signs of one. */
export const TAGS_MAX = 10;
export const TAG_LENGTH_MAX = 30;
/** Colleagues in a note. */
export const MENTIONS_MAX = 10;

export * from './desk-caller-api.ts';

export const Person = Type.Object({ id: Identifier, name: Type.String() });
export type Person = Static<typeof Person>;

/** Where a clock stands: `due` null while it is stopped or was met. */
export const DeskClock = Type.Object({
  due: nullable(Instant),
  state: Type.Unsafe<'running' | 'warning' | 'breached' | 'met' | 'stopped'>(
    word('running', 'warning', 'breached', 'met', 'stopped'),
  ),
});
export type DeskClock = Static<typeof DeskClock>;

export const DeskTicketSummary = Type.Object({
  id: Identifier,
  number: nullable(Type.String()),
  kind: TicketKind,
  status: TicketStatus,
  channel: TicketChannel,
  language: ReadingLanguage,
  subject: Type.String(),
  /** Who asks. */
  contact: Type.String(),
  organisation: nullable(Type.String()),
  team: nullable(Identifier),
  assignee: nullable(Person),
  isEscalated: Type.Boolean(),
  incident: nullable(Identifier),
  tags: Type.Array(Type.String()),
  /** It is in none of the queues before; null when it is not postponed. */
  postponedUntil: nullable(Instant),
  createdAt: Instant,
  updatedAt: Instant,
  firstResponse: DeskClock,
  solution: DeskClock,
});
export type DeskTicketSummary = Static<typeof DeskTicketSummary>;

/**
 * `GET /api/desk/tickets`. `queue`: what the menu offers; the others narrow it down.
 *
 *   open      the desk's move: received, accepted, in-charge, analysis
 *   waiting   the user's move: waiting, answered
 *   closed    closed, merged
 *   mine      open or waiting, and the caller's; `unassigned`: open and nobody's
 *   breached  open, and a promise of time is broken
 *   postponed open, and in none of mine, unassigned, open before its day
 *   mentioned a note mentions the caller, who has not said to have seen it
 *
 * Without a queue it is `open`, with a status alone `all`; `breached` is always by `due`. With `q`
 * only the newest messages that have its words are looked through (SEARCHED_MESSAGES_MAX), with
 * `tag` the newest tickets that have it (TAGGED_MAX). A page
 * may be short, even empty, although `nextCursor` leads on. Values are texts, as an address has
 * them.
 */
export const SEARCHED_MESSAGES_MAX = 2_000;
export const TAGGED_MAX = 10_000;
const QUEUES = [
  ...(['mine', 'unassigned', 'open', 'waiting', 'breached', 'closed', 'all'] as const),
  ...(['postponed', 'mentioned'] as const),
] as const;
export const DeskQuery = Type.Object({
  queue: optional(Type.Unsafe<(typeof QUEUES)[number]>(word(...QUEUES))),
  kind: optional(TicketKind),
  status: optional(TicketStatus),
  channel: optional(TicketChannel),
  team: optional(Identifier),
  assignee: optional(Identifier),
  language: optional(ReadingLanguage),
  incident: optional(Identifier),
  account: optional(Identifier),
  tag: optional(Type.String({ maxLength: TAG_LENGTH_MAX })),
  escalated: optional(Type.Unsafe<'true' | 'false'>(word('true', 'false'))),
  /** Words of subject and messages, or a number. */
  q: optional(Type.String({ maxLength: 200 })),
  sort: optional(Type.Unsafe<'oldest' | 'newest' | 'due'>(word('oldest', 'newest', 'due'))),
  cursor: optional(Type.String({ maxLength: 200 })),
  /** 1 to 100; 25 when left out. */
  limit: optional(Type.String({ pattern: '^([1-9]\\d?|100)$' })),
});
export type DeskQuery = Static<typeof DeskQuery>;

export const DeskTicketList = Type.Object({
  tickets: Type.Array(DeskTicketSummary),
  nextCursor: nullable(Type.String()),
});
export type DeskTicketList = Static<typeof DeskTicketList>;

/** `breached` is counted up to this. */
export const BREACHED_COUNT_MAX = 10_000;

/** `GET /api/desk/queues`: what waits in each, for the menu; by kind, team, language: of `open`. */
export const DeskQueues = Type.Object({
  mine: Type.Integer(),
  unassigned: Type.Integer(),
  open: Type.Integer(),
  waiting: Type.Integer(),
  breached: Type.Integer(),
  postponed: Type.Integer(),
  mentioned: Type.Integer(),
  byKind: Type.Record(Type.String(), Type.Integer()),
  byTeam: Type.Record(Type.String(), Type.Integer()),
  byLanguage: Type.Record(Type.String(), Type.Integer()),
});
export type DeskQueues = Static<typeof DeskQueues>;

/** `internal` notes never leave the desk; `unverified`: a mail whose sender is not proven. */
export const DeskMessage = Type.Object({
  id: Identifier,
  from: Type.Unsafe<'user' | 'desk' | 'system'>(word('user', 'desk', 'system')),
  visibility: Type.Unsafe<'public' | 'internal' | 'unverified'>(
    word('public', 'internal', 'unverified'),
  ),
  channel: TicketChannel,
  author: nullable(Person),
  text: Type.String(),
  at: Instant,
  attachments: Type.Array(TicketAttachment),
});
export type DeskMessage = Static<typeof DeskMessage>;

/** Everything that happened, in order; `detail` says from what to what. */
export const DeskEvent = Type.Object({
  at: Instant,
  by: nullable(Person),
  kind: Type.String(),
  detail: Type.Record(Type.String(), Type.Unknown()),
});
export type DeskEvent = Static<typeof DeskEvent>;

export const DeskTicket = Type.Object({
  ...DeskTicketSummary.properties,
  /** Rises with each change; an action that was decided on an older one is refused. */
  version: Version,
  account: nullable(Identifier),
  email: nullable(Type.String()),
  phone: nullable(Type.String()),
  application: nullable(Identifier),
  messages: Type.Array(DeskMessage),
  events: Type.Array(DeskEvent),
  mergedInto: nullable(Identifier),
  mergedFrom: Type.Array(Identifier),
  /** Who is still to look at a note that mentions them. */
  mentions: Type.Array(Person),
});
export type DeskTicket = Static<typeof DeskTicket>;

/**
 * `POST /api/desk/tickets/:id/{accept,take,analyse,ask,answer,close,reopen}`. `text` is what the
 * user is told; needed by `ask` and `answer`.
 */
export const DeskAction = Type.Object({ version: Version, text: optional(Text) });
export type DeskAction = Static<typeof DeskAction>;

/** `POST /api/desk/tickets/:id/notes`. `mentions`: accounts of colleagues who are to look at it. */
export const DeskNote = Type.Object({
  text: Text,
  mentions: optional(Type.Array(Identifier, { maxItems: MENTIONS_MAX })),
});
export type DeskNote = Static<typeof DeskNote>;

/** `PATCH /api/desk/tickets/:id`; null takes away. */
export const DeskChange = Type.Object({
  version: Version,
  kind: optional(TicketKind),
  subject: optional(Subject),
  language: optional(Language),
  team: optional(nullable(Identifier)),
  assignee: optional(nullable(Identifier)),
  incident: optional(nullable(Identifier)),
  application: optional(nullable(Identifier)),
  isEscalated: optional(Type.Boolean()),
  /** A day from tomorrow on, `YYYY-MM-DD`; back in its queue from when that begins in Rome. */
  postponedTo: optional(nullable(Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }))),
  /** All it has from now on. */
  tags: optional(Type.Array(Type.String({ maxLength: 60 }), { maxItems: TAGS_MAX })),
  /** Why, for who gets it: becomes a note. */
  note: optional(Text),
});
export type DeskChange = Static<typeof DeskChange>;

/** `GET /api/desk/tags`: those in use, to choose from. */
export const DeskTags = Type.Object({ tags: Type.Array(Type.String()) });
export type DeskTags = Static<typeof DeskTags>;

/** `POST /api/desk/tickets/:id/merge`: this one goes on in `into`. */
export const DeskMerge = Type.Object({ version: Version, into: Identifier });
export type DeskMerge = Static<typeof DeskMerge>;

/** `POST /api/desk/tickets/:id/unmerge`: it goes on by itself again. */
export const DeskVersion = Type.Object({ version: Version });
export type DeskVersion = Static<typeof DeskVersion>;

/** `POST /api/desk/tickets/:id/split`: a new ticket of some messages; its id. */
export const DeskSplit = Type.Object({
  version: Version,
  messages: Type.Array(Identifier, { minItems: 1, maxItems: 100 }),
  subject: Subject,
  kind: TicketKind,
});
export type DeskSplit = Static<typeof DeskSplit>;

/** `POST /api/desk/tickets/:id/presence`, every 20 s while it is open; forgotten after 45 s. */
export const DeskPresence = Type.Object({
  state: Type.Unsafe<'reading' | 'writing' | 'left'>(word('reading', 'writing', 'left')),
});
export const DeskPresenceAnswer = Type.Object({
  others: Type.Array(Type.Object({ name: Type.String(), state: Type.String(), since: Instant })),
  /** The ticket's version now: the page asks again when it is another one than it shows. */
  version: Version,
});
export type DeskPresenceAnswer = Static<typeof DeskPresenceAnswer>;

/**
 * `POST /api/desk/bulk`; `tickets`, or all open ones of `incident`; `text` for all alike, or
 * `texts`, to each in the language of their ticket. Runs on; `GET …/bulk/:id`.
 */
export const DeskBulk = Type.Object({
  tickets: optional(Type.Array(Identifier, { minItems: 1, maxItems: BULK_MAX })),
  incident: optional(Identifier),
  action: Type.Unsafe<'answer' | 'close' | 'assign'>(word('answer', 'close', 'assign')),
  text: optional(Text),
  texts: optional(Type.Object({ it: Text, en: Text })),
  assignee: optional(Identifier),
});
export type DeskBulk = Static<typeof DeskBulk>;
export const DeskBulkState = Type.Object({
  id: Identifier,
  total: Type.Integer(),
  done: Type.Integer(),
  skipped: Type.Integer(),
  isFinished: Type.Boolean(),
});
export type DeskBulkState = Static<typeof DeskBulkState>;

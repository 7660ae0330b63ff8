/**
 * Who asks, as the help desk's operators see them: beside a ticket, and on the telephone. Read as
 * `desk-api.ts` is, which hands it on.
 */
import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { TICKET_SUBJECT_LENGTH_MAX, TICKET_TEXT_LENGTH_MAX, TicketKind } from './helpdesk-api.ts';
import { Identifier, Instant, Language } from './portal-api.ts';

const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const optional = <T extends TSchema>(schema: T) => Type.Optional(schema);

/** The newest of each list of `DeskSubject`. */
export const SUBJECT_APPLICATIONS_MAX = 50;
export const SUBJECT_TICKETS_MAX = 20;

/**
 * `GET /api/desk/tickets/:id/subject`: what the desk reads beside a ticket, never changes. What
 * the public log says of an application is at `GET /api/entries?protocol=`.
 */
export const DeskSubject = Type.Object({
  account: nullable(
    Type.Object({
      id: Identifier,
      name: Type.String(),
      email: Type.String(),
      taxCode: nullable(Type.String()),
      organisation: nullable(Type.String()),
      createdAt: Instant,
    }),
  ),
  applications: Type.Array(
    Type.Object({
      id: Identifier,
      model: Type.String(),
      title: Type.String(),
      status: Type.String(),
      clickDay: nullable(Type.String()),
      office: nullable(Type.String()),
      protocol: nullable(Type.String()),
      stamp: nullable(Instant),
      hasReceipt: Type.Boolean(),
    }),
  ),
  otherTickets: Type.Array(
    Type.Object({ id: Identifier, number: nullable(Type.String()), subject: Type.String() }),
  ),
});
export type DeskSubject = Static<typeof DeskSubject>;

export const CALLERS_MAX = 20;

/**
 * `GET /api/desk/callers?q=`: accounts by words of their name or their organisation's, by office,
 * codice fiscale (its first six signs suffice), address (its beginning) or protocol; CALLERS_MAX at
 * most. `organisation` is its name, or the office.
 */
export const DeskCallers = Type.Object({
  callers: Type.Array(
    Type.Object({
      id: Identifier,
      name: Type.String(),
      email: Type.String(),
      taxCode: nullable(Type.String()),
      organisation: nullable(Type.String()),
      /** Set when `q` was a protocol of this account. */
      application: nullable(Identifier),
    }),
  ),
});
export type DeskCallers = Static<typeof DeskCallers>;

/** `POST /api/desk/tickets`: a ticket for who is on the telephone; `account` or a name. */
export const PhoneTicket = Type.Object({
  account: optional(Identifier),
  name: optional(Type.String({ minLength: 1, maxLength: 120 })),
  email: optional(Type.String({ minLength: 3, maxLength: 254 })),
  phone: optional(Type.String({ minLength: 3, maxLength: 40 })),
  language: Language,
  kind: TicketKind,
  subject: Type.String({ minLength: 3, maxLength: TICKET_SUBJECT_LENGTH_MAX }),
  text: Type.String({ minLength: 1, maxLength: TICKET_TEXT_LENGTH_MAX }),
  application: optional(Identifier),
});
export type PhoneTicket = Static<typeof PhoneTicket>;

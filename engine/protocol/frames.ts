/**
 * The frames of the WebSocket subprotocol `clickday.v1` (protocol §3).
 *
 * One text, many uses: types, run-time checks on the gate, and the AsyncAPI document.
 */
import { type Static, Type } from '@sinclair/typebox';
import { ClickDay, Instant } from './calendar.ts';

export const SUBPROTOCOL = 'clickday.v1';
export const FRAME_BYTES_MAX = 4 * 1024;
export const HELLO_BYTES_MAX = 256 * 1024;
export const REF_LENGTH_MAX = 64;

const sync = Type.Union([
  Type.Literal('synchronised'),
  Type.Literal('holdover'),
  Type.Literal('unsynchronised'),
]);
export type SyncState = Static<typeof sync>;

export const Hello = Type.Object({
  type: Type.Literal('hello'),
  passbooks: Type.Array(Type.String(), { maxItems: 100 }),
  client: Type.Optional(Type.String({ maxLength: 128, description: 'name/version' })),
});
export type Hello = Static<typeof Hello>;

export const TimeRequest = Type.Object({
  type: Type.Literal('time'),
  t0: Type.Number({ description: "the client's clock, ms, may be fractional" }),
});
export type TimeRequest = Static<typeof TimeRequest>;

export const Submit = Type.Object({
  type: Type.Literal('submit'),
  application: Type.String({ minLength: 1, maxLength: 64 }),
  ref: Type.Optional(Type.String({ maxLength: REF_LENGTH_MAX })),
});
export type Submit = Static<typeof Submit>;

export const Welcome = Type.Object({
  type: Type.Literal('welcome'),
  gate: Type.String(),
  applications: Type.Integer({ minimum: 0 }),
  clickDays: Type.Array(ClickDay),
  inFlightLimit: Type.Integer({ minimum: 1 }),
  sync: Type.Optional(sync),
  uncertaintyUs: Type.Optional(Type.Integer({ minimum: 0 })),
});
export type Welcome = Static<typeof Welcome>;

export const TimeAnswer = Type.Object({
  type: Type.Literal('time'),
  t0: Type.Number(),
  t1Us: Type.Integer(),
  t2Us: Type.Integer(),
  uncertaintyUs: Type.Integer({ minimum: 0 }),
  sync,
});
export type TimeAnswer = Static<typeof TimeAnswer>;

export const Accepted = Type.Object({
  type: Type.Literal('accepted'),
  application: Type.String(),
  ref: Type.Optional(Type.String()),
  protocol: Type.String(),
  seq: Type.Integer({ minimum: 1 }),
  stamp: Instant,
  uncertaintyUs: Type.Integer({ minimum: 0 }),
  duplicate: Type.Optional(Type.Literal(true)),
});
export type Accepted = Static<typeof Accepted>;

export const Rejected = Type.Object({
  type: Type.Literal('rejected'),
  application: Type.Optional(Type.String()),
  ref: Type.Optional(Type.String()),
  code: Type.String(),
  message: Type.String(),
  retryAfterMs: Type.Optional(Type.Integer({ minimum: 0 })),
  opensAt: Type.Optional(Instant),
});
export type Rejected = Static<typeof Rejected>;

export const CalendarFrame = Type.Object({
  type: Type.Literal('calendar'),
  clickDays: Type.Array(ClickDay),
});
export type CalendarFrame = Static<typeof CalendarFrame>;

export const ErrorFrame = Type.Object({
  type: Type.Literal('error'),
  code: Type.String(),
  message: Type.String(),
});
export type ErrorFrame = Static<typeof ErrorFrame>;

export type ClientFrame = Hello | TimeRequest | Submit;
export type GateFrame = Welcome | TimeAnswer | Accepted | Rejected | CalendarFrame | ErrorFrame;

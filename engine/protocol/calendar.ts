/**
 * The calendar as gates and clients know it: when each click day opens and closes.
 *
 * It travels as a JWS (`typ: clickday-calendar+jwt`) signed by the portal, so that a gate can trust
 * a copy on disk on a day when the portal is dead.
 */
import { type Static, Type } from '@sinclair/typebox';
import { Quotas } from './ranking/quotas.ts';

/**
 * An instant on the wire. A pattern and not `format: 'date-time'`: to the compiled checks an
 * unregistered format is a fault of every value.
 */
export const Instant = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,6})?(Z|[+-]\\d{2}:\\d{2})$',
  description: 'ISO 8601 UTC, for example 2011-01-31T07:00:00.000123Z',
});

/** A click day on the wire. `opensAt` is inclusive, `closesAt` exclusive, both ISO 8601 UTC. */
export const ClickDay = Type.Object({
  id: Type.String({ minLength: 1, maxLength: 64, description: 'for example 2011-01-31' }),
  opensAt: Instant,
  closesAt: Instant,
  suspended: Type.Optional(Type.Literal(true)),
  quotas: Type.Optional(Quotas),
  kind: Type.Optional(
    Type.Literal('rehearsal', { description: 'to practise on: of no value; left out: real' }),
  ),
});
export type ClickDay = Readonly<Static<typeof ClickDay>>;

export const CALENDAR_TYP = 'clickday-calendar+jwt';

/** Claims of the signed calendar. `iat` in seconds; a gate keeps the last that verified. */
export const CalendarClaims = Type.Object({
  iat: Type.Number({ description: 'seconds since the Unix epoch, may be fractional' }),
  clickDays: Type.Array(ClickDay, { maxItems: 1000 }),
  /** Apart from the real ones: a gate that knows nothing of them never takes one for real. */
  rehearsals: Type.Optional(Type.Array(ClickDay, { maxItems: 1000 })),
  keys: Type.Object({ keys: Type.Array(Type.Record(Type.String(), Type.Unknown())) }),
});
export type CalendarClaims = Static<typeof CalendarClaims>;

/** How mail goes, on the wire: for administrators. */
import { type Static, Type } from '@sinclair/typebox';
import { Instant } from './portal-api.ts';

const nullable = Type.Union([Instant, Type.Null()]);

/** `GET /api/admin/mail`. */
export const MailState = Type.Object({
  counts: Type.Object({ queued: Type.Integer(), sent: Type.Integer(), failed: Type.Integer() }),
  underWay: Type.Integer(),
  /** Why the mail server is not to be had, as it says; null when it is. */
  trouble: Type.Union([Type.String(), Type.Null()]),
  /** How long the mail that is most overdue has been due; 0 when none is. */
  overdueSeconds: Type.Integer(),
  /** Domains that have mail waiting. */
  domains: Type.Integer(),
  /** The twenty of them with the most; one that refused again and again rests. */
  queues: Type.Array(
    Type.Object({ domain: Type.String(), waiting: Type.Integer(), restsUntil: nullable }),
  ),
});
export type MailState = Static<typeof MailState>;

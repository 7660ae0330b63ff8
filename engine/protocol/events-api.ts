/**
 * What `GET /api/events` says: server-sent events (WHATWG HTML §9.2) about the caller's own
 * applications, so that an open page need not ask again and again.
 *
 *   ready        nothing was missed: what the page has is what there is
 *   reload       something may have been missed: read anew, at some moment within `withinMs`
 *   application  this application is now so; in full
 *   gone         this application is there no more
 *
 * An event's id is a position. A page that comes again tells the last one it saw, as the header
 * `Last-Event-ID` or, where that cannot be set, as `?after=`. A comment comes every 20 seconds, so
 * that both sides notice a connection that is dead. The stream ends when the session does.
 */
import { type Static, Type } from '@sinclair/typebox';
import { Application } from './portal-api.ts';

export const EventsQuery = Type.Object({
  after: Type.Optional(Type.String({ maxLength: 60 })),
});

/** The data of `reload`. */
export const ReloadNews = Type.Object({ withinMs: Type.Integer({ minimum: 0 }) });
export type ReloadNews = Static<typeof ReloadNews>;

/** The data of `gone`. */
export const GoneNews = Type.Object({ id: Type.String() });
export type GoneNews = Static<typeof GoneNews>;

/** The data of each event by its name, for who reads the description of the API. */
export const EventNews = Type.Object({
  ready: Type.Object({}),
  reload: ReloadNews,
  application: Application,
  gone: GoneNews,
});
export type EventNews = Static<typeof EventNews>;

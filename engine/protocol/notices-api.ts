/**
 * Notices: what the administrators tell everybody who opens the web application, for a period.
 * `GET /api/notices` gives those to be shown now, the gravest first; the rest is the
 * administrators' and stands in the audit.
 */
import { type Static, Type } from '@sinclair/typebox';
import { Identifier, Instant, Texts } from './portal-api.ts';

export const NoticeSeverity = Type.Unsafe<'info' | 'warning' | 'danger'>({
  type: 'string',
  enum: ['info', 'warning', 'danger'],
});
export type NoticeSeverity = Static<typeof NoticeSeverity>;

const NoticeText = Type.String({ minLength: 1, maxLength: 600, pattern: '\\S' });

/** What an administrator writes: plain text in both languages, shown from `from` until `until`. */
export const NoticeDraft = Type.Object({
  text: Type.Object({ it: NoticeText, en: NoticeText }),
  severity: NoticeSeverity,
  from: Instant,
  until: Instant,
});
export type NoticeDraft = Static<typeof NoticeDraft>;

export const Notice = Type.Object({
  id: Identifier,
  text: Texts,
  severity: NoticeSeverity,
  from: Instant,
  until: Instant,
});
export type Notice = Static<typeof Notice>;

export const NoticesAnswer = Type.Object({ notices: Type.Array(Notice) });
export type NoticesAnswer = Static<typeof NoticesAnswer>;

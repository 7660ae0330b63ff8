/**
 * Attachments in the portal's API: which documents an application asks for, and the files that were
 * added. What may be added is said here once, for the portal and for the page that asks.
 */
import { type Static, Type } from '@sinclair/typebox';
import { Identifier, Instant, Texts } from './portal-api.ts';

/** One file: 2 MB, as people read it. */
export const ATTACHMENT_BYTES_MAX = 2 * 1024 * 1024;
/** Files of one application. */
export const ATTACHMENTS_MAX = 12;
/** The extensions of each type; the first is the one that is added to a name without any. */
export const ATTACHMENT_TYPES = {
  'application/pdf': ['pdf'],
  'image/jpeg': ['jpg', 'jpeg'],
  'image/png': ['png'],
} as const;
export type AttachmentType = keyof typeof ATTACHMENT_TYPES;

export const AttachmentKind = Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,59}$' });

export const Attachment = Type.Object({
  id: Identifier,
  kind: Type.String(),
  name: Type.String(),
  type: Type.String(),
  bytes: Type.Integer(),
  /** Of the file, hexadecimal: what `sha256sum` prints. */
  sha256: Type.String(),
  addedAt: Instant,
});
export type Attachment = Static<typeof Attachment>;

/** `kinds` in the order of the model's checklist; `hint` is its line there;
 * `required` ones are needed to be ready. */
export const AttachmentsAnswer = Type.Object({
  kinds: Type.Array(
    Type.Object({ kind: Type.String(), label: Texts, hint: Texts, required: Type.Boolean() }),
  ),
  attachments: Type.Array(Attachment),
  countMax: Type.Integer(),
  bytesMax: Type.Integer(),
});
export type AttachmentsAnswer = Static<typeof AttachmentsAnswer>;

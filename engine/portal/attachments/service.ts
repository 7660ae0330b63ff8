/**
 * Attachments: the documents that a model's checklist lets be added to an application. They change
 * while it is a draft, as answers do; a version names them by their digests, so what was made ready
 * cannot be exchanged. What a version names stays, although it is taken away from the draft: a
 * passbook that names this version may still be sent. The rest is kept for an hour after it was
 * taken away, so that a backup under way finds it, and is deleted then.
 */
import type { ReadStream } from 'node:fs';
import {
  ATTACHMENT_BYTES_MAX,
  ATTACHMENT_TYPES,
  ATTACHMENTS_MAX,
  type Attachment,
  type AttachmentsAnswer,
  type AttachmentType,
} from '#protocol/attachments-api.ts';
import type { FormDefinition } from '#protocol/forms/index.ts';
import { isoFromUs } from '#protocol/time.ts';
import type { Log } from '../../foundation/log.ts';
import type { Random } from '../../foundation/random.ts';
import type { AccountsTable, ApplicationsTable, Database } from '../../store/database/index.ts';
import { type Deed, requireReached } from '../applications/reach.ts';
import { applicationStore } from '../applications/store.ts';
import {
  type AcceptedTypes,
  createReceiver,
  type IncomingFile,
  storedFiles,
  typeOf,
} from '../files/index.ts';
import { Refusal } from '../http/refusal.ts';
import type { Models } from '../models/index.ts';
import { type AttachmentRow, attachmentStore } from './store.ts';

export interface Upload extends IncomingFile {
  readonly kind: string;
}

export interface AttachmentService {
  list(account: AccountsTable, application: string): AttachmentsAnswer;
  /** Whether something may be added now; before any of it is read. Throws what `add` throws. */
  check(account: AccountsTable, application: string, kind: string): Promise<void>;
  /**
   * Refuses NOT_EDITABLE, ATTACHMENT_KIND_UNKNOWN, ATTACHMENTS_TOO_MANY, ATTACHMENT_TOO_LARGE,
   * ATTACHMENT_TYPE, ATTACHMENT_NAME, ATTACHMENTS_NO_ROOM, BUSY.
   */
  add(account: AccountsTable, application: string, upload: Upload): Promise<Attachment>;
  read(
    account: AccountsTable,
    application: string,
    id: string,
  ): { readonly attachment: Attachment; readonly stream: ReadStream };
  /** Refuses NOT_EDITABLE once it is ready. */
  remove(account: AccountsTable, application: string, id: string): void;
  /** Deletes what is no longer of use. How many files went. */
  sweep(): Promise<number>;
  /** Deletes what a crash left. Once, when the portal starts. */
  clear(): Promise<void>;
}

export interface AttachmentParts {
  readonly database: Database;
  readonly clock: { nowUs(): number };
  readonly random: Random;
  readonly models: Models;
  readonly log: Log;
  /** Where the files lie. */
  readonly directory: string;
  readonly limits: {
    /** The disk is the ledgers' as well: with less room nothing is added. */
    readonly attachmentsFreeBytesMin: number;
    readonly uploadsAtOnceMax: number;
  };
}

const KEPT_US = 3_600_000_000;
const FILES_A_SWEEP = 500;
/** By its first bytes. */
const TYPES: AcceptedTypes = {
  typeOf: ({ head }) => typeOf(head),
  extensions: (type) => ATTACHMENT_TYPES[type as AttachmentType],
  refusal: 'ATTACHMENT_TYPE',
};

/** The attachments in `directory`, whose rows are in `database`. */
export function createAttachments(parts: AttachmentParts): AttachmentService {
  const { database, models } = parts;
  const store = attachmentStore(database);
  const files = storedFiles(parts.directory);
  const find = (account: AccountsTable, id: string, deed: Deed) =>
    requireReached(database, account, { id, deed });
  const one = (application: string, id: string) => {
    const row = store.one(application, id);
    if (!row) throw new Refusal('NOT_FOUND');
    return row;
  };
  const admit = (account: AccountsTable, id: string, kind: string) => {
    const row = requireDraft(find(account, id, 'prepare'));
    const kinds = kindsOf(models, row);
    if (!kinds.some((each) => each.kind === kind)) throw new Refusal('ATTACHMENT_KIND_UNKNOWN');
    if (store.of(id).length >= ATTACHMENTS_MAX) throw new Refusal('ATTACHMENTS_TOO_MANY');
    return row;
  };
  const receiver = createReceiver({ ...parts, files, types: TYPES });
  return {
    list: (account, id) => ({
      kinds: kindsOf(models, find(account, id, 'read')),
      attachments: store.of(id).map(onWire),
      countMax: ATTACHMENTS_MAX,
      bytesMax: ATTACHMENT_BYTES_MAX,
    }),
    check: async (account, id, kind) => {
      admit(account, id, kind);
      await receiver.requireRoom();
    },
    add: async (account, application, upload) => {
      const { incoming, type, name } = await receiver.receive(upload);
      try {
        return database.transaction(() => {
          admit(account, application, upload.kind);
          const { bytes, sha256 } = incoming;
          const nowUs = parts.clock.nowUs();
          const row = {
            ...{ id: parts.random.id(), application, kind: upload.kind, name, type },
            ...{ bytes, sha256, account: account.id, added_at_us: nowUs, removed_at_us: null },
          };
          store.insert(row);
          applicationStore(database).update(application, { updated_at_us: nowUs });
          incoming.keep(row.id);
          return onWire(row);
        });
      } catch (error) {
        await incoming.drop();
        throw error;
      }
    },
    read: (account, application, id) => {
      const row = one(find(account, application, 'read').id, id);
      return { attachment: onWire(row), stream: files.read(row.id) };
    },
    remove: (account, application, id) =>
      database.transaction(() => {
        const row = one(requireDraft(find(account, application, 'prepare')).id, id);
        const nowUs = parts.clock.nowUs();
        store.remove(row.id, nowUs);
        applicationStore(database).update(application, { updated_at_us: nowUs });
      }),
    sweep: async () => {
      const ids = store.disposable(parts.clock.nowUs() - KEPT_US, FILES_A_SWEEP);
      database.transaction(() => store.forget(ids));
      for (const id of ids) await files.remove(id);
      return ids.length;
    },
    clear: async () => {
      const gone = await files.clear(store.unknown);
      if (gone > 0) parts.log.warn({ files: gone }, 'removed files without an attachment');
    },
  };
}

/** The kinds of documents that an application's form lets be added, in its order. */
export function attachableKinds(form: FormDefinition): AttachmentsAnswer['kinds'] {
  return form.documents.flatMap(({ it, en, attach }) => {
    if (attach === undefined) return [];
    const { kind, label, required = false } = attach;
    return [{ kind, label, hint: { it, en }, required }];
  });
}

function kindsOf(models: Models, row: ApplicationsTable): AttachmentsAnswer['kinds'] {
  const form = models.get(row.model, row.model_version);
  return form === undefined ? [] : attachableKinds(form);
}

function requireDraft(row: ApplicationsTable): ApplicationsTable {
  if (row.status !== 'draft') throw new Refusal('NOT_EDITABLE');
  return row;
}

function onWire(row: AttachmentRow): Attachment {
  const { id, kind, name, type, bytes, sha256 } = row;
  return { id, kind, name, type, bytes, sha256, addedAt: isoFromUs(row.added_at_us) };
}

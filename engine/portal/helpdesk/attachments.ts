/**
 * Files with messages. A message is sent first, then its author adds files to it, within an hour;
 * so nothing lies about that was never sent. A user is handed out what goes with messages that
 * users see; what goes with a note stays at the desk.
 *
 * The files lie among those of applications (`files/`), so that a backup and a check find them. One
 * that is taken away is kept for an hour, for a backup under way, and deleted then.
 */
import type { ReadStream } from 'node:fs';
import { ATTACHMENT_TYPES, type AttachmentType } from '#protocol/attachments-api.ts';
import { TICKET_ATTACHMENTS_MAX, type TicketAttachment } from '#protocol/helpdesk-api.ts';
import type { Random } from '../../foundation/random.ts';
import type {
  AccountsTable,
  Database,
  TicketMessageRow,
  TicketRow,
} from '../../store/database/index.ts';
import type { Audit } from '../control-room/audit.ts';
import {
  type AcceptedTypes,
  createReceiver,
  type IncomingFile,
  storedFiles,
  typeOf,
} from '../files/index.ts';
import { Refusal } from '../http/refusal.ts';
import { attachmentOnWire, ticketAttachmentStore } from './attachment-store.ts';
import { requireTicket } from './reach.ts';
import { ticketStore } from './store.ts';

export interface Download {
  readonly name: string;
  readonly bytes: number;
  readonly stream: ReadStream;
}

/** Where a file goes, and who says so. */
export interface Place {
  readonly caller: AccountsTable;
  readonly ticket: string;
  readonly message: string;
}

/** One side's: the users', or the desk's. */
export interface TicketFiles {
  /** Before any of the file is read. Throws what `add` throws. */
  check(place: Place): Promise<void>;
  /**
   * Refuses NOT_FOUND, ROLE_INSUFFICIENT, TICKET_ATTACHMENT_LATE, TICKET_ATTACHMENTS_TOO_MANY,
   * TICKET_ATTACHMENT_TYPE, ATTACHMENT_TOO_LARGE, ATTACHMENT_NAME, ATTACHMENTS_NO_ROOM, BUSY.
   */
  add(place: Place, file: IncomingFile): Promise<TicketAttachment>;
  read(caller: AccountsTable, ticket: string, id: string): Download;
}

export interface TicketAttachments {
  readonly own: TicketFiles;
  readonly desk: TicketFiles;
  /** A file that came with a message by mail; refused as `add` refuses, whoever sent it. */
  addTo(message: TicketMessageRow, file: IncomingFile): Promise<TicketAttachment>;
  /** Deletes the files of what was taken away. How many went. */
  sweep(): Promise<number>;
}

export interface TicketAttachmentParts {
  readonly database: Database;
  readonly clock: { nowUs(): number };
  readonly random: Random;
  readonly audit: Audit;
  readonly directory: string;
  readonly fileLimits: {
    readonly attachmentsFreeBytesMin: number;
    readonly uploadsAtOnceMax: number;
  };
}

const LATE_US = 3_600_000_000;
const KEPT_US = 3_600_000_000;
const FILES_A_SWEEP = 500;
const OF_TICKET_MAX = 2 * TICKET_ATTACHMENTS_MAX;
const TEXT = 'text/plain';
const TYPES: AcceptedTypes = {
  typeOf: ({ head, isText, bytes }) => typeOf(head) ?? (isText && bytes > 0 ? TEXT : undefined),
  extensions: (type) => (type === TEXT ? ['txt', 'log'] : ATTACHMENT_TYPES[type as AttachmentType]),
  refusal: 'TICKET_ATTACHMENT_TYPE',
};

export function createTicketAttachments(parts: TicketAttachmentParts): TicketAttachments {
  const { database, clock, random, audit, fileLimits: limits } = parts;
  const store = ticketAttachmentStore(database);
  const files = storedFiles(parts.directory);
  const receiver = createReceiver({ files, random, limits, types: TYPES });
  const refuseMany = (message: TicketMessageRow) => {
    const isFull = store.countOf({ message: message.id }) >= TICKET_ATTACHMENTS_MAX;
    const isDesk = message.author_kind === 'desk';
    if (isFull || (!isDesk && store.countOf({ ticket: message.ticket }) >= OF_TICKET_MAX)) {
      throw new Refusal('TICKET_ATTACHMENTS_TOO_MANY');
    }
  };
  const add = async (file: IncomingFile, admit: () => TicketMessageRow) => {
    const { incoming, type, name } = await receiver.receive(file);
    try {
      return database.transaction(() => {
        const message = admit();
        refuseMany(message);
        const { bytes, sha256 } = incoming;
        const row = {
          ...{ id: random.id(), ticket: message.ticket, message: message.id, name, type, bytes },
          ...{ sha256, account: message.author, added_at_us: clock.nowUs(), removed_at_us: null },
        };
        store.insert(row);
        incoming.keep(row.id);
        return attachmentOnWire(row);
      });
    } catch (error) {
      await incoming.drop();
      throw error;
    }
  };
  /** The caller's own message, and young. */
  const youngMessage = (ticket: TicketRow, { caller, message: id }: Place) => {
    const message = store.message(ticket.id, id);
    const isYoung = message !== undefined && clock.nowUs() - message.at_us < LATE_US;
    if (!isYoung || message.author !== caller.id) throw new Refusal('TICKET_ATTACHMENT_LATE');
    return message;
  };
  const side = (
    find: (caller: AccountsTable, id: string, deed: 'read' | 'write') => TicketRow,
    isShown: (message: TicketMessageRow | undefined) => boolean,
  ): TicketFiles => {
    const admit = (place: Place) => youngMessage(find(place.caller, place.ticket, 'write'), place);
    return {
      check: async (place) => {
        refuseMany(admit(place));
        await receiver.requireRoom();
      },
      add: (place, file) => add(file, () => admit(place)),
      read: (caller, ticket, id) => {
        const row = store.one(find(caller, ticket, 'read').id, id);
        if (row === undefined || !isShown(store.message(ticket, row.message))) {
          throw new Refusal('NOT_FOUND');
        }
        return { name: row.name, bytes: row.bytes, stream: files.read(row.id) };
      },
    };
  };
  const atDesk = side(
    (_caller, id) => {
      const ticket = ticketStore(database).byId(id);
      if (ticket === undefined) throw new Refusal('NOT_FOUND');
      return ticket;
    },
    () => true,
  );
  return {
    own: side(
      (caller, id, deed) => requireTicket(database, caller, { id, deed }),
      (message) => message?.visibility === 'public',
    ),
    desk: {
      ...atDesk,
      read: (caller, ticket, id) => {
        const download = atDesk.read(caller, ticket, id);
        const detail = { attachment: id };
        audit({ account: caller.id, action: 'ticket.attachment', subject: ticket, detail });
        return download;
      },
    },
    addTo: async (message, file) => {
      await receiver.requireRoom();
      return add(file, () => message);
    },
    sweep: async () => {
      const ids = store.disposable(clock.nowUs() - KEPT_US, FILES_A_SWEEP);
      database.transaction(() => store.forget(ids));
      for (const id of ids) await files.remove(id);
      return ids.length;
    },
  };
}

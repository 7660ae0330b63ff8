/**
 * Where everything lies in a data directory. Nobody else joins paths.
 *
 *     portal/clickday.sqlite   accounts, applications, mail      one writer: the portal
 *     portal/key.json          the portal's signing key, 0600
 *     portal/outbox/           mails as .eml files when no SMTP server is set
 *     portal/incoming/         mails to the help desk that are not handled yet
 *     portal/attachments/      files that people added to applications, by their ids
 *     notice/                  what the portal lays on disk for the gates: calendar, public key
 *     gates/<id>/ledger/       LMDB, one writer: that gate
 *     gates/<id>/rehearsal/    LMDB: practice submissions, of no value; may be thrown away
 *     gates/<id>/log-keys.json the keys that sign its public log, 0600
 *     gates/<id>/checkpoint    the last checkpoint that was signed
 *     gates/<id>/clock-reference  what its clock last believed on this boot
 *     gates/<id>/checkpoint-cosigned   the last one that a witness has cosigned
 *     register/                LMDB: the one order, receipts     one writer: the registrar
 *     keys/seal.json           keys and certificates that seal receipts, 0600
 *     keys/accounts.key        enciphers the secrets of second factors, 0600
 *     locks/                   kernel-held locks, one a store
 *     format                   version of the whole, see format.ts
 *     epochs.ndjson            one line a restore: from what, after which numbers
 */
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { makeFolder } from './files.ts';
import { claimDataFormat, readDataFormat } from './format.ts';

const ATTACHMENT_FOLDER_LENGTH = 4;

export interface DataDirectory {
  readonly root: string;
  readonly database: string;
  readonly portalKey: string;
  readonly outbox: string;
  /** Mails to the help desk that are not handled yet, or could not be read. */
  readonly incoming: string;
  /** Files by `attachmentPath`; what is still coming in lies in `incoming/`. */
  readonly attachments: string;
  readonly notice: string;
  readonly calendarNotice: string;
  readonly keyNotice: string;
  readonly register: string;
  /** The seals of receipts, and the key of the one in use. */
  readonly sealKeys: string;
  /** Enciphers what the database must not hold in clear. */
  readonly accountsKey: string;
  readonly epochs: string;
  ledger(gate: string): string;
  /** The ledger of rehearsals of a gate. */
  rehearsalLedger(gate: string): string;
  /** What the clock of a gate last believed; of no use on another boot. */
  clockReference(gate: string): string;
  /** Keys of a gate's public log, its last signed checkpoint and its last cosigned one. */
  log(gate: string): {
    readonly keys: string;
    readonly checkpoint: string;
    readonly cosigned: string;
  };
  lock(store: string): string;
  /** Ids of the gates that have a ledger here, sorted. */
  gates(): string[];
}

/** The paths below `root`, for who only reads: creates nothing. */
export function existingDirectory(root: string): DataDirectory | undefined {
  if (!existsSync(resolve(root, 'gates'))) return undefined;
  readDataFormat(root);
  return pathsBelow(root);
}

/** The system lets nobody make a data directory there, or write into it. */
export class DirectoryUnwritable extends Error {
  override name = 'DirectoryUnwritable';
}

/**
 * The paths below `root`; creates the folders that hold files of several processes. Throws
 * DirectoryUnwritable where the system refuses that.
 */
export function dataDirectory(root: string): DataDirectory {
  try {
    readDataFormat(root);
    for (const folder of ['portal/outbox', 'notice', 'gates', 'register', 'keys', 'locks']) {
      makeFolder(resolve(root, folder));
    }
    claimDataFormat(root);
  } catch (cause) {
    if (!(cause instanceof Error && 'syscall' in cause)) throw cause;
    throw new DirectoryUnwritable(cause.message, { cause });
  }
  return pathsBelow(root);
}

/**
 * Where the file of an attachment lies below `attachments`. Four characters of a ULID are three
 * days: a folder keeps a size that a file system likes, and only the newest ones change.
 */
export function attachmentPath(attachments: string, id: string): string {
  return join(attachments, id.slice(0, ATTACHMENT_FOLDER_LENGTH), id);
}

function pathsBelow(root: string): DataDirectory {
  const at = (...parts: string[]) => resolve(root, ...parts);
  return {
    root: at('.'),
    database: at('portal/clickday.sqlite'),
    portalKey: at('portal/key.json'),
    outbox: at('portal/outbox'),
    incoming: at('portal/incoming'),
    attachments: at('portal/attachments'),
    notice: at('notice'),
    calendarNotice: at('notice/calendar.jws'),
    keyNotice: at('notice/portal-key.json'),
    register: at('register'),
    sealKeys: at('keys/seal.json'),
    accountsKey: at('keys/accounts.key'),
    epochs: at('epochs.ndjson'),
    ledger: (gate) => join(at('gates'), gate, 'ledger'),
    rehearsalLedger: (gate) => join(at('gates'), gate, 'rehearsal'),
    log: (gate) => ({
      keys: join(at('gates'), gate, 'log-keys.json'),
      checkpoint: join(at('gates'), gate, 'checkpoint'),
      cosigned: join(at('gates'), gate, 'checkpoint-cosigned'),
    }),
    clockReference: (gate) => join(at('gates'), gate, 'clock-reference'),
    lock: (store) => join(at('locks'), `${store}.lock`),
    gates: () => readdirSync(at('gates')).sort(),
  };
}

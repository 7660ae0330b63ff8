/**
 * A copy of a database that follows it commit by commit, by reading its write-ahead log.
 *
 *     original ──its log, read──► commits ──a log of the copy's own──► copy
 *        └─────── whole, at the start and whenever a commit may have been missed ───────┘
 *
 * The original is only read. A read transaction keeps its log from beginning again until the log
 * has grown long; then it is let go for a moment, with all read, and what is written meanwhile
 * would have to be as long as that to overwrite what was not.
 *
 * A commit cannot be missed unnoticed: the log's generations are counted, what a new one has not
 * overwritten yet is still read, and a frame that was taken must stand where it was. The copy is at
 * each moment a database that SQLite opens: its log ends with a commit.
 */
import {
  closeSync,
  existsSync,
  fdatasyncSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Random } from '#engine/foundation/random.ts';
import { OWNER_FILE, syncFile, syncFolder } from '../index.ts';
import {
  beginWal,
  type Frame,
  isUnchanged,
  readCommits,
  readWalHead,
  type WalPosition,
  type WalWriter,
  walStart,
} from './wal-file.ts';

/** What was read of the original and waits to be written to the copy. */
export interface DatabaseNews {
  /** False: there may be more at once. */
  readonly isAll: boolean;
}

export interface DatabaseFollower {
  /**
   * Reads what was committed since. `undefined`: the whole file is to be copied first, by `renew`.
   * Nothing is taken until `write`.
   */
  read(): DatabaseNews | undefined;
  /** Writes what `read` read last. On disk when it returns. */
  write(): void;
  /** Copies the whole database beside the copy; the original goes on. */
  renew(): Promise<void>;
  /** What `renew` made takes the copy's place. */
  install(): void;
  close(): void;
}

const READ_BYTES_MAX = 8 * 1024 * 1024;
/** Of the copy's own log, before it is put into the copy. */
const LOG_BYTES_MAX = 16 * 1024 * 1024;
const SALT_BYTES = 8;
/** Of the original's log: from here on it may begin again. SQLite itself would let it at 4 MB. */
const HOLD_BYTES_MAX = 8 * 1024 * 1024;

/** Follows the database `from`, which exists, with a copy at `to`. */
export function followDatabase(options: {
  from: string;
  to: string;
  random: Random;
}): DatabaseFollower {
  const { from, to, random } = options;
  const draft = `${to}.part`;
  const source = new DatabaseSync(from, { readOnly: true });
  // While a connection is there, the last one of the portal does not remove the log when it ends.
  source.prepare('SELECT count(*) FROM sqlite_master').get();
  const logFile = createLogFile(`${from}-wal`);
  let position: WalPosition | undefined;
  let read: { frames: readonly Frame[]; position: WalPosition | undefined } | undefined;
  /** Where the log stood when the whole copy was made; `first`: there was no log yet. */
  let renewed: WalPosition | 'first' | undefined;
  let isFirst = false;
  let isInstalled = false;
  let isHeld = false;
  const copy = createCopy(to, random);

  const hold = (isWanted: boolean) => {
    if (isWanted === isHeld) return;
    source.exec(isWanted ? 'BEGIN' : 'COMMIT');
    // A transaction begins with its first reading.
    if (isWanted) source.prepare('SELECT count(*) FROM sqlite_master').get();
    isHeld = isWanted;
  };

  const news = (): { frames: readonly Frame[]; position: WalPosition } | 'none' | 'missed' => {
    const log = logFile.now();
    if (log === 'another') return 'missed';
    if (log === undefined) return position === undefined && isFirst ? 'none' : 'missed';
    const head = readWalHead(log);
    if (position === undefined) {
      if (head === undefined && isFirst) return 'none';
      return isFirst && head?.generation === 0
        ? readCommits(log, walStart(head), READ_BYTES_MAX)
        : 'missed';
    }
    if (head === undefined || head.salts.equals(position.head.salts)) {
      if (!isUnchanged(log, position)) return 'missed';
      return readCommits(log, position, READ_BYTES_MAX);
    }
    if (head.generation !== position.head.generation + 1) return 'missed';
    const rest = readCommits(log, position, Number.POSITIVE_INFINITY);
    // While what was taken last still stands, what follows it was neither cut off nor overwritten.
    const isRest = position.last !== undefined && isUnchanged(log, position);
    return isRest ? { frames: rest.frames, position: walStart(head) } : 'missed';
  };

  return {
    read: () => {
      if (!isInstalled) return undefined;
      const found = news();
      hold(found !== 'missed' && position !== undefined && position.offset < HOLD_BYTES_MAX);
      if (found === 'missed') {
        isInstalled = false;
        return undefined;
      }
      const isSame = found === 'none' || found.position === position;
      read = found === 'none' ? undefined : found;
      return { isAll: isSame };
    },
    write: () => {
      if (read === undefined) return;
      const { frames } = read;
      if (frames.length > 0) copy.append(frames);
      position = read.position;
      read = undefined;
    },
    renew: async () => {
      for (const name of [draft, `${draft}-wal`, `${draft}-shm`]) rmSync(name, { force: true });
      hold(false);
      hold(true);
      await copyFile(from, draft);
      logFile.now(); // a log that was made anew begins here
      const log = logFile.now();
      renewed = typeof log === 'number' ? copyLog(log, draft, random) : 'first';
      putLogIn(draft);
      syncFile(draft);
    },
    install: () => {
      copy.end();
      if (existsSync(to)) putLogIn(to); // without its log it might be torn, until the rename
      for (const name of [`${to}-wal`, `${to}-shm`]) rmSync(name, { force: true });
      renameSync(draft, to);
      syncFolder(dirname(to));
      isFirst = renewed === 'first';
      position = renewed === 'first' ? undefined : renewed;
      isInstalled = true;
      read = undefined;
    },
    close: () => {
      copy.end();
      logFile.close();
      source.close();
    },
  };
}

/** The log of the original, opened again when another file has its name. */
function createLogFile(path: string) {
  let open: { file: number; ino: number } | undefined;
  const close = () => {
    if (open !== undefined) closeSync(open.file);
    open = undefined;
  };
  return {
    close,
    /** Undefined: there is none. 'another': it is not the file of the call before. */
    now: (): number | 'another' | undefined => {
      const found = statSync(path, { throwIfNoEntry: false });
      const had = open;
      if (found?.ino === had?.ino) return had?.file;
      close();
      if (found === undefined) return undefined;
      open = { file: openSync(path, 'r'), ino: found.ino };
      return had === undefined ? open.file : 'another';
    },
  };
}

/** All commits of the log so far, as a log of `draft`; where it ended. */
function copyLog(log: number, draft: string, random: Random): WalPosition | 'first' {
  const head = readWalHead(log);
  if (head === undefined) return 'first';
  const copy = createCopy(draft, random);
  let position = walStart(head);
  for (;;) {
    const next = readCommits(log, position, READ_BYTES_MAX);
    if (next.frames.length === 0) break;
    copy.append(next.frames);
    position = next.position;
  }
  copy.end();
  return position;
}

/** The log that belongs to the copy at `path`, written by us alone. */
function createCopy(path: string, random: Random) {
  let open: { file: number; log: WalWriter } | undefined;

  const begun = (pageBytes: number) => {
    rmSync(`${path}-shm`, { force: true });
    const file = openSync(`${path}-wal`, 'w', OWNER_FILE);
    return { file, log: beginWal(file, { pageBytes, salts: random.bytes(SALT_BYTES) }) };
  };
  const end = () => {
    if (open === undefined) return;
    closeSync(open.file);
    open = undefined;
  };
  return {
    append: (frames: readonly Frame[]) => {
      open ??= begun((frames[0] as Frame).bytes.length);
      open.log.append(frames);
      fdatasyncSync(open.file);
      if (open.log.bytes() < LOG_BYTES_MAX) return;
      end();
      putLogIn(path);
    },
    end,
  };
}

/** SQLite puts a database's log into it, and removes the log. */
function putLogIn(path: string): void {
  const database = new DatabaseSync(path);
  try {
    database.exec('PRAGMA synchronous = FULL');
    database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').all();
  } finally {
    database.close();
  }
}

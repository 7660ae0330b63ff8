/**
 * The files that people add, each written once and never changed.
 *
 *     stream ─► incoming/<id>.part (hashed, bounded, synced) ─► its place, when its row is written
 *
 * A crash leaves a part, or a file without a row; `clear` removes both at the next start.
 */
import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync, type ReadStream, renameSync } from 'node:fs';
import { mkdir, open, readdir, rm, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { attachmentPath, OWNER_FILE, OWNER_FOLDER, syncFolder } from '../../store/index.ts';
import { HEAD_BYTES, textWatcher } from './file-type.ts';

export interface Incoming {
  readonly head: Uint8Array;
  readonly bytes: number;
  /** All of it is UTF-8 without control signs but those of lines and pages. */
  readonly isText: boolean;
  /** Hexadecimal. */
  readonly sha256: string;
  /** Gives it its place under `id`: on disk when this returns. A few ms, at once. */
  keep(id: string): void;
  drop(): Promise<void>;
}

export interface StoredFiles {
  /** Writes a stream to the end and syncs it. `serial` names no other that is under way. */
  receive(stream: AsyncIterable<Buffer>, serial: string): Promise<Incoming>;
  read(id: string): ReadStream;
  remove(id: string): Promise<void>;
  /** Bytes that the disk has room for. */
  freeBytes(): Promise<number>;
  /** Removes parts, and files whose ids `unknown` gives back. How many went. */
  clear(unknown: (ids: readonly string[]) => string[]): Promise<number>;
}

const INCOMING = 'incoming';
const IDS_A_LOOK = 500;

/** The files below `root`, which is made when the first one comes. */
export function storedFiles(root: string): StoredFiles {
  const incoming = join(root, INCOMING);
  return {
    receive: async (stream, serial) => {
      await mkdir(incoming, { recursive: true, mode: OWNER_FOLDER });
      return receive(stream, { root, part: join(incoming, `${serial}.part`) });
    },
    read: (id) => createReadStream(attachmentPath(root, id)),
    remove: (id) => rm(attachmentPath(root, id), { force: true }),
    freeBytes: async () => {
      const { bavail, bsize } = await statfs(dirname(root));
      return bavail * bsize;
    },
    clear: (unknown) => clear(root, unknown),
  };
}

async function receive(
  stream: AsyncIterable<Buffer>,
  { root, part }: { root: string; part: string },
): Promise<Incoming> {
  const hash = createHash('sha256');
  const text = textWatcher();
  let head = Buffer.alloc(0);
  let bytes = 0;
  const file = await open(part, 'w', OWNER_FILE);
  try {
    for await (const piece of stream) {
      if (head.length < HEAD_BYTES) head = Buffer.concat([head, piece]).subarray(0, HEAD_BYTES);
      hash.update(piece);
      text.add(piece);
      bytes += piece.length;
      await file.writeFile(piece);
    }
    await file.sync();
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  } finally {
    await file.close();
  }
  return {
    ...{ head, bytes, isText: text.end(), sha256: hash.digest('hex') },
    keep: (id) => {
      const path = attachmentPath(root, id);
      mkdirSync(dirname(path), { recursive: true, mode: OWNER_FOLDER });
      renameSync(part, path);
      syncFolder(dirname(path));
      syncFolder(root);
    },
    drop: () => rm(part, { force: true }),
  };
}

async function clear(root: string, unknown: (ids: readonly string[]) => string[]) {
  let gone = 0;
  const folders = await readdir(root).catch(() => []);
  for (const folder of folders) {
    const names = await readdir(join(root, folder));
    for (let from = 0; from < names.length; from += IDS_A_LOOK) {
      const look = names.slice(from, from + IDS_A_LOOK);
      for (const name of folder === INCOMING ? look : unknown(look)) {
        await rm(join(root, folder, name), { force: true });
        gone += 1;
      }
    }
  }
  return gone;
}

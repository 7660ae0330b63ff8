/**
 * Files of the mini-client: readable by their owner only, replaced whole or not at all.
 *
 * `replaceFile` survives a power cut at any instant: new content is synced beside the old and
 * renamed over it. The journal's file is only ever appended and synced.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { JournalFile } from '../core/index.ts';

const OWNER_ONLY = 0o600;
const OWNER_DIRECTORY = 0o700;

/** Writes a file whole; directories on the way are made. */
export function replaceFile(path: string, content: string | Uint8Array): void {
  makeDirectory(dirname(path));
  const beside = `${path}.new`;
  const file = openSync(beside, 'w', OWNER_ONLY);
  try {
    const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(beside, path);
  syncDirectory(dirname(path));
}

/** The text of a file; undefined when there is none. */
export function readText(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

/** The journal's file at `path`; made when first appended. */
export function journalFile(path: string): JournalFile {
  return {
    read: () => readText(path) ?? '',
    async append(text) {
      const isNew = !existsSync(path);
      makeDirectory(dirname(path));
      const file = await open(path, 'a', OWNER_ONLY);
      try {
        await file.appendFile(text, 'utf8');
        await file.datasync();
      } finally {
        await file.close();
      }
      if (isNew) syncDirectory(dirname(path));
    },
  };
}

/**
 * Makes a directory and those above it. Not by Node's `recursive`: where the system says of a new
 * directory that it does not exist, as below /proc, that tries again without end.
 */
function makeDirectory(path: string): void {
  if (isDirectory(path)) return;
  const above = dirname(path);
  if (above !== path) makeDirectory(above);
  try {
    mkdirSync(path, { mode: OWNER_DIRECTORY });
  } catch (error) {
    if (!isDirectory(path)) throw error; // another process may have been quicker
  }
}

const isDirectory = (path: string) =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

function syncDirectory(path: string): void {
  const directory = openSync(path, 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}

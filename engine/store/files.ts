/**
 * Files and folders that must survive a power cut: written, synced, and their folder synced, so
 * that after a crash a name leads to the whole file or to what was there before.
 */
import {
  closeSync,
  fchmodSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** A file that only its owner may read; folders likewise. */
export const OWNER_FILE = 0o600;
export const OWNER_FOLDER = 0o700;

/** Puts `text` in the place of what `path` holds, or leaves that as it is. */
export function replaceFile(path: string, text: string): void {
  const draft = `${path}.${process.pid}.part`;
  const file = openSync(draft, 'w', OWNER_FILE);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(draft, path);
  syncFolder(dirname(path));
}

/**
 * Makes a folder and those above it. Not by Node's `recursive`: where the system says of a new
 * folder that it does not exist, as below /proc, that tries again without end.
 */
export function makeFolder(path: string): void {
  if (isFolder(path)) return;
  const above = dirname(path);
  if (above !== path) makeFolder(above);
  try {
    mkdirSync(path, { mode: OWNER_FOLDER });
  } catch (error) {
    if (!isFolder(path)) throw error; // another process may have been quicker
  }
}

const isFolder = (path: string) =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

/** The names in a folder are on disk. */
export function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** Everything below `root` is on disk, and its owner's alone. */
export function syncTree(root: string): void {
  for (const entry of readdirSync(root, { withFileTypes: true })) {
    const path = join(root, entry.name);
    if (entry.isDirectory()) syncTree(path);
    else if (entry.isFile()) syncFile(path);
  }
  syncFolder(root);
}

export function syncFile(path: string): void {
  const file = openSync(path, 'r+');
  try {
    fchmodSync(file, OWNER_FILE);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/**
 * The files of attachments, which are written once and never change: a copy takes those it lacks.
 *
 * A file is there before the database speaks of it, and stays for an hour after the database
 * stopped to. So a copy is whole when the files are taken once before the database, which may take
 * long, and once more just after it, which does not.
 */
import {
  constants,
  copyFileSync,
  existsSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { makeFolder, syncFile, syncFolder } from '#engine/store/index.ts';

const INCOMING = 'incoming';
/** A folder's time moves in ticks of some ms: what comes in the same tick is seen by the next. */
const LOOKS = 3;

interface Seen {
  readonly mtimeMs: number;
  readonly looks: number;
}

/** Copies the files that `to` lacks, synced. How many. */
export function copyAttachments(from: string, to: string): number {
  return foldersOf(from).reduce((sum, folder) => sum + copyMissing(from, to, folder), 0);
}

export interface AttachmentsPart {
  /** Copies what is new since the last time; looks only into folders that have changed. */
  copyNew(): void;
  /** Removes what the original has no more. Once the database that named it is replaced. */
  dropGone(): void;
}

/** The attachments of a copy that follows. */
export function followAttachments(from: string, to: string): AttachmentsPart {
  const copied = new Map<string, Seen>();
  const cleaned = new Map<string, Seen>();
  const changed = (seen: Map<string, Seen>) =>
    foldersOf(from).filter((folder) => {
      const { mtimeMs } = statSync(join(from, folder));
      const before = seen.get(folder);
      const looks = before?.mtimeMs === mtimeMs ? before.looks + 1 : 0;
      seen.set(folder, { mtimeMs, looks });
      return looks < LOOKS;
    });
  return {
    copyNew: () => {
      for (const folder of changed(copied)) copyMissing(from, to, folder);
    },
    dropGone: () => {
      for (const folder of changed(cleaned)) {
        const there = new Set(readdirSync(join(from, folder)));
        for (const name of namesIn(join(to, folder))) {
          if (!there.has(name)) rmSync(join(to, folder, name), { force: true });
        }
      }
    },
  };
}

function foldersOf(root: string): string[] {
  return namesIn(root).filter((name) => name !== INCOMING);
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}

function copyMissing(from: string, to: string, folder: string): number {
  const target = join(to, folder);
  makeFolder(target);
  const known = new Set(readdirSync(target));
  const names = namesIn(join(from, folder)).filter((name) => !known.has(name));
  const taken = names.filter((name) => takeFile(join(from, folder, name), join(target, name)));
  if (taken.length > 0) syncFolder(target);
  return taken.length;
}

/** False when it was deleted meanwhile. A copy that a crash cut has no name yet. */
export function takeFile(from: string, to: string): boolean {
  const part = `${to}.part`;
  try {
    copyFileSync(from, part, constants.COPYFILE_FICLONE);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
  syncFile(part);
  renameSync(part, to);
  return true;
}

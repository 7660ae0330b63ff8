/**
 * Mails that came in and are not handled yet, in a copy that follows. A mail is a file before it is
 * a row, and stays one until its row says what became of it. So the files are copied after the
 * database was read; and one goes from the copy only when the news that the copy now holds was read
 * after it had gone: a row that waits has its file.
 */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder, syncFolder } from '#engine/store/index.ts';
import { takeFile } from './attachments.ts';

export interface IncomingPart {
  /** Before the database is read: what has gone by now. */
  look(): void;
  /** After it: copies what is new, synced. */
  copyNew(): void;
  /** Once all that was read is written: removes what had gone. */
  dropGone(): void;
}

export function followIncoming(from: string, to: string): IncomingPart {
  const copied = new Set(mailsIn(to));
  let gone: readonly string[] = [];
  return {
    look: () => {
      const there = new Set(mailsIn(from));
      gone = [...copied].filter((name) => !there.has(name));
    },
    copyNew: () => {
      const fresh = mailsIn(from).filter((name) => !copied.has(name));
      if (fresh.length === 0) return;
      makeFolder(to);
      for (const name of fresh) {
        if (takeFile(join(from, name), join(to, name))) copied.add(name);
      }
      syncFolder(to);
    },
    dropGone: () => {
      for (const name of gone) {
        rmSync(join(to, name), { force: true });
        copied.delete(name);
      }
      gone = [];
    },
  };
}

function mailsIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => name.endsWith('.eml'));
}

/**
 * One consistent copy of a data directory that is in use.
 *
 * Each store gives its own moment: LMDB and SQLite copy a snapshot while their writers go on. The
 * moments follow one another in an order in which what comes later knows all that came before:
 *
 *     attachments, mails that came in ──► database ──► those since ──► mails ──► register, receipts
 *         ──► ledgers ──► notice, keys
 *
 * So the register never has an entry that the ledgers lack, and the database none that the register
 * lacks; what is behind is caught up by the registrar after a restore, as after a restart. What is
 * lost by a restore is what the database was told while the copy was made: a form saved then, for
 * example.
 */
import { copyFileSync, existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ledgerExists } from '#engine/ledger/index.ts';
import { lastCosigned, readSigned } from '#engine/log/index.ts';
import { registerExists } from '#engine/register/index.ts';
import { copyDatabase } from '#engine/store/database/index.ts';
import {
  copyEnvironment,
  type DataDirectory,
  dataDirectory,
  makeFolder,
  replaceFile,
  syncTree,
} from '#engine/store/index.ts';
import { copyAttachments } from './attachments.ts';

/** Told before each part: what it is and how many bytes it has now. */
export type OnPart = (part: { name: string; bytes: number; target: string }) => void;

/** Copies into the folder `root`, which is made. Resolves when all of it is on disk. */
export async function copyDirectory(
  source: DataDirectory,
  root: string,
  onPart: OnPart = () => undefined,
): Promise<void> {
  const target = dataDirectory(root);
  copyAttachments(source.attachments, target.attachments);
  copyPassing(source.incoming, target.incoming);
  if (existsSync(source.database)) {
    onPart({ name: 'database', bytes: sizeOf(source.database), target: target.database });
    await copyDatabase(source.database, target.database);
  }
  copyAttachments(source.attachments, target.attachments);
  copyPassing(source.incoming, target.incoming);
  copyFolder(source.outbox, target.outbox);
  if (registerExists(source.register)) {
    await copyStore('register', source.register, target.register, onPart);
  }
  for (const gate of source.gates()) {
    if (!ledgerExists(source.ledger(gate))) continue;
    // What was signed before the copy began is in it: the copy may be signed on from there.
    const cosigned = lastCosigned(source.log(gate));
    const signed = readSigned(source.log(gate));
    await copyStore(`ledger ${gate}`, source.ledger(gate), target.ledger(gate), onPart);
    if (signed !== undefined) replaceFile(target.log(gate).checkpoint, signed.note);
    if (cosigned !== undefined) replaceFile(target.log(gate).cosigned, cosigned);
  }
  copyPapers(source, target);
  syncTree(root);
}

/** Keys, and what the portal laid down for the gates. Files of a few KB that change seldom. */
export function copyPapers(source: DataDirectory, target: DataDirectory): void {
  copyFolder(source.notice, target.notice);
  for (const gate of source.gates()) {
    makeFolder(target.ledger(gate));
    const { checkpoint, cosigned } = source.log(gate);
    const except = [checkpoint, cosigned].map((path) => basename(path));
    copyFolder(dirname(source.ledger(gate)), dirname(target.ledger(gate)), except);
  }
  if (existsSync(source.portalKey)) copyFileSync(source.portalKey, target.portalKey);
  copyFolder(dirname(source.sealKeys), dirname(target.sealKeys));
  if (existsSync(source.epochs)) copyFileSync(source.epochs, target.epochs);
}

async function copyStore(name: string, from: string, to: string, onPart: OnPart): Promise<void> {
  makeFolder(to);
  onPart({ name, bytes: sizeOf(join(from, 'data.mdb')), target: join(to, 'data.mdb') });
  await copyEnvironment({ path: from, to });
}

/** Its files but `except`; drafts of files that are being written are left out. */
export function copyFolder(from: string, to: string, except: readonly string[] = []): void {
  if (!existsSync(from)) return;
  makeFolder(to);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (!entry.isFile() || entry.name.endsWith('.part') || except.includes(entry.name)) continue;
    copyFileSync(join(from, entry.name), join(to, entry.name));
  }
}

/** As `copyFolder`, of files that never change but may go meanwhile. */
function copyPassing(from: string, to: string): void {
  if (!existsSync(from)) return;
  makeFolder(to);
  for (const name of readdirSync(from)) {
    if (name.endsWith('.part') || existsSync(join(to, name))) continue;
    try {
      copyFileSync(join(from, name), join(to, name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

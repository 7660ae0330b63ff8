/**
 * `restore`: a backup becomes a data directory, if every byte is what was backed up and the stores
 * verify. It is complete beside its place before it is renamed into it.
 *
 * **Numbers.** The restored ledger goes on with the number after its last one. If the original went
 * on after the copy was made, it gave these numbers too, and people hold acknowledgements with
 * them. Nothing here can know that; so the restore is written into the data as an epoch, says the
 * last number of each gate, and says so when the original is still to be seen and came further.
 */
import { copyFileSync, existsSync, readdirSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ledgerExists, openLedgerReader } from '#engine/ledger/index.ts';
import { checkDatabase } from '#engine/store/database/index.ts';
import {
  addEpoch,
  type DataDirectory,
  existingDirectory,
  makeFolder,
  readDataFormat,
  syncFolder,
  syncTree,
  takeLock,
} from '#engine/store/index.ts';
import type { Verify } from './backup.ts';
import {
  type BackedUpLedger,
  dataOf,
  differences,
  filesBelow,
  MANIFEST_FORMAT,
  type Manifest,
  readManifest,
} from './manifest.ts';

export class RestoreRefused extends Error {
  override name = 'RestoreRefused';
  readonly code: 'BACKUP_MISSING' | 'BACKUP_DAMAGED' | 'DIRECTORY_NOT_EMPTY';
  readonly violations: readonly object[];
  constructor(
    code: RestoreRefused['code'],
    message: string,
    violations: RestoreRefused['violations'] = [],
  ) {
    super(message);
    this.code = code;
    this.violations = violations;
  }
}

export interface Restored {
  readonly manifest: Manifest;
  readonly ledgers: readonly BackedUpLedger[];
  /** Gates whose original is still there and has come further: never run both. */
  readonly ahead: readonly { gate: string; entries: number }[];
}

/** Restores the backup in `folder` to `root`, an empty folder or none. */
export async function restoreBackup(options: {
  folder: string;
  root: string;
  restoredAt: string;
  verify: Verify;
  onStep?: (step: string) => void;
}): Promise<Restored> {
  const folder = resolve(options.folder);
  const root = resolve(options.root);
  const manifest = manifestOf(folder);
  // A copy that follows must stand still meanwhile; a finished one is nobody's to change.
  const lock = manifest.kind === 'follow' ? takeLock(join(folder, 'lock')) : undefined;
  try {
    return await restoreFrom(manifest, { ...options, folder, root });
  } finally {
    lock?.release();
  }
}

async function restoreFrom(
  manifest: Manifest,
  options: Parameters<typeof restoreBackup>[0],
): Promise<Restored> {
  const { folder, root, restoredAt, verify, onStep = () => undefined } = options;
  if (existsSync(root) && readdirSync(root).length > 0) {
    throw new RestoreRefused('DIRECTORY_NOT_EMPTY', `${root} is not empty: name a new folder`);
  }
  const part = `${root}.part`;
  rmSync(part, { recursive: true, force: true });
  onStep('copy');
  copyTree(dataOf(folder), part);
  onStep('compare');
  if (manifest.kind === 'copy') await checkFiles(manifest, part);
  onStep('verify');
  const ledgers = await checkStores(part, verify);
  addEpoch(join(part, 'epochs.ndjson'), {
    ...{ restoredAt, backupMadeAt: manifest.madeAt, from: folder },
    ledgers: ledgers.map(({ gate, entries }) => ({ gate, entries })),
  });
  syncTree(part);
  if (existsSync(root)) rmdirSync(root);
  renameSync(part, root);
  syncFolder(dirname(root));
  return { manifest, ledgers, ahead: await furtherThan(ledgers, manifest.source) };
}

function manifestOf(folder: string): Manifest {
  const manifest = readManifest(folder);
  if (manifest === undefined) {
    throw new RestoreRefused('BACKUP_MISSING', `there is no backup in ${folder}`);
  }
  if (manifest.format <= MANIFEST_FORMAT) return manifest;
  const message = `the backup in ${folder} was made by a newer version: restore it with that one`;
  throw new RestoreRefused('BACKUP_MISSING', message);
}

function copyTree(from: string, to: string): void {
  for (const path of filesBelow(from)) {
    makeFolder(dirname(join(to, path)));
    copyFileSync(join(from, path), join(to, path));
  }
  for (const folder of ['gates', 'locks', 'register', 'portal/outbox'])
    makeFolder(join(to, folder));
}

async function checkFiles(manifest: Manifest, root: string): Promise<void> {
  const wrong = await differences(manifest, root);
  if (wrong.length > 0) refuse(root, wrong[0] as string, wrong);
}

async function checkStores(root: string, verify: Verify): Promise<readonly BackedUpLedger[]> {
  readDataFormat(root);
  const { ok, ledgers, violations } = await verify(root);
  if (!ok) refuse(root, `${violations.length} violations`, violations);
  const database = join(root, 'portal/clickday.sqlite');
  const faults = existsSync(database) ? checkDatabase(database) : [];
  if (faults.length > 0) refuse(root, faults[0] as string, faults);
  return ledgers;
}

function refuse(root: string, why: string, all: readonly (object | string)[]): never {
  const message = `the backup is not whole (${why}); what was restored stays in ${root}`;
  const violations = all.map((one) => (typeof one === 'string' ? { detail: one } : one));
  throw new RestoreRefused('BACKUP_DAMAGED', message, violations);
}

async function furtherThan(ledgers: readonly BackedUpLedger[], source: string) {
  const original = existsSync(source) ? existingDirectory(source) : undefined;
  const ahead: { gate: string; entries: number }[] = [];
  for (const { gate, entries } of original === undefined ? [] : ledgers) {
    const path = (original as DataDirectory).ledger(gate);
    if (!ledgerExists(path)) continue;
    const reader = openLedgerReader({ path, gate });
    if (reader.lastSeq() > entries) ahead.push({ gate, entries: reader.lastSeq() });
    await reader.close();
  }
  return ahead;
}

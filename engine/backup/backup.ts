/**
 * `backup`: a copy that is complete and verified before it has its name.
 *
 *     copy into DIR.part ──► check stores ──► hash files ──► manifest ──► rename to DIR
 *
 * A backup that is already there is replaced only by one that is whole; until then it stays.
 */
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { checkDatabase } from '#engine/store/database/index.ts';
import { type DataDirectory, makeFolder, syncFolder, syncTree } from '#engine/store/index.ts';
import { copyDirectory, type OnPart } from './copy.ts';
import {
  type BackedUpFile,
  type BackedUpLedger,
  dataOf,
  hashFiles,
  MANIFEST_FORMAT,
  type Manifest,
  readManifest,
  writeManifest,
} from './manifest.ts';

/** The check that trusts nobody, over a data directory. */
export type Verify = (root: string) => Promise<{
  readonly ok: boolean;
  readonly ledgers: readonly BackedUpLedger[];
  readonly violations: readonly object[];
}>;

export interface BackupProgress {
  readonly onPart?: OnPart;
  readonly onFile?: (file: BackedUpFile) => void;
  /** `copy`, `verify`, `hash` begin. */
  readonly onStep?: (step: string) => void;
}

/** Why there is no backup. The copy made so far stays in `DIR.part` when `isKept`. */
export class BackupRefused extends Error {
  override name = 'BackupRefused';
  readonly code: 'TARGET_FOREIGN' | 'COPY_WRONG';
  readonly violations: readonly object[];
  constructor(
    code: BackupRefused['code'],
    message: string,
    violations: BackupRefused['violations'] = [],
  ) {
    super(message);
    this.code = code;
    this.violations = violations;
  }
}

/** Makes the backup in `folder` and gives its manifest. `source` may be in use. */
export async function takeBackup(options: {
  source: DataDirectory;
  folder: string;
  madeAt: string;
  verify: Verify;
  progress?: BackupProgress;
}): Promise<Manifest> {
  const { source, madeAt, verify, progress = {} } = options;
  const folder = resolve(options.folder);
  checkTarget(folder);
  const part = `${folder}.part`;
  rmSync(part, { recursive: true, force: true });
  makeFolder(part);
  progress.onStep?.('copy');
  await copyDirectory(source, dataOf(part), progress.onPart);
  progress.onStep?.('verify');
  const ledgers = await checkCopy(part, verify);
  rmSync(resolve(dataOf(part), 'locks'), { recursive: true, force: true });
  progress.onStep?.('hash');
  const files = await hashFiles(dataOf(part), progress.onFile);
  const manifest: Manifest = {
    ...{ kind: 'copy', format: MANIFEST_FORMAT, madeAt, source: source.root, ledgers, files },
  };
  syncTree(part);
  writeManifest(part, manifest);
  putInPlace(part, folder);
  return manifest;
}

/** Refuses a folder that holds anything but a backup of ours. */
export function checkTarget(folder: string, kind: Manifest['kind'] = 'copy'): void {
  if (!existsSync(folder) || readdirSync(folder).length === 0) return;
  const manifest = readManifest(folder);
  if (manifest?.kind === kind) return;
  const what = manifest === undefined ? 'is not empty and no backup' : 'holds a copy that follows';
  throw new BackupRefused('TARGET_FOREIGN', `${folder} ${what}: name another folder`);
}

async function checkCopy(part: string, verify: Verify): Promise<readonly BackedUpLedger[]> {
  const root = dataOf(part);
  const { ok, ledgers, violations } = await verify(root);
  const database = resolve(root, 'portal/clickday.sqlite');
  const faults = existsSync(database) ? checkDatabase(database) : [];
  const all = [...violations, ...faults.map((detail) => ({ code: 'DATABASE_DAMAGED', detail }))];
  if (ok && faults.length === 0) return ledgers;
  const message = `the copy does not verify (${all.length} violations); it stays in ${part}`;
  throw new BackupRefused('COPY_WRONG', message, all);
}

/** The old backup has its name until the new one takes it: two renames, nothing in between. */
function putInPlace(part: string, folder: string): void {
  const old = `${folder}.old`;
  rmSync(old, { recursive: true, force: true });
  if (existsSync(folder)) renameSync(folder, old);
  renameSync(part, folder);
  syncFolder(dirname(folder));
  rmSync(old, { recursive: true, force: true });
}

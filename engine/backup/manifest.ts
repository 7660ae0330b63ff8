/**
 * What a folder of ours holds: its `backup.json`. A folder without one was not made by us and is
 * never written over.
 *
 *     DIR/backup.json   this
 *     DIR/data/         a data directory like any other, without locks
 */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { replaceFile } from '#engine/store/index.ts';

export interface BackedUpLedger {
  readonly gate: string;
  /** As many as the last number. */
  readonly entries: number;
  readonly root: string;
}

export interface BackedUpFile {
  /** Below `data/`. */
  readonly path: string;
  readonly bytes: number;
  /** SHA-256, hexadecimal. */
  readonly sha256: string;
}

/** Instants are ISO 8601 in UTC. A copy that follows has no `files` and `ledgers`: it moves. */
export interface Manifest {
  readonly kind: 'copy' | 'follow';
  readonly format: number;
  readonly madeAt: string;
  /** The directory it was made from. */
  readonly source: string;
  readonly ledgers: readonly BackedUpLedger[];
  readonly files: readonly BackedUpFile[];
}

export const MANIFEST_FORMAT = 1;

export const dataOf = (folder: string) => join(folder, 'data');
const manifestOf = (folder: string) => join(folder, 'backup.json');

/** Undefined when the folder is none of ours. Throws a SyntaxError when its words are damaged. */
export function readManifest(folder: string): Manifest | undefined {
  if (!existsSync(manifestOf(folder))) return undefined;
  return JSON.parse(readFileSync(manifestOf(folder), 'utf8')) as Manifest;
}

export function writeManifest(folder: string, manifest: Manifest): void {
  replaceFile(manifestOf(folder), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** What SQLite and LMDB make for themselves when a store is opened; nothing is in it. */
const PASSING = /(^|\/)(lock\.mdb|[^/]*\.sqlite-shm)$/;

/** All files below `root` that hold something, by their path from there, sorted. */
export function filesBelow(root: string, folder = root): string[] {
  const found = readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(root, path) : [relative(root, path)];
  });
  return found.filter((path) => !PASSING.test(path)).sort();
}

/** Reads every file below `root` from the disk. */
export async function hashFiles(
  root: string,
  onFile: (file: BackedUpFile) => void = () => undefined,
): Promise<BackedUpFile[]> {
  const hashed: BackedUpFile[] = [];
  for (const path of filesBelow(root)) {
    const full = join(root, path);
    const file = { path, bytes: statSync(full).size, sha256: await hashOfFile(full) };
    hashed.push(file);
    onFile(file);
  }
  return hashed;
}

async function hashOfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer);
  return hash.digest('hex');
}

/** In words what differs between the manifest and the files below `root`; empty when nothing. */
export async function differences(manifest: Manifest, root: string): Promise<string[]> {
  const present = new Map((await hashFiles(root)).map((file) => [file.path, file]));
  const wrong = manifest.files.flatMap(({ path, sha256 }) => {
    const file = present.get(path);
    present.delete(path);
    if (file === undefined) return [`${path} is missing`];
    return file.sha256 === sha256 ? [] : [`${path} is not what was backed up`];
  });
  return [...wrong, ...[...present.keys()].map((path) => `${path} does not belong to it`)];
}

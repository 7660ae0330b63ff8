/**
 * All entries of a log, in order, each checked as it comes, and at the end the root over all of
 * them compared with the one that was signed:
 *
 *     tiles of entries ──4 asked for at a time──► leaf ──► hash ──► tree ──► signed root?
 *                                                   └─► entry: next number, later stamp, its gate's
 *
 * What was yielded before the end is proven only when the generator has ended without throwing.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EMPTY_TREE, extendTree, hashOf, rootOf } from '#engine/ledger/index.ts';
import { entryFromLeaf, type LedgerEntry, leafText } from '#protocol/entry.ts';
import { decodeEntries, TILE_WIDTH, type Tile, tilePath, widthIn } from '#protocol/log/tile.ts';
import { Refused } from '../context.ts';
import { type Fetching, fetchBytes } from './fetching.ts';
import type { RemoteLog } from './remote-log.ts';

/** An entry with its leaf hash, base64url. */
export interface HashedEntry {
  readonly entry: LedgerEntry;
  readonly leafHash: string;
}

export interface EntriesOptions {
  readonly fetching: Fetching;
  /** Full tiles are kept in this folder and read from it the next time. */
  readonly cache: string | undefined;
  /** Told after each tile. */
  readonly progress: (entries: number) => void;
}

/** Tiles that are asked for before the first of them has come. */
const AHEAD = 4;
const ENTRY_BYTES_MAX = 4096;
const LEAF_PREFIX = Buffer.of(0);

/** Throws LOG_UNREACHABLE; LOG_INVALID when anything is not as the checkpoint says. */
export async function* entriesOfLog(
  log: RemoteLog,
  options: EntriesOptions,
): AsyncGenerator<HashedEntry> {
  const { size, root } = log.checkpoint;
  let tree = EMPTY_TREE;
  let last: LedgerEntry | undefined;
  for await (const leaves of tilesOf(log, options)) {
    const hashes = leaves.map((leaf) => hashOf(Buffer.concat([LEAF_PREFIX, leaf])));
    tree = extendTree(tree, hashes);
    for (const [at, leaf] of leaves.entries()) {
      const entry = entryAfter(log, last, Buffer.from(leaf).toString('utf8'));
      last = entry;
      const leafHash = Buffer.from(hashes[at] ?? '', 'latin1').toString('base64url');
      yield { entry, leafHash };
    }
    options.progress(tree.size);
  }
  if (tree.size !== size || !rootOf(tree).equals(root)) {
    throw invalid(log, 'its entries do not have the root that was signed');
  }
}

/** The entry of a leaf that may stand after `last`. */
function entryAfter(log: RemoteLog, last: LedgerEntry | undefined, text: string): LedgerEntry {
  const entry = parsed(log, text);
  const seq = (last?.seq ?? 0) + 1;
  if (leafText(entry) !== text) throw invalid(log, `entry ${seq} is not written as a leaf is`);
  if (entry.seq !== seq) throw invalid(log, `entry ${seq} says that it is ${entry.seq}`);
  if (last !== undefined && entry.gate !== last.gate) {
    throw invalid(log, `entry ${seq} is of gate ${entry.gate}, those before of ${last.gate}`);
  }
  if (last !== undefined && entry.stampUs <= last.stampUs) {
    throw invalid(log, `entry ${seq} has no later stamp than the one before`);
  }
  return entry;
}

function parsed(log: RemoteLog, text: string): LedgerEntry {
  try {
    return entryFromLeaf(text);
  } catch (cause) {
    throw invalid(log, `an entry is no leaf: ${(cause as Error).message}`);
  }
}

/** The leaves of each tile of entries, in order. */
async function* tilesOf(log: RemoteLog, options: EntriesOptions): AsyncGenerator<Uint8Array[]> {
  const count = Math.ceil(log.checkpoint.size / TILE_WIDTH);
  const asked: Promise<Buffer>[] = [];
  for (let index = 0; index < count; index += 1) {
    while (asked.length < AHEAD && index + asked.length < count) {
      const coming = tileBytes(log, tileAt(log, index + asked.length), options);
      // Whoever waits for it hears of it; one that nobody waits for any more is not a crash.
      coming.catch(() => undefined);
      asked.push(coming);
    }
    const leaves = decodeEntries((await asked.shift()) ?? Buffer.of());
    if (leaves?.length !== tileAt(log, index).width) {
      throw invalid(log, `its tile ${index} of entries is no whole tile`);
    }
    yield leaves;
  }
}

function tileAt({ checkpoint }: RemoteLog, index: number): Tile {
  const level = 'entries';
  return { level, index, width: widthIn(checkpoint.size, { level, index }) };
}

async function tileBytes(log: RemoteLog, tile: Tile, options: EntriesOptions): Promise<Buffer> {
  const path = tilePath(tile);
  const folder = log.checkpoint.origin.replaceAll(/[^\w.-]/g, '_');
  const kept = options.cache && join(options.cache, folder, path);
  if (kept !== undefined && existsSync(kept)) return readFileSync(kept);
  const bytesMax = tile.width * ENTRY_BYTES_MAX;
  const bytes = await fetchBytes(`${log.url}/${path}`, bytesMax, options.fetching);
  if (kept !== undefined && tile.width === TILE_WIDTH) {
    mkdirSync(dirname(kept), { recursive: true });
    writeFileSync(`${kept}.new`, bytes);
    renameSync(`${kept}.new`, kept);
  }
  return bytes;
}

function invalid(log: RemoteLog, what: string): Refused {
  return new Refused('LOG_INVALID', `${log.url} (${log.checkpoint.origin}): ${what}`);
}

/**
 * What the log has become since a receipt was made: that the checkpoint of the receipt is the
 * beginning of the one that the log shows now (RFC 9162 §2.1.4), so that nothing before the entry
 * was changed, taken out or put in. The proof is worked out from the log's own tiles; a wrong tile
 * leads to another root and proves nothing.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { consistencyProof, isConsistent, nodeHashOf, type Subtree } from '../log/proof.ts';
import { TILE_WIDTH, type Tile, tilePath, widthIn } from '../log/tile.ts';
import type { TrustedLog } from './keys.ts';
import { readCheckpoint, type SignedCheckpoint } from './log-evidence.ts';
import { ReceiptRefused } from './refusal.ts';

/** Reads `checkpoint` or `tile/…` of the public log; undefined when it is not to be had. */
export type ReadLog = (path: string) => Promise<Uint8Array | undefined>;

const TILE_HEIGHT = 8;
const HASH_BYTES = 32;
const CHECKPOINT_BYTES_MAX = 65_536;

/** The log's present checkpoint, of which `before` is the beginning. Refuses any other history. */
export async function compareWithLog(
  before: SignedCheckpoint,
  logs: readonly TrustedLog[],
  read: ReadLog,
): Promise<SignedCheckpoint> {
  const note = await read('checkpoint');
  if (note === undefined || note.length > CHECKPOINT_BYTES_MAX) throw unreachable();
  const own = logs.filter(({ origin }) => origin === before.origin);
  const after = readCheckpoint(new TextDecoder().decode(note), own);
  if (after.size < before.size) throw diverged('logShrunk');
  const proof = consistencyProof(
    await subtreesFor(before, after, read),
    before.size,
    after.size,
    sha256,
  );
  if (!isConsistent({ before, after, proof }, sha256)) throw diverged('logDiverged');
  return after;
}

/** The subtrees that the proof asks for, their tiles fetched. */
async function subtreesFor(
  before: SignedCheckpoint,
  after: SignedCheckpoint,
  read: ReadLog,
): Promise<Subtree> {
  const wanted = new Map<string, Tile>();
  const note: Subtree = (height, index) => {
    const { tile } = placeOf(height, index, after.size);
    wanted.set(tilePath(tile), tile);
    return new Uint8Array(HASH_BYTES);
  };
  consistencyProof(note, before.size, after.size, sha256);
  const tiles = new Map<string, Uint8Array>();
  for (const [path, tile] of wanted) tiles.set(path, await fetchTile(path, tile, read));
  return (height, index) => {
    const { tile, first, count } = placeOf(height, index, after.size);
    const bytes = tiles.get(tilePath(tile)) ?? new Uint8Array();
    return rootOf(bytes.subarray(first * HASH_BYTES, (first + count) * HASH_BYTES));
  };
}

/** Where the hashes of the full subtree of 2^height leaves stand. */
function placeOf(height: number, index: number, size: number) {
  const level = Math.floor(height / TILE_HEIGHT);
  const count = 2 ** (height % TILE_HEIGHT);
  const at = index * count;
  const place = { level, index: Math.floor(at / TILE_WIDTH) };
  return { tile: { ...place, width: widthIn(size, place) }, first: at % TILE_WIDTH, count };
}

async function fetchTile(path: string, tile: Tile, read: ReadLog): Promise<Uint8Array> {
  const bytes = await read(path);
  if (bytes?.length !== tile.width * HASH_BYTES) throw unreachable();
  return bytes;
}

/** The root over a power of two of hashes that stand one after the other. */
function rootOf(hashes: Uint8Array): Uint8Array {
  let row: Uint8Array[] = [];
  for (let at = 0; at < hashes.length; at += HASH_BYTES) {
    row.push(hashes.subarray(at, at + HASH_BYTES));
  }
  while (row.length > 1) {
    const pairs = row;
    row = Array.from({ length: pairs.length / 2 }, (_, at) =>
      nodeHashOf(pairs[2 * at] as Uint8Array, pairs[2 * at + 1] as Uint8Array, sha256),
    );
  }
  return row[0] ?? hashes;
}

function unreachable(): ReceiptRefused {
  return new ReceiptRefused('RECEIPT_LOG_UNREACHABLE', 'logUnreachable');
}

function diverged(reason: 'logShrunk' | 'logDiverged'): ReceiptRefused {
  return new ReceiptRefused('RECEIPT_LOG_DIVERGED', reason);
}

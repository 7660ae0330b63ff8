/** The files of a log, made when they are asked for: tiles of hashes and of entries. */
import { bytesOf, type LedgerReader } from '#engine/ledger/index.ts';
import { encodeEntries, parseTilePath, TILE_WIDTH, widthIn } from '#protocol/log/tile.ts';
import type { LogTree } from './tree.ts';

/**
 * The bytes of the tile at `path` (as `tile/0/000`); undefined when it names none, or one wider
 * than the tree of `size` leaves has. About 0.3 ms.
 */
export function readTile(
  path: string,
  log: { tree: LogTree; ledger: LedgerReader; size: number },
): Uint8Array | undefined {
  const tile = parseTilePath(path);
  if (tile === undefined || tile.width > widthIn(log.size, tile)) return undefined;
  const from = tile.index * TILE_WIDTH;
  if (tile.level === 'entries') return encodeEntries(log.ledger.leafBytes(from + 1, tile.width));
  return bytesOf(log.tree.hashes(tile.level, from, from + tile.width).join(''));
}

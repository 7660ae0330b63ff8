/**
 * Room for a commit, looked for just before it. A write that finds too little is cut short by the
 * system, and LMDB reports that with the number of a failing disk (EIO): the gate would have to
 * end, as after a failed sync. Found beforehand it is what it is, a full disk, and nothing was
 * touched.
 */
import { statfsSync } from 'node:fs';

/** The disk has no room for this commit; nothing was written. */
export class NoRoom extends Error {
  override name = 'NoRoom';
  /** ENOSPC */
  readonly code = 28;
}

const PAGE_BYTES = 4096;
/** What a commit rewrites beside its pages: branches, tables, the list of free pages. */
const PAGES_BESIDE = 64;

/** Throws NoRoom when a commit of values of these sizes might not fit. Some 5 µs. */
export function checkRoom(path: string, values: readonly { readonly length: number }[]): void {
  const pages = values.reduce((sum, { length }) => sum + Math.ceil(length / PAGE_BYTES) + 1, 0);
  const needed = (pages + PAGES_BESIDE) * PAGE_BYTES;
  const { bavail, bsize } = statfsSync(path);
  if (bavail * bsize < needed) throw new NoRoom(`a commit needs ${needed} bytes of the disk`);
}

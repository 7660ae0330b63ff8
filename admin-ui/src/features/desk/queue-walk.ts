/**
 * The page of the queue that was shown last, so that a ticket can lead to the next of it. It lies
 * in this tab alone, and is ids only.
 */
export interface Walk {
  /** Address of the queue. */
  readonly from: string;
  readonly ids: readonly string[];
}

const STORED = 'clickday.desk.walk';

export function keepWalk(storage: Storage, walk: Walk): void {
  storage.setItem(STORED, JSON.stringify(walk));
}

export function readWalk(storage: Storage): Walk | null {
  try {
    const { from, ids } = JSON.parse(storage.getItem(STORED) ?? '') as Partial<Walk>;
    return typeof from === 'string' && Array.isArray(ids) ? { from, ids: ids.map(String) } : null;
  } catch {
    return null; // never kept, or by an older page
  }
}

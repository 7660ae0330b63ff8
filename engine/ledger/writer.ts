/**
 * The one writer of a gate's ledger.
 *
 * `append` MUST NOT resolve before its entries survive power loss. It never updates and never
 * deletes. The index of applications lives in memory and is rebuilt from the entries at start: an
 * index on disk would turn each append into a random write (docs/decisions/0002).
 *
 * After a failed append the writer is as before it: the same numbers are given again, and nothing
 * of the failed batch is on disk. Whether to go on is the caller's decision.
 */
import { assert } from '#engine/foundation/assert.ts';
import { entryFromLeaf, type LedgerEntry } from '#protocol/entry.ts';
import { JsonBytes } from '#protocol/json-bytes.ts';
import {
  type ApplicationIndex,
  applicationKey,
  createApplicationIndex,
} from './application-index.ts';
import { type Committer, createCommitter } from './committer.ts';
import { type Damage, LedgerDamaged } from './damage.ts';
import { type NewEntry, writePages } from './page.ts';
import {
  damageOf,
  entryOf,
  LEAF_START,
  leavesOf,
  missingPage,
  type StoredLeaf,
  soundPage,
  storedPageAt,
  storedPages,
} from './stored-pages.ts';
import {
  decodeInstant,
  FIRST_SEQ,
  type LedgerPlace,
  type LedgerTables,
  openLedgerTables,
} from './tables.ts';
import { startCommitter } from './threaded-committer.ts';

export interface LedgerWriter {
  readonly gate: string;
  /** The number the next entry gets. */
  nextSeq(): number;
  /** No later entry may have a stamp at or below this. */
  lastStampUs(): number;
  /**
   * The entry of an application that is on disk, if there is one. Reads it: some 20 µs. Throws
   * LedgerDamaged when it may be in a page that cannot be read: nobody knows then, and who admits
   * it all the same may admit it twice.
   */
  find(application: string): LedgerEntry | undefined;
  /** What could not be read when the ledger was opened; `find` never says no while there is any. */
  readonly unread: readonly Damage[];
  /** Whether `find` may find it: never a wrong no, hardly ever a wrong yes. Under a microsecond. */
  mayHold(application: string): boolean;
  /** One commit. `entries` continue `nextSeq` and rise in stamp (asserted). One at a time. */
  append(entries: readonly NewEntry[], committedAtUs: number): Promise<void>;
  /** Promises readers that no later entry has a stamp at or below `us`. */
  watermark(us: number): Promise<void>;
  close(): Promise<void>;
}

/** `unsafeNoSync` is for the one test that proves that syncs matter. */
export type LedgerSettings = Omit<LedgerPlace, 'readOnly'> & { readonly gate: string };

/** Room for a batch of 256; it grows. */
const SCRATCH_BYTES = 64 * 1024;

/** Where the ledger ends. */
interface End {
  lastSeq: number;
  lastStampUs: number;
}

/** Opens (or creates) the ledger of `gate` in `path`. The caller holds the store's lock. */
export function openLedgerWriter(options: LedgerSettings): LedgerWriter {
  const tables = openLedgerTables(options);
  checkOwner(tables, options.gate);
  return writerOver(tables, options.gate, createCommitter(tables, options.gate));
}

/**
 * The same with a thread of its own for hashes, transactions and syncs: what the gate uses, since
 * its event loop has other things to do (docs/decisions/0009).
 */
export async function openThreadedWriter(
  options: Omit<LedgerSettings, 'open'>,
): Promise<LedgerWriter> {
  const committer = await startCommitter(options);
  try {
    const tables = openLedgerTables(options);
    checkOwner(tables, options.gate);
    const close = async () => {
      await committer.close();
      await tables.environment.close();
    };
    return writerOver(tables, options.gate, { ...committer, close });
  } catch (error) {
    await committer.close();
    throw error;
  }
}

function writerOver(tables: LedgerTables, gate: string, committer: Committer): LedgerWriter {
  const index = createApplicationIndex();
  const unread = loadIndex(tables, gate, index);
  const watermarkUs = decodeInstant(tables.state.get('watermark')); // no stamp is above it
  const end = { lastSeq: tables.entries.last() ?? FIRST_SEQ - 1, lastStampUs: watermarkUs };
  const scratch = new JsonBytes(SCRATCH_BYTES, { isShared: true });

  const append = async (entries: readonly NewEntry[], committedAtUs: number) => {
    checkContinues(end, entries);
    const last = entries.at(-1);
    assert(last !== undefined, 'an empty batch is not written');
    const pages = writePages(scratch, entries);
    await committer.commit({ pages, stampUs: last.stampUs, committedAtUs });
    end.lastSeq = last.seq;
    end.lastStampUs = last.stampUs;
    for (const entry of entries) {
      index.add(entry.head ?? applicationKey(entry.application), entry.seq);
    }
  };

  return {
    gate,
    unread,
    nextSeq: () => end.lastSeq + 1,
    lastStampUs: () => end.lastStampUs,
    find: (application) => {
      tables.environment.refresh();
      let damage = unread[0];
      for (const seq of index.candidates(applicationKey(application))) {
        const entry = readEntry(tables, gate, seq);
        if ('reason' in entry) damage = entry;
        else if (entry.application === application) return entry;
      }
      if (damage !== undefined) throw new LedgerDamaged(damage);
      return undefined;
    },
    mayHold: (application) =>
      unread.length > 0 || index.candidates(applicationKey(application)).length > 0,
    append,
    watermark: async (us) => {
      if (us <= end.lastStampUs) return;
      await committer.watermark(us);
      end.lastStampUs = us;
    },
    close: committer.close,
  };
}

/** The entry, or why it cannot be served. */
function readEntry(tables: LedgerTables, gate: string, seq: number): LedgerEntry | Damage {
  try {
    const page = storedPageAt(tables, seq);
    if (page === undefined || page.firstSeq > seq) {
      return missingPage(gate, seq, seq + 1);
    }
    const [stored] = leavesOf(soundPage(tables, gate, page), seq);
    return entryOf(tables, gate, page, stored as StoredLeaf);
  } catch (error) {
    if (error instanceof LedgerDamaged) return error.damage;
    throw error;
  }
}

/**
 * Every page is read and checked once; the applications are cut out of its bytes without parsing.
 * Returns what could not be read.
 */
function loadIndex(tables: LedgerTables, gate: string, index: ApplicationIndex): Damage[] {
  const unread: Damage[] = [];
  let nextSeq = FIRST_SEQ;
  for (const page of storedPages(tables)) {
    const { lastSeq, firstSeq, leaves, damage } = page;
    if (damage !== undefined) {
      unread.push(damageOf(tables, { gate, page: lastSeq, reason: damage }));
    } else {
      if (firstSeq !== nextSeq) unread.push(missingPage(gate, nextSeq, firstSeq));
      leaves.forEach((leaf, at) => {
        index.add(applicationKey(applicationOf(leaf)), firstSeq + at);
      });
    }
    nextSeq = lastSeq + 1;
  }
  return unread;
}

/** In a framed leaf the application stands first. A backslash is an escape and needs a parser. */
const APPLICATION_AT = LEAF_START.length;

function applicationOf(framed: Buffer): string {
  const text = framed.toString('utf8', APPLICATION_AT, framed.indexOf('"', APPLICATION_AT));
  if (!text.includes('\\')) return text;
  return entryFromLeaf(framed.toString('utf8', 1)).application;
}

function checkOwner(tables: LedgerTables, gate: string): void {
  const owner = tables.state.get('gate')?.toString();
  assert(owner === undefined || owner === gate, `this ledger belongs to the gate ${owner}`);
}

function checkContinues(end: End, entries: readonly LedgerEntry[]): void {
  let { lastSeq, lastStampUs } = end;
  for (const entry of entries) {
    assert(entry.seq === lastSeq + 1, 'numbers must be contiguous');
    assert(entry.stampUs > lastStampUs, 'stamps must rise');
    lastSeq = entry.seq;
    lastStampUs = entry.stampUs;
  }
}

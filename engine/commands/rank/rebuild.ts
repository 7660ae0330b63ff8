/**
 * The list rebuilt: the entries of all logs in the one order, repeats left out, places given, and
 * those that are wanted written line by line. Memory does not grow with the list but for the ids of
 * applications, about 100 bytes each.
 */
import { createHash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import {
  type RankingFormat,
  rankingHead,
  rankingLine,
  rankingRow,
} from '#protocol/ranking/lines.ts';
import { compareEntries } from '#protocol/ranking/order.ts';
import type { Quota } from '#protocol/ranking/quotas.ts';
import {
  createFirstOnly,
  createRanking,
  isWanted,
  type RankingFilter,
} from '#protocol/ranking/ranking.ts';
import { Refused } from '../context.ts';
import type { HashedEntry } from './log-entries.ts';

export interface RebuildOptions {
  readonly clickDay: string;
  readonly quotas: readonly Quota[];
  readonly filter: RankingFilter;
  readonly format: RankingFormat;
  /** The file that the list goes to. */
  readonly path: string;
}

export interface Rebuilt {
  /** Entries of the logs, of all click days. */
  readonly entries: number;
  readonly repeats: number;
  /** Lines of the list, the head of a CSV not counted. */
  readonly places: number;
  /** Of the list's bytes, hexadecimal. */
  readonly sha256: string;
  /** The first stamp from which a gate may still have an entry to add while the day is open, µs. */
  readonly surelyUntilUs: number;
}

const CHUNK_CHARS = 64 * 1024;

/** Writes the list; it counts for nothing unless this resolves. */
export async function rebuild(
  logs: readonly AsyncIterable<HashedEntry>[],
  options: RebuildOptions,
): Promise<Rebuilt> {
  const { clickDay, quotas, filter, format, path } = options;
  const file = openFile(path);
  const ranking = createRanking(quotas);
  const isFirst = createFirstOnly();
  const lastOfGate = new Map<string, number>();
  const counts = { entries: 0, repeats: 0, places: 0 };
  try {
    file.write(rankingHead(format));
    for await (const { entry, leafHash } of merged(logs)) {
      counts.entries += 1;
      lastOfGate.set(entry.gate, entry.stampUs);
      if (!isFirst(entry)) counts.repeats += 1;
      else if (entry.clickDay === clickDay) {
        const ranked = ranking.rank(entry);
        if (!isWanted(ranked, filter)) continue;
        counts.places += 1;
        file.write(rankingLine(rankingRow(ranked, leafHash), format));
      }
    }
  } finally {
    file.close();
  }
  const lasts = [...lastOfGate.values()];
  const isAlone = logs.length === 1;
  const surelyUntilUs = isAlone || lasts.length < logs.length ? 0 : Math.min(...lasts);
  return {
    ...counts,
    sha256: file.digest(),
    surelyUntilUs: isAlone ? Number.POSITIVE_INFINITY : surelyUntilUs,
  };
}

/** The entries of all logs in the one order. Throws LOG_INVALID when two logs are of one gate. */
export async function* merged(
  logs: readonly AsyncIterable<HashedEntry>[],
): AsyncGenerator<HashedEntry> {
  const iterators = logs.map((log) => log[Symbol.asyncIterator]());
  const heads = await Promise.all(iterators.map(async (one) => (await one.next()).value));
  const gates = heads.flatMap((head?: HashedEntry) =>
    head === undefined ? [] : [head.entry.gate],
  );
  if (new Set(gates).size < gates.length) {
    throw new Refused('LOG_INVALID', `two logs are of one gate (${gates.join(', ')})`);
  }
  for (;;) {
    let first = -1;
    for (const [at, head] of heads.entries()) {
      if (head === undefined) continue;
      const best = first < 0 ? undefined : heads[first];
      if (best === undefined || compareEntries(head.entry, best.entry) < 0) first = at;
    }
    const next = first < 0 ? undefined : heads[first];
    if (next === undefined) return;
    yield next;
    heads[first] = (await iterators[first]?.next())?.value;
  }
}

/** A file that is written in large pieces, and digested. Throws OUT_UNWRITABLE. */
function openFile(path: string) {
  const hash = createHash('sha256');
  let pending = '';
  let descriptor: number;
  try {
    descriptor = openSync(path, 'w');
  } catch (error) {
    throw new Refused('OUT_UNWRITABLE', `${path}: ${(error as Error).message}`);
  }
  const flush = () => {
    const bytes = Buffer.from(pending);
    pending = '';
    hash.update(bytes);
    for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
  };
  return {
    write: (text: string) => {
      pending += text;
      if (pending.length >= CHUNK_CHARS) flush();
    },
    close: () => {
      flush();
      closeSync(descriptor);
    },
    digest: () => hash.digest('hex'),
  };
}

/**
 * The one order: entries of all ledgers by `(stamp, gate, seq)`.
 *
 *   g1  ──1──3────6──►  watermark 7      final are all entries up to the lowest watermark (5):
 *   g2  ────2──4──────►  watermark 5      1 2 3 4; entry 6 waits until g2 has passed it
 *
 * Two gates cannot be asked at one instant, so an entry is final only when no gate can still write
 * one before it. A ledger alone is its own order: all of it is final. A gate that is down holds
 * back the others until it is up again and says how far it has come; nothing is guessed.
 */
import type { LedgerReader } from '#engine/ledger/index.ts';
import type { LedgerEntry } from '#protocol/entry.ts';
import { compareEntries } from '#protocol/ranking/order.ts';

/** What the merge needs of a ledger. */
export type LedgerSource = Pick<
  LedgerReader,
  'gate' | 'refresh' | 'lastSeq' | 'watermarkUs' | 'entries'
>;

const PAGE_ENTRIES = 500;

/** The instant (µs) up to which the order of these ledgers is final. Reads them afresh. */
export function finalUntilUs(sources: readonly LedgerSource[]): number {
  if (sources.length <= 1) return Number.POSITIVE_INFINITY;
  const marks = sources.map((source) => {
    source.refresh();
    return source.watermarkUs();
  });
  return Math.min(...marks);
}

/**
 * Entries in the one order, from the seq that follows `cursors` in each gate, up to `untilUs`.
 * Reads pages as they are needed; O(number of gates) an entry.
 */
export function* mergeEntries(
  sources: readonly LedgerSource[],
  options: { readonly cursors: ReadonlyMap<string, number>; readonly untilUs: number },
): Generator<LedgerEntry> {
  const heads = sources.map((source) => {
    source.refresh();
    return followLedger(source, (options.cursors.get(source.gate) ?? 0) + 1);
  });
  for (;;) {
    let first: Head | undefined;
    for (const head of heads) {
      if (head.entry === undefined) continue;
      if (first === undefined || compareEntries(head.entry, first.entry!) < 0) first = head;
    }
    if (first?.entry === undefined || first.entry.stampUs > options.untilUs) return;
    yield first.entry;
    first.advance();
  }
}

interface Head {
  entry: LedgerEntry | undefined;
  advance(): void;
}

function followLedger(source: LedgerSource, fromSeq: number): Head {
  let page = source.entries(fromSeq, PAGE_ENTRIES);
  let index = 0;
  const head: Head = {
    entry: page[0],
    advance: () => {
      const last = page[index]!;
      index += 1;
      if (index === page.length && page.length === PAGE_ENTRIES) {
        page = source.entries(last.seq + 1, PAGE_ENTRIES);
        index = 0;
      }
      head.entry = page[index];
    },
  };
  return head;
}

/**
 * The order as the ledgers alone give it, with nothing remembered: what a register must equal as
 * far as it has come. `duplicateOf` is the place of the application's earlier entry, or null.
 */
export function* freshMerge(
  readers: readonly LedgerSource[],
): Generator<{ place: number; entry: LedgerEntry; duplicateOf: number | null }> {
  const seen = new Map<string, number>();
  let place = 0;
  const options = { cursors: new Map(), untilUs: Number.POSITIVE_INFINITY };
  for (const entry of mergeEntries(readers, options)) {
    place += 1;
    const duplicateOf = seen.get(entry.application) ?? null;
    if (duplicateOf === null) seen.set(entry.application, place);
    yield { place, entry, duplicateOf };
  }
}

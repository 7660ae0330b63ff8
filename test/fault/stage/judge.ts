/**
 * The checker that trusts nobody: what clients were told against what the ledger holds, and the
 * ledger against its own rules (`clickday verify`, in this process).
 */
import { verifyDirectory } from '#engine/commands/verify.ts';
import { ledgerExists, openLedgerReader } from '#engine/ledger/index.ts';
import { existingDirectory } from '#engine/store/index.ts';
import { isoFromUs } from '#protocol/time.ts';
import type { Acknowledgement, Book } from './book.ts';
import type { Outcome } from './scenario.ts';

/** A place in the ledger. */
export interface Place {
  readonly application: string;
  readonly seq: number;
  readonly stamp: string;
}

type Judgement = Pick<Outcome, 'acknowledged' | 'lost' | 'reordered' | 'doubled' | 'failures'>;

/** Reads the ledger of `gate` in the data directory `data` and judges what `book` was told. */
export async function judged(data: string, book: Book, gate = 'g1'): Promise<Judgement> {
  const places = await placesIn(data, gate);
  const report = await verifyDirectory(existingDirectory(data)!);
  const violations = report.violations.map((one) => `verify: ${JSON.stringify(one)}`);
  return judgedAgainst(places, book, violations);
}

/** The same against places that were read already. */
export function judgedAgainst(
  places: readonly Place[],
  book: Book,
  violations: readonly string[] = [],
): Judgement {
  const of = new Map(places.map((place) => [place.application, place]));
  const twice = places.length - of.size;
  const told = [...book.acknowledged.values()];
  const lost = told.filter((one) => !isSame(of.get(one.application), one));
  const early = [...book.early].map((application) => `${application} was let in early`);
  return {
    acknowledged: told.length,
    lost: lost.length,
    reordered: overtaken(told),
    doubled: twice + book.contradicted.size,
    failures: [...violations.slice(0, 10), ...early.slice(0, 10)],
  };
}

function isSame(place: Place | undefined, { seq, stamp }: Acknowledgement): boolean {
  return place?.seq === seq && place.stamp === stamp;
}

/** Those that were sent after another was acknowledged, and have the lower number. O(n log n). */
function overtaken(told: readonly Acknowledgement[]): number {
  const bySending = [...told].sort((a, b) => a.sentAt - b.sentAt);
  const byAnswer = [...told].sort((a, b) => a.acknowledgedAt - b.acknowledgedAt);
  let next = 0;
  let highest = 0;
  let count = 0;
  for (const one of bySending) {
    while (next < byAnswer.length && byAnswer[next]!.acknowledgedAt < one.sentAt) {
      highest = Math.max(highest, byAnswer[next]!.seq);
      next += 1;
    }
    if (one.seq < highest) count += 1;
  }
  return count;
}

const READ_AT_ONCE = 10_000;

async function placesIn(data: string, gate: string): Promise<Place[]> {
  const path = existingDirectory(data)!.ledger(gate);
  if (!ledgerExists(path)) return [];
  const reader = openLedgerReader({ path, gate });
  try {
    const places: Place[] = [];
    for (let from = 1; from <= reader.lastSeq(); from += READ_AT_ONCE) {
      for (const { application, seq, stampUs } of reader.entries(from, READ_AT_ONCE)) {
        places.push({ application, seq, stamp: isoFromUs(stampUs) });
      }
    }
    return places;
  } finally {
    await reader.close();
  }
}

/** The end of a rehearsal: what was asked of it, what became of it, and whether that is all. */
import { emit, say } from '../context.ts';
import type { VerifyReport } from '../verify.ts';
import { type Results, table } from './results.ts';

/** As the control room tells it. */
export interface ReceiptStatus {
  readonly made: number;
  readonly pending: number;
  readonly failed: readonly object[];
}

export interface Played {
  /** How many applications had to be accepted. */
  readonly expected: number;
  readonly results: Results;
  readonly opensAtUs: number;
  readonly receipts: ReceiptStatus;
  readonly report: VerifyReport;
  /** The published ranking beside the one that follows from the public log alone. */
  readonly ranking: { readonly isIdentical: boolean; readonly places: number };
  readonly isJson: boolean;
}

const US_A_SECOND = 1_000_000;

/** Prints the table; true only if nothing is missing. */
export function conclude(played: Played): boolean {
  const { expected, results, opensAtUs, receipts, report, ranking } = played;
  const verdict = ranking.isIdentical ? 'identical' : 'DIFFERENT';
  const rejected = [...results.rejected].map(([code, count]) => `${code} ${count}`).join(', ');
  const afterMs = (us: number) => `${((us - opensAtUs) / 1000).toFixed(3)} ms after the opening`;
  const isComplete = isWhole(played);
  const spanUs = Math.max(1, results.lastStampUs() - results.firstStampUs());
  say(
    table([
      ['applications', `${expected} (one of them by a family, by hand)`],
      ['accepted', `${results.accepted()} of ${expected}`],
      ['refused on the way', rejected === '' ? 'none' : rejected],
      ['first stamp', afterMs(results.firstStampUs())],
      ['last stamp', afterMs(results.lastStampUs())],
      ['accepted a second', String(Math.round((expected * US_A_SECOND) / spanUs))],
      ['acknowledgement p50', `${results.latencyMs(0.5).toFixed(1)} ms`],
      ['acknowledgement p99', `${results.latencyMs(0.99).toFixed(1)} ms`],
      ['receipts', `${report.receipts.made} made, ${receipts.failed.length} set aside`],
      ['ledger', `${report.entries} entries, numbers contiguous, stamps rising`],
      ['ranking rebuilt from the log', `${verdict}, ${ranking.places} places`],
      ['verification', report.ok ? 'no violation' : `${report.violations.length} VIOLATIONS`],
    ]),
  );
  for (const violation of report.violations.slice(0, 20)) say(JSON.stringify(violation));
  say(isComplete ? 'The click day succeeded.' : 'The click day is NOT complete.');
  if (played.isJson) emitSummary(played, isComplete);
  return isComplete;
}

function isWhole({ expected, results, receipts, report, ranking }: Played): boolean {
  return (
    results.accepted() === expected &&
    report.ok &&
    report.entries === expected &&
    report.register.entries === expected &&
    report.receipts.made === expected &&
    ranking.isIdentical &&
    ranking.places === expected &&
    receipts.failed.length === 0
  );
}

function emitSummary({ expected, results, opensAtUs, report, ranking }: Played, ok: boolean): void {
  emit({
    ok,
    applications: expected,
    accepted: results.accepted(),
    rejected: Object.fromEntries(results.rejected),
    firstStampUs: results.firstStampUs() - opensAtUs,
    latencyMs: { p50: results.latencyMs(0.5), p99: results.latencyMs(0.99) },
    receipts: report.receipts.made,
    ranking,
    violations: report.violations.length,
  });
}

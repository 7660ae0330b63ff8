/** What `verify-log` tells of each gate's public log, as the page shows it. */
import type { Told } from './heard-output.ts';
import type { LogLine } from './state.ts';

const WORST_FIRST = ['unsound', 'later', 'sound'] as const;

/** A gate's line of what `verify-log` tells. A log that is not read yet is asked for later. */
export function logLineOf(told: Told, sentences: readonly string[]): LogLine[] {
  if (told.event !== 'log' || told.verdict === 'unreachable') return [];
  const [found, early] = [Number(told.found ?? 0), Number(told.early ?? 0)];
  const missing = Array.isArray(told.missing) ? told.missing.length : 0;
  const total = found + early + missing;
  const line = { gate: String(told.gate), found, total, text: sentences.join(' ') };
  if (told.verdict === 'contradicts' || missing > 0) return [{ ...line, verdict: 'unsound' }];
  return [{ ...line, verdict: told.verdict === 'not-read' || early > 0 ? 'later' : 'sound' }];
}

/** One line a gate over all accounts: their entries together, the worst verdict and its words. */
export function mergedLog(lines: readonly LogLine[]): LogLine[] {
  const byGate = new Map<string, LogLine>();
  for (const line of lines) {
    const before = byGate.get(line.gate);
    byGate.set(line.gate, before === undefined ? line : mergedLine(before, line));
  }
  return [...byGate.values()];
}

function mergedLine(one: LogLine, other: LogLine): LogLine {
  const verdict = WORST_FIRST.find((each) => one.verdict === each || other.verdict === each)!;
  const telling = [one, other].filter((line) => line.verdict === verdict);
  return {
    ...{ gate: one.gate, verdict, text: telling.map(({ text }) => text).join(' ') },
    ...{ found: one.found + other.found, total: one.total + other.total },
  };
}

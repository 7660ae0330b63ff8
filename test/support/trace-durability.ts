/**
 * Whether the acknowledgements in a trace left before what they promise was on disk.
 *
 * A commit of the ledger's store (LMDB) is on disk after four calls, each begun after the one
 * before it had ended; an acknowledgement may begin to leave only after the last:
 *
 *     write of the pages with the entry ► sync of the file ► write of the commit record through a
 *     descriptor that syncs by itself (O_DSYNC) ► acknowledgement to the socket
 *
 * The entry is found by its text in the written pages, so nothing is believed of what the gate says
 * of itself. What cannot be found counts as a violation. It does not judge what is no write call: a
 * store that writes through a memory map needs a different judge.
 */
import type { SystemCall } from '#test/support/trace.ts';

export interface Acknowledgement {
  readonly application: string;
  readonly seq: number;
  readonly stamp: string;
  /** Line of the trace in which its write to the socket began. */
  readonly leftAt: number;
}

export interface Violation {
  readonly seq: number;
  readonly why: string;
}

export interface Judgement {
  readonly acknowledgements: readonly Acknowledgement[];
  readonly violations: readonly Violation[];
  /** Commits on which the acknowledgements rest. */
  readonly commits: number;
}

const WRITES = new Set(['write', 'writev', 'pwrite64', 'pwritev', 'sendto', 'sendmsg']);
const SYNCS = new Set(['fdatasync', 'fsync']);
const TELLING = /"application":"([^"]+)",(?:"ref":[^{}]*?,)?"protocol":"[^"]+","seq":(\d+),/g;
const STAMP = /"stamp":"([^"]+)"/y;
const LEAF = /\{"application":"([^"]+)","clickDay":[^{}]*?"seq":(\d+),"stamp":"([^"]+)"/g;

/** Judges every acknowledgement in `calls` against the writes and syncs of the file `ledger`. */
export function judgeTrace(calls: readonly SystemCall[], ledger: string): Judgement {
  const ofLedger = callsOfLedger(calls, ledger);
  const acknowledgements = acknowledgementsIn(calls, ledger);
  const commits = new Set<number>();
  const violations = acknowledgements.flatMap((acknowledgement) => {
    const durable = durableAt(ofLedger, acknowledgement);
    if (typeof durable === 'number') commits.add(durable);
    const why = typeof durable === 'string' ? durable : earliness(acknowledgement, durable);
    return why === undefined ? [] : [{ seq: acknowledgement.seq, why }];
  });
  return { acknowledgements, violations, commits: commits.size };
}

interface LedgerCalls {
  /** Line in which the first write of each entry ended, by `leafKey`. */
  readonly entries: ReadonlyMap<string, number>;
  readonly syncs: readonly SystemCall[];
  readonly records: readonly SystemCall[];
}

/** Of the file: its syncs, also those that failed, and the writes that succeeded. */
function callsOfLedger(calls: readonly SystemCall[], ledger: string): LedgerCalls {
  const entries = new Map<string, number>();
  const syncs: SystemCall[] = [];
  const records: SystemCall[] = [];
  const syncing = new Set<number>();
  for (const call of calls) {
    if (call.name === 'openat' && call.result !== undefined) {
      if (/\bO_D?SYNC\b/.test(call.words)) syncing.add(call.result);
      else syncing.delete(call.result);
    }
    if (call.file !== ledger) continue;
    if (SYNCS.has(call.name)) syncs.push(call);
    if (!WRITES.has(call.name) || call.result === undefined || call.result < 0) continue;
    if (syncing.has(call.descriptor)) records.push(call);
    for (const [, application, seq, stamp] of unescaped(call).matchAll(LEAF)) {
      const key = leafKey({ application: application!, seq: Number(seq), stamp: stamp! });
      if (!entries.has(key)) entries.set(key, call.endedAt);
    }
  }
  return { entries, syncs, records };
}

/** The line in which the entry's commit was on disk, or what is missing. */
function durableAt(ofLedger: LedgerCalls, acknowledgement: Acknowledgement): number | string {
  const writtenAt = ofLedger.entries.get(leafKey(acknowledgement));
  if (writtenAt === undefined) return 'its entry was never written';
  const sync = ofLedger.syncs.find((call) => call.beganAt > writtenAt);
  if (sync === undefined) return 'no sync follows the write of its entry';
  if (sync.result !== 0) return 'the sync of its entry failed';
  const record = ofLedger.records.find((call) => call.beganAt > sync.endedAt);
  return record?.endedAt ?? 'no synced commit record follows the sync of its entry';
}

function earliness({ leftAt }: Acknowledgement, durable: number): string | undefined {
  return leftAt > durable ? undefined : `left in line ${leftAt + 1}, on disk in ${durable + 1}`;
}

function acknowledgementsIn(calls: readonly SystemCall[], ledger: string): Acknowledgement[] {
  const told = calls.filter((call) => WRITES.has(call.name) && call.file !== ledger);
  return told.flatMap((call) => {
    const text = unescaped(call);
    return [...text.matchAll(TELLING)].map((match) => {
      STAMP.lastIndex = match.index + match[0].length;
      const stamp = STAMP.exec(text)?.[1] ?? '';
      return { application: match[1]!, seq: Number(match[2]), stamp, leftAt: call.beganAt };
    });
  });
}

function leafKey(of: { application: string; seq: number; stamp: string }): string {
  return `${of.application} ${of.seq} ${of.stamp}`;
}

/** JSON as it was; other bytes stay as strace wrote them. */
function unescaped(call: SystemCall): string {
  return call.words.replaceAll('\\"', '"');
}

/**
 * Whether the public log of a gate bears out what the gate has answered: each accepted submission
 * stands in it where its number says, under a root that the log's key has signed, and the log is
 * the continuation of the one that was seen the last time. Reads through an injected function, so
 * that nothing here knows of a network.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { fromBase64 } from '#protocol/log/base64.ts';
import { equal, inclusionProof, rootByInclusion } from '#protocol/log/proof.ts';
import { type ReadLog, readSubtrees, TileMissing } from '#protocol/log/tile-reading.ts';
import type { TrustedKeys } from '#protocol/receipt/keys.ts';
import { readCheckpoint } from '#protocol/receipt/log-evidence.ts';
import { compareWithLog } from '#protocol/receipt/log-history.ts';
import { ReceiptRefused } from '#protocol/receipt/refusal.ts';

/** One accepted submission as the journal has it. */
export interface LoggedEntry {
  readonly application: string;
  /** From 1. */
  readonly seq: number;
  /** Base64, as it was computed from the answer. */
  readonly leafHash: string;
}

/** `early`: no checkpoint covers it yet; `missing`: another entry stands in its place. */
export type EntryVerdict = 'in-log' | 'early' | 'missing';

export type LogVerdict =
  | {
      readonly kind: 'read';
      readonly gate: string;
      readonly size: number;
      /** The signed checkpoint, to be kept for the next time. */
      readonly note: string;
      readonly entries: ReadonlyMap<string, EntryVerdict>;
    }
  /** Not to be had now; says nothing against it. */
  | { readonly kind: 'unreachable' }
  /** It is not what it was, or not signed by a key that the portal names. */
  | { readonly kind: 'contradicts'; readonly gate: string; readonly reason: string };

/** `keptFor` gives the checkpoint that was kept of a gate's log, undefined at first. */
export async function checkLog(parts: {
  readonly read: ReadLog;
  readonly logs: TrustedKeys['logs'];
  readonly keptFor: (gate: string) => string | undefined;
  readonly entriesOf: (gate: string) => readonly LoggedEntry[];
}): Promise<LogVerdict> {
  const { logs, keptFor, entriesOf } = parts;
  const bytes = await parts.read('checkpoint');
  if (bytes === undefined) return { kind: 'unreachable' };
  const note = new TextDecoder().decode(bytes);
  const origin = note.split('\n')[0] ?? '';
  const gate = logs.find((log) => log.origin === origin)?.gate ?? origin;
  // One checkpoint for all questions: the log grows meanwhile.
  const read: ReadLog = async (path) => (path === 'checkpoint' ? bytes : parts.read(path));
  try {
    const checkpoint = readCheckpoint(note, logs);
    const kept = keptFor(gate);
    if (kept !== undefined) await compareWithLog(readCheckpoint(kept, logs), logs, read);
    const { size } = checkpoint;
    const entries = await verdictsOn(entriesOf(gate), { ...checkpoint, read });
    return { kind: 'read', gate, size, note, entries };
  } catch (error) {
    if (error instanceof TileMissing) return { kind: 'unreachable' };
    if (!(error instanceof ReceiptRefused)) throw error;
    if (error.code === 'RECEIPT_LOG_UNREACHABLE') return { kind: 'unreachable' };
    return { kind: 'contradicts', gate, reason: error.code };
  }
}

async function verdictsOn(
  entries: readonly LoggedEntry[],
  log: { readonly size: number; readonly root: Uint8Array; readonly read: ReadLog },
): Promise<Map<string, EntryVerdict>> {
  const { size, root } = log;
  const verdicts = new Map<string, EntryVerdict>();
  const covered = entries.filter(({ seq }) => seq <= size);
  for (const { application } of entries) verdicts.set(application, 'early');
  const subtree = await readSubtrees(log, (wanted) => {
    for (const { seq } of covered) inclusionProof(wanted, seq - 1, size, sha256);
  });
  for (const { application, seq, leafHash } of covered) {
    const proof = inclusionProof(subtree, seq - 1, size, sha256);
    const leaf = fromBase64(leafHash) ?? new Uint8Array();
    const found = rootByInclusion({ index: seq - 1, size, leaf, proof }, sha256);
    verdicts.set(application, found && equal(found, root) ? 'in-log' : 'missing');
  }
  return verdicts;
}

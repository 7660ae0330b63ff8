/**
 * The proof a sender keeps of an accepted submission: the whole answer, and the hash of the leaf
 * that must stand in the gate's public log (RFC 6962 §2.1: SHA-256 of 0x00 and the leaf).
 *
 * Computed from the passbook's line and the answer alone, so it does not rest on trust in the
 * gate. It does not fetch the log; anyone can compare later.
 */
import { createHash } from 'node:crypto';
import { type LedgerEntry, leafText } from '#protocol/entry.ts';
import type { Accepted } from '#protocol/frames.ts';
import type { PassbookLine } from '#protocol/passbook.ts';
import { usFromIso } from '#protocol/time.ts';

const LEAF_PREFIX = Uint8Array.of(0);

/** Leaf hash, base64 as C2SP tlogs print it; undefined when the answer contradicts the line. */
export function leafHash(line: PassbookLine, accepted: Accepted): string | undefined {
  const entry = entryOf(line, accepted);
  if (entry === undefined) return undefined;
  return createHash('sha256').update(LEAF_PREFIX).update(leafText(entry), 'utf8').digest('base64');
}

function entryOf(line: PassbookLine, accepted: Accepted): LedgerEntry | undefined {
  const gate = gateOf(line.clickDay, accepted);
  const stampUs = usFromIso(accepted.stamp);
  if (gate === undefined || Number.isNaN(stampUs)) return undefined;
  return {
    application: line.id,
    clickDay: line.clickDay,
    digest: line.digest,
    gate,
    model: line.model,
    office: line.office,
    seq: accepted.seq,
    stampUs,
    uncertaintyUs: accepted.uncertaintyUs,
  };
}

/** `<click day>/<gate>/<seq>`: a duplicate may have been accepted by another gate than this one. */
function gateOf(clickDay: string, { protocol, seq }: Accepted): string | undefined {
  const [day, gate, number] = protocol.split('/');
  return day === clickDay && Number(number) === seq ? gate : undefined;
}

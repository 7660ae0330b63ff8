/**
 * The part of `clickday verify` that reads what a gate's log has signed: the record of its last
 * checkpoint, and the last one that came back from a witness.
 */
import { isOver, sha256 } from '#engine/foundation/note-signing.ts';
import {
  RecordUnreadable,
  readCosigned,
  readSigned,
  type SignedRecord,
} from '#engine/log/index.ts';
import { decodeCosignature } from '#protocol/log/cosignature.ts';
import { signaturesOf } from '#protocol/log/note.ts';
import type { TreeHead } from '#protocol/log/proof.ts';
import type { WitnessAddress } from '#protocol/log/witness.ts';
import { isoFromUs } from '#protocol/time.ts';

type Places = Parameters<typeof readSigned>[0];

/** The last cosigned checkpoint, and those of the known witnesses whose cosignature verifies. */
export interface CosignedReport {
  readonly size: number;
  readonly by: readonly { readonly witness: string; readonly at: string }[];
}

export interface CheckpointsReport {
  /** What the ledger has to contain. */
  readonly signed: readonly TreeHead[];
  readonly cosigned: CosignedReport | null;
  readonly violations: readonly { code: string; where: string; detail: string }[];
}

const SECOND_US = 1_000_000;

/** Cosignatures of witnesses that are not named can be judged by nobody, and are not. */
export function verifyCheckpoints(options: {
  gate: string;
  places: Places;
  witnesses: readonly WitnessAddress[];
}): CheckpointsReport {
  const { gate, places } = options;
  const violations: CheckpointsReport['violations'][number][] = [];
  const report = (code: string, detail: string) => violations.push({ code, where: gate, detail });
  const read = (name: 'CHECKPOINT' | 'COSIGNED', readIt: (places: Places) => Read) => {
    try {
      const record = readIt(places);
      if (record?.isGenuine === false) {
        report(`${name}_FORGED`, 'none of the keys of this log has signed this checkpoint');
      }
      return record;
    } catch (error) {
      if (!(error instanceof RecordUnreadable)) throw error;
      report(`${name}_UNREADABLE`, error.message);
      return undefined;
    }
  };
  // In this order: beside a running gate the second may be newer than the first, never older.
  const cosigned = read('COSIGNED', readCosigned);
  const signed = read('CHECKPOINT', readSigned);
  if (cosigned && cosigned.checkpoint.size > (signed?.checkpoint.size ?? 0)) {
    report('COSIGNED_AHEAD', `${cosigned.checkpoint.size} entries were cosigned, fewer are signed`);
  }
  return {
    signed: [signed, cosigned].flatMap((one) => (one === undefined ? [] : [one.checkpoint])),
    cosigned: cosigned === undefined ? null : cosignedReport(cosigned, options.witnesses, report),
    violations,
  };
}

type Read = SignedRecord | undefined;

function cosignedReport(
  { parsed, checkpoint }: SignedRecord,
  witnesses: readonly WitnessAddress[],
  report: (code: string, detail: string) => void,
): CosignedReport {
  const by = witnesses.flatMap(({ key }) => {
    const [one] = signaturesOf(parsed, key, sha256);
    const cosignature = one && decodeCosignature(one.signature);
    if (one === undefined) return [];
    if (cosignature === undefined || !isOver(parsed.text, one, key)) {
      report('COSIGNATURE_WRONG', `the cosignature of ${key.name} does not verify`);
      return [];
    }
    return [{ witness: key.name, at: isoFromUs(cosignature.timeS * SECOND_US) }];
  });
  return { size: checkpoint.size, by };
}

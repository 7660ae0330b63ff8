/**
 * Whether a receipt on disk is genuine and the one of this application, from its bytes and the
 * portal's published keys kept in the directory: nobody is asked.
 */
import { outcomeOf } from '#protocol/outcomes.ts';
import { verifyReceipt } from '#protocol/receipt/index.ts';
import type { TrustedKeys } from '#protocol/receipt/keys.ts';
import { reasonWords } from '#protocol/receipt/words.ts';
import type { AcceptedEvidence } from '../core/index.ts';
import type { Output } from '../output.ts';
import type { Portal } from '../portal.ts';
import { PortalTrouble } from '../portal.ts';
import type { CommandContext } from './context.ts';

export interface ReceiptFinding {
  /** Null: no keys are known to check it with. */
  readonly isGenuine: boolean | null;
  /** A sentence in the person's language. */
  readonly text: string;
  /** Over all gates, as a genuine receipt has it. */
  readonly place?: number;
}

/** Keeps the portal's keys, as they are now; an older portal has none, which is no trouble. */
export async function keepKeys({ directory }: CommandContext, portal: Portal): Promise<void> {
  try {
    directory.keepVerificationKeys(await portal.verificationKeys());
  } catch (error) {
    if (!(error instanceof PortalTrouble)) throw error;
  }
}

/** Judges the bytes of a receipt against the keys and the acceptance that the journal has. */
export async function judgeReceipt(
  output: Output,
  bytes: Uint8Array,
  accepted: AcceptedEvidence,
  keys: TrustedKeys | undefined,
): Promise<ReceiptFinding> {
  if (keys === undefined) return { isGenuine: null, text: output.text('receiptUnchecked') };
  const verdict = await verifyReceipt(bytes, keys);
  if (!verdict.genuine) {
    return { isGenuine: false, text: reasonWords[verdict.reason][output.language] };
  }
  const { application, protocol, place } = verdict.facts;
  if (application !== accepted.application || protocol !== accepted.message.protocol) {
    return { isGenuine: false, text: output.text('receiptOfAnother') };
  }
  const text = outcomeOf(verdict.code)?.[output.language] ?? verdict.code;
  return { isGenuine: true, text, ...(place !== undefined && { place }) };
}

/**
 * Acknowledgement: the words of each outcome, and the telling of a whole commit at once.
 *
 * Answers to one sender leave in one write. Nothing here is called before the commit is on disk.
 */
import { protocolNumber } from '#protocol/entry.ts';
import type { Accepted, Rejected } from '#protocol/frames.ts';
import { outcomes } from '#protocol/outcomes.ts';
import { isoFromUs } from '#protocol/time.ts';
import type { Lane, Sender, SubmissionOutcome, SubmissionRequest } from './outcome.ts';
import type { Committed } from './sequencer.ts';

export type Language = 'it' | 'en';

/** The frame that tells `outcome` of `request`. Members as protocol §3 has them. */
export function outcomeFrame(
  request: Pick<SubmissionRequest, 'application' | 'ref'>,
  outcome: SubmissionOutcome,
  language: Language,
): Accepted | Rejected {
  const ref = request.ref === undefined ? {} : { ref: request.ref };
  if (outcome.kind === 'rejected') {
    const { code, retryAfterMs, opensAtUs } = outcome;
    return {
      type: 'rejected',
      application: request.application,
      ...ref,
      code,
      message: outcomes[code][language],
      ...(retryAfterMs !== undefined && { retryAfterMs }),
      ...(opensAtUs !== undefined && { opensAt: isoFromUs(opensAtUs) }),
    };
  }
  const { entry, duplicate } = outcome;
  return {
    type: 'accepted',
    application: entry.application,
    ...ref,
    protocol: protocolNumber(entry),
    seq: entry.seq,
    stamp: isoFromUs(entry.stampUs),
    uncertaintyUs: entry.uncertaintyUs,
    ...(duplicate && { duplicate }),
  };
}

/** Tells every submission of a commit its outcome and frees its slot. */
export function acknowledge(batch: readonly Committed[], release: (lane: Lane) => void): void {
  const senders = new Set<Sender>();
  for (const { submission, entry, duplicate } of batch) {
    submission.sender.answer(submission, { kind: 'accepted', entry, duplicate });
    senders.add(submission.sender);
    release(submission.lane);
  }
  for (const sender of senders) sender.flush();
}

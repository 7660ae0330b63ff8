/**
 * Acknowledgement: the words of each outcome, and the telling of a whole commit at once.
 *
 * Answers to one sender leave in one write. Nothing here is called before the commit is on disk.
 */
import { protocolNumber, writeProtocolNumber } from '#protocol/entry.ts';
import type { Accepted, Rejected } from '#protocol/frames.ts';
import type { JsonBytes } from '#protocol/json-bytes.ts';
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

/**
 * The bytes of `outcomeFrame`. An acceptance is written out by hand: it is said once a submission,
 * and the general encoder costs several times as much (a test compares the two).
 */
export function writeOutcome(
  out: JsonBytes,
  request: Pick<SubmissionRequest, 'application' | 'ref'>,
  outcome: SubmissionOutcome,
  language: Language,
): void {
  if (outcome.kind === 'rejected') {
    out.text(JSON.stringify(outcomeFrame(request, outcome, language)));
    return;
  }
  const { entry } = outcome;
  out.raw('{"type":"accepted","application":').quoted(entry.application);
  if (request.ref !== undefined) out.raw(',"ref":').quoted(request.ref);
  writeProtocolNumber(out.raw(',"protocol":'), entry);
  out.raw(',"seq":').integer(entry.seq);
  out.raw(',"stamp":"').instant(entry.stampUs);
  out.raw('","uncertaintyUs":').integer(entry.uncertaintyUs);
  out.raw(outcome.duplicate ? ',"duplicate":true}' : '}');
}

export interface Acknowledgement {
  /** Tells a submission whose entry is on disk, and frees its slot. In the order of the entries. */
  tell(committed: Committed): void;
  /** The commit's last one was told: whatever waits to be sent leaves. */
  end(): void;
}

/**
 * Answers of one sender leave in one write: at once when nothing of his is on its way any more,
 * which is when his answers are complete, and else at the end of the commit.
 */
export function createAcknowledgement(release: (lane: Lane) => void): Acknowledgement {
  let unsent: Sender[] = [];
  return {
    tell: ({ submission, entry, duplicate }) => {
      const { sender, lane } = submission;
      sender.answer(submission, { kind: 'accepted', entry, duplicate });
      release(lane);
      if (lane.inFlight === 0) sender.flush();
      else unsent.push(sender);
    },
    end: () => {
      const senders = unsent;
      unsent = [];
      // The first flush of a sender takes all its answers; there is nothing left for the others.
      for (const sender of senders) sender.flush();
    },
  };
}

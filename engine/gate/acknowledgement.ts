/**
 * Acknowledgement: the words of each outcome, and the telling of a whole commit at once.
 *
 * Answers to one sender leave in one write. Nothing here is called before the commit is on disk.
 */
import type { NewEntry } from '#engine/ledger/index.ts';
import { writeProtocolNumber } from '#protocol/entry.ts';
import type { JsonBytes } from '#protocol/json-bytes.ts';
import { outcomes } from '#protocol/outcomes.ts';
import type { Lane } from './lane.ts';
import type {
  Acceptance,
  Rejection,
  Sender,
  SubmissionOutcome,
  SubmissionRequest,
} from './outcome.ts';
import type { Submission } from './submission.ts';

export type Language = 'it' | 'en';

/** What a refusal says of its code, in both languages, as JSON members. */
const reasons = {
  it: reasonsIn('it'),
  en: reasonsIn('en'),
};

function reasonsIn(language: Language): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(outcomes).map(([code, outcome]) => [
      code,
      `,"code":${JSON.stringify(code)},"message":${JSON.stringify(outcome[language])}`,
    ]),
  );
}

/**
 * The bytes of `outcomeFrame`, written out by hand: this is said once a submission, and more often
 * than that before an opening; the general encoder costs several times as much (a test compares
 * the two).
 */
export function writeOutcome(
  out: JsonBytes,
  request: Asked,
  outcome: SubmissionOutcome,
  language: Language,
): void {
  if (outcome.kind === 'rejected') writeRefusal(out, request, outcome, language);
  else writeAcceptance(out.raw('{"type":"accepted",'), request, outcome);
}

/** An acceptance as HTTP tells it: the members of the frame without its type. */
export function writeAcceptedMembers(
  out: JsonBytes,
  request: Asked,
  acceptance: Acceptance,
): JsonBytes {
  writeAcceptance(out.raw('{'), request, acceptance);
  return out;
}

type Asked = Pick<SubmissionRequest, 'application' | 'ref'>;

function writeAcceptance(out: JsonBytes, { ref }: Asked, { entry, duplicate }: Acceptance): void {
  writeApplication(out, entry);
  if (ref !== undefined) out.raw(',"ref":').quoted(ref);
  writeProtocolNumber(out.raw(',"protocol":'), entry);
  out.raw(',"seq":').integer(entry.seq);
  out.raw(',"stamp":"').instant(entry.stampUs);
  out.raw('","uncertaintyUs":').integer(entry.uncertaintyUs);
  out.raw(duplicate ? ',"duplicate":true}' : '}');
}

/** The member `application`, with which a leaf begins as well. */
function writeApplication(out: JsonBytes, entry: NewEntry): void {
  const { head } = entry;
  if (head === undefined) out.raw('"application":').quoted(entry.application);
  else out.bytes(head.bytes, head.start + 1, head.applicationEnd);
}

function writeRefusal(
  out: JsonBytes,
  { application, ref }: Asked,
  { code, retryAfterMs, opensAtUs }: Rejection,
  language: Language,
): void {
  out.raw('{"type":"rejected","application":').quoted(application);
  if (ref !== undefined) out.raw(',"ref":').quoted(ref);
  out.text(reasons[language].get(code) ?? '');
  if (retryAfterMs !== undefined) out.raw(',"retryAfterMs":').integer(retryAfterMs);
  if (opensAtUs !== undefined) out.raw(',"opensAt":"').instant(opensAtUs).raw('"');
  out.raw('}');
}

export interface Acknowledgement {
  /**
   * Tells a submission that is on disk as an entry, and those who asked for it again, and frees
   * their slots. In the order of the entries.
   */
  tell(entry: Submission, repeats: readonly Submission[]): void;
  /** The commit's last one was told: whatever waits to be sent leaves. */
  end(): void;
}

/**
 * Answers of one sender leave in one write: at once when nothing of his is on its way any more,
 * which is when his answers are complete, and else at the end of the commit.
 */
export function createAcknowledgement(release: (lane: Lane) => void): Acknowledgement {
  let unsent: Sender[] = [];
  const tellOne = (submission: Submission, entry: Submission, duplicate: boolean) => {
    const { sender, lane } = submission;
    sender.answer(submission, { kind: 'accepted', entry, duplicate });
    release(lane);
    if (lane.inFlight === 0) sender.flush();
    else unsent.push(sender);
  };
  return {
    tell: (entry, repeats) => {
      tellOne(entry, entry, false);
      for (const again of repeats) tellOne(again, entry, true);
    },
    end: () => {
      const senders = unsent;
      unsent = [];
      // The first flush of a sender takes all its answers; there is nothing left for the others.
      for (const sender of senders) sender.flush();
    },
  };
}

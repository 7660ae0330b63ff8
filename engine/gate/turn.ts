/**
 * Turns: what makes a sender with 5,000 applications no faster than 5,000 senders with one.
 *
 * The socket library hands over up to 512 KiB of one socket before it looks at the next: several
 * hundred submissions in a row. The order of arrival within one pass of the event loop cannot be
 * observed; so frames are first collected lane by lane, and at the end of the pass places are dealt
 * one frame a turn, one lane after the other, the starting lane rotating. This rule is published.
 *
 *     lane A: a1 a2 a3      deal:  a1 b1 c1 a2 c2 a3
 *     lane B: b1            lanes at their in-flight limit wait until an answer frees a slot
 *     lane C: c1 c2
 */
import { limits } from '../limits.ts';
import type { Lane } from './lane.ts';
import type { Submission } from './submission.ts';

export interface Turns {
  /** Lets the submission wait for its turn. False when the lane, or all together, have too many. */
  enqueue(submission: Submission): boolean;
  /** Gives one slot of the lane back. */
  release(lane: Lane): void;
  /** Forgets what a lane that is gone still had waiting. */
  drop(lane: Lane): void;
  /** Deals turns until no listed lane has both a waiting frame and a free slot. */
  deal(take: (submission: Submission) => void): void;
  waiting(): number;
}

export function createTurns(): Turns {
  let listed: Lane[] = [];
  let start = 0;
  let waiting = 0;
  let lanesWaiting = 0;
  let last: Lane | undefined;

  const list = (lane: Lane) => {
    if (lane.isListed || lane.waiting === 0 || !hasSlot(lane)) return;
    lane.isListed = true;
    listed.push(lane);
  };

  const turnOf = (lane: Lane, take: (submission: Submission) => void): boolean => {
    const submission = lane.shift();
    if (submission !== undefined) {
      waiting -= 1;
      if (lane.waiting === 0) lanesWaiting -= 1;
      lane.inFlight += 1;
      last = lane;
      take(submission);
    }
    lane.isListed = lane.waiting > 0 && hasSlot(lane);
    return lane.isListed;
  };

  /** One turn a lane; what stays in `round` are those that go on. */
  const goRound = (round: Lane[], take: (submission: Submission) => void) => {
    // Who had the last turn does not have the next one too while somebody else waits.
    if (round.length > 1 && round[0] === last) round.push(round.shift() as Lane);
    let going = 0;
    for (let at = 0; at < round.length; at += 1) {
      const lane = round[at] as Lane;
      if (turnOf(lane, take)) round[going++] = lane;
    }
    round.length = going;
  };

  /** Lanes that an immediate refusal freed in a round join the next one. */
  const join = (round: Lane[]) => {
    for (const lane of listed) round.push(lane);
    listed.length = 0;
  };

  return {
    enqueue: (submission) => {
      const { lane } = submission;
      const has = lane.waiting;
      if (has >= limits.waitingPerConnectionMax) return false;
      // Who keeps to the in-flight limit is never refused here, however many others wait.
      const isBeyondSlots = has + lane.inFlight >= limits.inFlightPerConnection;
      if (
        isBeyondSlots &&
        waiting >= limits.waitingMax &&
        has >= limits.waitingMax / lanesWaiting
      ) {
        return false;
      }
      lane.push(submission);
      waiting += 1;
      if (has === 0) lanesWaiting += 1;
      list(lane);
      return true;
    },
    release: (lane) => {
      lane.inFlight -= 1;
      list(lane);
    },
    drop: (lane) => {
      waiting -= lane.waiting;
      if (lane.waiting > 0) lanesWaiting -= 1;
      lane.clear();
    },
    deal: (take) => {
      start = listed.length === 0 ? 0 : (start + 1) % listed.length;
      const round = [...listed.slice(start), ...listed.slice(0, start)];
      listed = [];
      while (round.length > 0) {
        goRound(round, take);
        join(round);
      }
    },
    waiting: () => waiting,
  };
}

function hasSlot(lane: Lane): boolean {
  return lane.inFlight < limits.inFlightPerConnection;
}

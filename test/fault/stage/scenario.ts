/**
 * A fault as `npm run test:faults` plays it: on real processes, in rounds, under a load whose
 * acknowledgements are written down; and what came of it.
 */
import type { Scope } from '#test/support/scope.ts';

/** How a scenario is to be played. */
export interface Play {
  /** Asked on the command line; the scenario's own number when undefined. */
  readonly rounds: number | undefined;
  /** The bounded share that `npm test` plays: some seconds. */
  readonly isBrief: boolean;
  readonly seed: number;
  readonly say: (text: string) => void;
  /** Ends what the scenario began. */
  readonly scope: Scope;
}

/** What a fault came to. All but `rounds` and `acknowledged` must be nothing. */
export interface Outcome {
  readonly rounds: number;
  readonly acknowledged: number;
  /** Acknowledged, and not in the ledger with the number and stamp that were told. */
  readonly lost: number;
  /** Acknowledged before the other was sent, and numbered after it. */
  readonly reordered: number;
  /** Applications with two entries, or told two different numbers. */
  readonly doubled: number;
  /** From the fault to the next acknowledgement, one a fault; empty where nothing stops. */
  readonly servingAgainMs: readonly number[];
  /** What else was seen, a sentence each. */
  readonly notes: readonly string[];
  /** What should have been otherwise. */
  readonly failures: readonly string[];
}

export interface Scenario {
  /** Kebab-case: on the command line and in the name of its result. */
  readonly name: string;
  /** The fault, as a row of the table says it. */
  readonly title: string;
  /** It mounts a file system. */
  readonly needsRoot?: boolean;
  play(play: Play): Promise<Outcome>;
}

/** True when nothing that was promised was broken. */
export function isKept(outcome: Outcome): boolean {
  const { lost, reordered, doubled, failures } = outcome;
  return lost + reordered + doubled + failures.length === 0;
}

const NOTHING: Outcome = {
  rounds: 0,
  acknowledged: 0,
  lost: 0,
  reordered: 0,
  doubled: 0,
  servingAgainMs: [],
  notes: [],
  failures: [],
};

/** The outcomes of several parts as one. */
export function summed(parts: readonly Partial<Outcome>[]): Outcome {
  return parts.reduce<Outcome>(
    (sum, part) => ({
      rounds: sum.rounds + (part.rounds ?? 0),
      acknowledged: sum.acknowledged + (part.acknowledged ?? 0),
      lost: sum.lost + (part.lost ?? 0),
      reordered: sum.reordered + (part.reordered ?? 0),
      doubled: sum.doubled + (part.doubled ?? 0),
      servingAgainMs: [...sum.servingAgainMs, ...(part.servingAgainMs ?? [])],
      notes: [...new Set([...sum.notes, ...(part.notes ?? [])])],
      failures: [...sum.failures, ...(part.failures ?? [])],
    }),
    NOTHING,
  );
}

/** The round's number that is asked for: on the command line, in `npm test`, or the full one. */
export function roundsOf(play: Play, numbers: { brief: number; full: number }): number {
  return play.rounds ?? (play.isBrief ? numbers.brief : numbers.full);
}

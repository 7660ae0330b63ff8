/** What goes into a sender and what it tells while it works. */
import type { Accepted, SyncState } from '#protocol/frames.ts';
import type { GateClocks } from './gate-clock.ts';
import type { Journal } from './journal.ts';
import type { ClientClock, ClientRandom, ClientTimers, OpenSocket } from './ports.ts';

export interface SenderOptions {
  /** Applications of this account in order of compilation; they are submitted in this order. */
  readonly applications: readonly string[];
  /** Compact JWS strings that list them. */
  readonly passbooks: readonly string[];
  /** `ws://…/v1/submissions`; one is chosen at random, the next when it fails. */
  readonly gates: readonly string[];
  /** Openings known before a gate says them: click day → Unix microseconds. */
  readonly openings?: ReadonlyMap<string, number>;
  readonly journal: Journal;
  readonly openSocket: OpenSocket;
  readonly clock: ClientClock;
  readonly timers: ClientTimers;
  readonly random: ClientRandom;
  /** Shared by the senders of one process; own ones when absent. */
  readonly gateClocks?: GateClocks;
  readonly options?: SenderTuning;
  readonly onEvent?: (event: SenderEvent) => void;
}

export interface SenderTuning {
  /** The first connection is made within so many ms, at a random instant. Default 0. */
  readonly connectWithinMs?: number;
  /** Submissions in flight at most, also when the gate would allow more. Default: the gate's. */
  readonly inFlightMax?: number;
  readonly margin?: Margin;
  /** `name/version` of the `hello`. */
  readonly client?: string;
}

/**
 * How near to the opening the first frame is to arrive: milliseconds from the instant at which the
 * gate lets in to the soonest arrival that the measured ways allow (default 2), or `certain`: leave
 * only when it could not arrive early even over a way that takes no time.
 */
export type Margin = number | 'certain';

/** What is known of a gate's time: the client's clock + `offsetUs` ± `uncertaintyUs`. */
export interface ClockFacts {
  readonly offsetUs: number;
  /** Half the round trip (the network may be uneven by that), the gate's own, and the drift. */
  readonly uncertaintyUs: number;
  readonly roundTripUs: number;
  readonly sync: SyncState | undefined;
  /** From the gate's opening to the first frame's arrival, at most, over ways as those seen. */
  readonly arrivesWithinUs: number;
}

/** One accepted application. `sentAtUs` is official time as estimated when its frame left. */
export interface AcceptedOutcome {
  readonly event: 'accepted';
  readonly application: string;
  readonly message: Accepted;
  readonly leafHash?: string;
  readonly sentAtUs: number;
  readonly latencyMs: number;
  /** False when the journal could not be written: keep the screen's text. */
  readonly isJournaled: boolean;
  /** True when it was accepted in an earlier run and only read from the journal. */
  readonly isResumed: boolean;
}

export interface RejectedOutcome {
  readonly event: 'rejected';
  readonly application: string;
  readonly code: string;
  readonly message: string;
}

export type SenderEvent =
  | { readonly event: 'connecting'; readonly gate: string }
  /** The one before cannot be reached, or does not stay: the next one is tried. */
  | { readonly event: 'gate-changed'; readonly from: string; readonly to: string }
  | {
      readonly event: 'connected';
      readonly gate: string;
      readonly name: string;
      readonly applications: number;
      readonly inFlightLimit: number;
    }
  | {
      readonly event: 'disconnected';
      readonly gate: string;
      readonly code: number;
      readonly reason: string;
      readonly retryInMs: number;
    }
  | ({ readonly event: 'clock' } & ClockFacts)
  | {
      readonly event: 'opening';
      readonly clickDay: string;
      readonly opensAtUs: number;
      /** By estimated official time; negative when it is past. Undefined without an estimate. */
      readonly opensInMs: number | undefined;
      readonly isSuspended: boolean;
    }
  | ({
      /** The first frame of a day has left, and what was known of time then. */
      readonly event: 'departed';
      readonly clickDay: string;
      readonly sentAtUs: number;
    } & ClockFacts)
  | { readonly event: 'sent'; readonly application: string; readonly sentAtUs: number }
  | {
      readonly event: 'waiting';
      readonly application?: string;
      readonly code: string;
      readonly waitMs: number;
    }
  | AcceptedOutcome
  | RejectedOutcome
  | { readonly event: 'journal-failed'; readonly reason: string }
  | { readonly event: 'gate-error'; readonly code: string; readonly message: string };

export interface SenderResult {
  readonly accepted: readonly AcceptedOutcome[];
  readonly rejected: readonly RejectedOutcome[];
  /** Applications without an outcome, when the sender was stopped. */
  readonly open: readonly string[];
}

export interface Sender {
  /** Begins; MUST be called once. */
  start(): void;
  /** Ends early: what has no outcome stays open and can be sent by a later run. */
  stop(): void;
  /** Resolves when every application has an outcome that is journaled, or after `stop`. */
  readonly finished: Promise<SenderResult>;
}

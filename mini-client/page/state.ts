/**
 * What the local page is told, as types alone: the program (Node) and the page (browser) share it.
 *
 *     event: state   everything but the applications, small, on every change
 *     event: list    the click days with their applications, whole, when the list is new
 *     event: items   the applications that changed since
 */
import type { Language } from '#protocol/portal-api.ts';

export interface Both {
  readonly it: string;
  readonly en: string;
}

/** `none`: not its turn yet, neither good nor bad. */
export type Light = 'green' | 'yellow' | 'red' | 'none';

/** One check: what was found, and what to do about it (empty: nothing). */
export interface CheckLine {
  readonly id: string;
  readonly light: Light;
  readonly text: string;
  readonly whatToDo: string;
}

/**
 *     choose ─ ready pressed ─► preparing ─► waiting ─ first frame left ─► sending ─► after
 *        ▲                                      │
 *        └───────────── back to the list ───────┘
 */
export type Phase = 'choose' | 'preparing' | 'waiting' | 'sending' | 'after';

/** What became of an application. Stamps are ISO 8601. */
export type Line =
  | { readonly kind: 'ready' }
  /** Not to be sent: a draft, left out by the person, or sent before elsewhere. */
  | { readonly kind: 'idle' }
  | { readonly kind: 'sent' }
  | { readonly kind: 'held'; readonly code: string; readonly seconds: number }
  | {
      readonly kind: 'accepted';
      readonly protocol: string;
      readonly place: number;
      readonly stamp: string;
      readonly uncertaintyUs: number;
      readonly isDuplicate: boolean;
      /** False: the journal could not be written. */
      readonly isJournaled: boolean;
    }
  | { readonly kind: 'rejected'; readonly code: string; readonly text: Both };

/** What the file itself and the published keys say of a receipt on this computer. */
export interface ReceiptLine {
  readonly isGenuine: boolean;
  readonly code: string;
  readonly text: Both;
}

export interface Item {
  readonly id: string;
  /** Name of the account that it is of. */
  readonly account: string;
  readonly title: string;
  readonly model: string;
  readonly status: 'draft' | 'ready' | 'submitted' | 'receipt';
  readonly line: Line;
  readonly receipt?: ReceiptLine;
}

export interface Day {
  /** Null: applications without a click day. */
  readonly id: string | null;
  readonly name: Both;
  readonly opensAt: string;
  readonly closesAt: string;
  readonly isOver: boolean;
  /** Ids in the order of sending. */
  readonly order: readonly string[];
  /** Due ones that the person has left out. */
  readonly left: readonly string[];
}

export interface List {
  readonly days: readonly Day[];
  readonly items: readonly Item[];
}

export interface LogLine {
  readonly gate: string;
  readonly verdict: 'sound' | 'later' | 'unsound';
  /** Applications found in their place, of how many. */
  readonly found: number;
  readonly total: number;
  readonly text: string;
}

/** One of the accounts that the program works for; most people have one. */
export interface AccountState {
  /** Of its folder; empty: the directory itself. */
  readonly name: string;
  readonly email: string;
  readonly isLoggedIn: boolean;
  /** What went wrong for it, in words; empty: nothing. */
  readonly trouble: string;
}

export interface PageState {
  readonly language: Language;
  readonly program: { readonly version: string; readonly directory: string };
  /** Empty while nobody has named it. */
  readonly portal: string;
  readonly accounts: readonly AccountState[];
  readonly device: { readonly userCode: string; readonly verificationUri: string } | null;
  readonly checks: { readonly isRunning: boolean; readonly lines: readonly CheckLine[] };
  readonly isListing: boolean;
  readonly phase: Phase;
  /** The day chosen, also before it is prepared. */
  readonly clickDay: string | null;
  readonly opensAtUs: number | null;
  readonly isSuspended: boolean;
  /** `isUp`: all are; `gate`: the one connected to, or lost; `up` of `of` accounts. */
  readonly connection: {
    readonly gate: string;
    readonly isUp: boolean;
    readonly up: number;
    readonly of: number;
  };
  /** The gate asks everyone to wait. */
  readonly hold: { readonly code: string; readonly seconds: number } | null;
  /** What the person should know, in words; `isGrave`: keep this screen. */
  readonly notice: { readonly text: string; readonly isGrave: boolean } | null;
  readonly counts: {
    readonly chosen: number;
    readonly sent: number;
    readonly accepted: number;
    readonly rejected: number;
  };
  readonly receipts: { readonly isFetching: boolean; readonly kept: number };
  readonly log: { readonly isReading: boolean; readonly lines: readonly LogLine[] };
  /** A build of the program that the portal has and this one is not. */
  readonly update: { readonly version: string; readonly isNearDay: boolean } | null;
}

/** `GET /api/time`: official time as the program knows it, for the page's own estimate. */
export interface PageTime {
  readonly t0: number;
  readonly t1Us: number;
  readonly t2Us: number;
  readonly uncertaintyUs: number;
  readonly source: 'gate' | 'portal';
}

export interface LoginWords {
  readonly portal: string;
  readonly email: string;
  readonly password: string;
  readonly totp: string;
}

/**
 * What of the portal can be set, with its defaults. The keys in the environment, their bounds and
 * their effects are described in `engine/config.ts`; here is only what the portal reads.
 */
import type { Rest } from '#protocol/rehearsal.ts';
import type { HelpdeskLimits } from './helpdesk/limits.ts';
import type { MailboxConfig } from './mailbox/index.ts';

/** When people may practise, and how practice rests around real openings. */
export interface PracticeConfig {
  readonly kind: 'always' | 'windows' | 'no';
  readonly rest: Rest;
}

export interface PortalConfig {
  /** How the world reaches the portal, no slash at the end; undefined: where it listens. */
  readonly publicUrl?: string | undefined;
  /** PEM texts; with them the portal speaks TLS itself. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  /** Believe `X-Forwarded-*` of a proxy in front. Only when there is one. */
  readonly isBehindProxy: boolean;
  /** Staff accounts must have a second factor before they do anything. */
  readonly isStaffBoundToSecondFactor: boolean;
  /** The provider that people may log in through; undefined: none. */
  readonly openId?: OpenIdConfig | undefined;
  /** Left out: nobody practises. */
  readonly practice?: PracticeConfig | undefined;
  /** A gate shares this machine: the portal lets go of the processor more often. */
  readonly isBesideGate?: boolean;
  readonly limits: PortalLimits;
  readonly helpdesk: HelpdeskLimits;
  /** Mail to the help desk; undefined: it has no address. */
  readonly mailbox?: MailboxConfig | undefined;
}

/** An OpenID provider, and this portal as it knows it. */
export interface OpenIdConfig {
  /** Exactly as the provider names itself; https, or http on this machine. */
  readonly issuer: string;
  readonly clientId: string;
  /** Undefined: a public client, PKCE alone. */
  readonly clientSecret: string | undefined;
  /** Behind spaces, `openid` among them. */
  readonly scopes: string;
  /** What the button says. */
  readonly label: { readonly it: string; readonly en: string };
}

export interface PortalLimits {
  /** Applications of a private account. */
  readonly applicationsMax: number;
  readonly loginsPerMinutePerAddress: number;
  /** Wrong passwords of one account at one place; see accounts/guesses.ts. */
  readonly loginsPerMinutePerAccount: number;
  /** Wrong passwords of one account from everywhere, before each place gets few. */
  readonly guessesPerHourPerAccount: number;
  readonly registrationsPerMinutePerAddress: number;
  readonly registrationsPerHourPerEmail: number;
  /** Looking up entries of the public log. */
  readonly entriesPerMinutePerAddress: number;
  /** Pages, summaries and histograms of the public ranking: an open page asks 3 times a second. */
  readonly rankingsPerMinutePerAddress: number;
  /** Whole lists of the public ranking. */
  readonly listsPerMinutePerAddress: number;
  /** Programs that ask for a device code; a live code is one of 10,000. */
  readonly deviceCodesPerMinutePerAddress: number;
  /** Programs that ask what became of theirs: 12 a minute each. */
  readonly devicePollsPerMinutePerAddress: number;
  /** Short codes typed by one account: 10 a minute take 48 years to hit one of 100. */
  readonly deviceTriesPerMinutePerAccount: number;
  /** Lines to practise with, and their receipts, of one account. */
  readonly practicePerMinutePerAccount: number;
  /** How long one question to the OpenID provider may take. */
  readonly openIdAnswerMsMax: number;
  /** Files that one account may add. */
  readonly uploadsPerMinutePerAccount: number;
  /** Files that are taken in at once; more are refused with BUSY. */
  readonly uploadsAtOnceMax: number;
  /** With less room on the disk no file is added: the ledgers need it. */
  readonly attachmentsFreeBytesMin: number;
  /** Whether callers from the loopback address are limited as well. */
  readonly isLoopbackLimited: boolean;
  readonly cookieSessionMs: number;
  readonly bearerSessionMs: number;
  /** How long confirmation and set-up links work. */
  readonly linkMs: number;
  /** How long a link to choose a new password works. */
  readonly resetLinkMs: number;
  /** How long a change of address can be undone. */
  readonly addressUndoMs: number;
  /** From asking for a deletion to doing it. */
  readonly deletionMs: number;
  readonly bodyBytesMax: number;
  /** Open pages that hear of changes, in all and of one account; more ask again and again. */
  readonly streamsMax: number;
  readonly streamsPerAccountMax: number;
  /** Later than this the portal refuses with BUSY until it has caught up; 0: never. */
  readonly eventLoopDelayMsMax: number;
}

const HOUR_MS = 3_600_000;

export const portalLimits: PortalLimits = {
  applicationsMax: 5,
  loginsPerMinutePerAddress: 60,
  loginsPerMinutePerAccount: 10,
  guessesPerHourPerAccount: 100,
  registrationsPerMinutePerAddress: 30,
  registrationsPerHourPerEmail: 5,
  entriesPerMinutePerAddress: 60,
  rankingsPerMinutePerAddress: 1200,
  listsPerMinutePerAddress: 30,
  deviceCodesPerMinutePerAddress: 20,
  devicePollsPerMinutePerAddress: 600,
  deviceTriesPerMinutePerAccount: 10,
  practicePerMinutePerAccount: 20,
  openIdAnswerMsMax: 5000,
  uploadsPerMinutePerAccount: 60,
  uploadsAtOnceMax: 32,
  attachmentsFreeBytesMin: 2 * 1024 ** 3,
  isLoopbackLimited: true,
  cookieSessionMs: 12 * HOUR_MS,
  bearerSessionMs: 48 * HOUR_MS,
  linkMs: 72 * HOUR_MS,
  resetLinkMs: HOUR_MS / 2,
  addressUndoMs: 7 * 24 * HOUR_MS,
  deletionMs: 7 * 24 * HOUR_MS,
  bodyBytesMax: 262_144,
  streamsMax: 12_000,
  streamsPerAccountMax: 8,
  eventLoopDelayMsMax: 3000,
};

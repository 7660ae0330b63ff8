/** What a self-test is given: portal, sockets, and what this computer can tell of itself. */
import type { NtpAnswer } from '#protocol/ntp-packet.ts';
import type { Language } from '#protocol/portal-api.ts';
import type {
  CheckResult,
  ClientClock,
  ClientRandom,
  ClientTimers,
  OpenSocket,
} from '../core/index.ts';
import type { Portal } from '../portal.ts';

export type SelfTestPortal = Pick<
  Portal,
  'time' | 'session' | 'gates' | 'downloads' | 'practice' | 'practiceLine' | 'practiceReceipt'
>;

/** A server's certificate, whoever signed it. */
export interface Certificate {
  readonly validToMs: number;
  /** Why it is not believed; undefined when it is. */
  readonly trouble: string | undefined;
}

export interface DiskFacts {
  readonly path: string;
  readonly freeBytes: number;
  /** How long a written line took to reach the disk, in the middle of some. */
  readonly syncMs: number;
}

export interface PowerFacts {
  /** `none`: a computer without a battery. */
  readonly supply: 'mains' | 'battery' | 'none' | 'unknown';
  /** Minutes until it goes to sleep by itself while plugged in; 0: never. Undefined: not known. */
  readonly sleepsAfterMinutes?: number;
}

/** An answer of a time server with our own instants around it. */
export type NtpExchange = NtpAnswer & {
  readonly sentAtUs: number;
  readonly receivedAtUs: number;
};

/** What this computer can tell; Node's is in `node/self-test-host.ts`. */
export interface SelfTestHost {
  /** Rejects when nobody answers there. */
  certificate(url: string): Promise<Certificate>;
  /** One question to `host:port`; undefined without an answer. On `clock`'s time. */
  askNtp(server: string): Promise<NtpExchange | undefined>;
  /** Throws when the directory cannot be written. */
  disk(): Promise<DiskFacts>;
  power(): Promise<PowerFacts>;
  /** Variables that name a proxy, as `NAME=value`. */
  proxies(): readonly string[];
  /** Which build this is; undefined when it runs from its sources. */
  readonly build: { readonly version: string; readonly target: string } | undefined;
  /** Keeps the receipt of a practice with a gate in the place of the last; gives where. */
  keepReceipt(gate: string, pdf: Uint8Array): string;
}

export interface SelfTestParts {
  readonly language: Language;
  /** Of the portal, as the person named it. */
  readonly portalUrl: string;
  readonly portal: SelfTestPortal;
  /** Gates instead of those that the portal names; also used when it names none. */
  readonly gates?: readonly string[];
  /** Of the next click day, if it is prepared: with them a gate can be greeted without practice. */
  readonly passbooks?: readonly string[];
  /** `host[:port]`; left out: those of INRIM. */
  readonly ntpServers?: readonly string[];
  readonly openSocket: OpenSocket;
  readonly clock: ClientClock;
  readonly timers: ClientTimers;
  readonly random: ClientRandom;
  /** The computer's own time of day. */
  readonly wallNowUs: () => number;
  readonly host: SelfTestHost;
  /** Told of each result as it comes. */
  readonly onResult?: (result: CheckResult) => void;
}

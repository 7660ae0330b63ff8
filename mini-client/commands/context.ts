/** What every command is given, so that tests run a command without a process of its own. */
import type { Command } from 'commander';
import type { Language } from '#protocol/portal-api.ts';
import type { ClientClock, ClientRandom, ClientTimers, OpenSocket } from '../core/index.ts';
import type { ClientDirectory } from '../node/directory.ts';
import type { Output } from '../output.ts';
import { Portal } from '../portal.ts';
import type { TextKey } from '../texts.ts';

export interface CommandContext {
  readonly output: Output;
  readonly directory: ClientDirectory;
  readonly language: Language;
  /** Address named on the command line or in the environment. */
  readonly portalUrl: string | undefined;
  /** Where proxies are named. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly fetch: typeof fetch;
  readonly openSocket: OpenSocket;
  readonly clock: ClientClock;
  readonly wallNowUs: () => number;
  readonly timers: ClientTimers;
  readonly random: ClientRandom;
  readonly pause: (ms: number) => Promise<void>;
  /** Aborted when the person interrupts. */
  readonly interrupted: AbortSignal;
}

/** Done, or a check failed or an operation was refused. Wrong usage (2) is the parser's. */
export type ExitCode = 0 | 1;

/** What a command does with its context. */
export type Work = (context: CommandContext) => Promise<ExitCode>;

/**
 * Runs the work of a parsed command line, once for each account asked for, `isTogether` all at the
 * same time; a refusal becomes a sentence and an exit status.
 */
export type Execute = (command: Command, work: Work, isTogether?: boolean) => Promise<void>;

/** An operation that cannot go on; its text is for a person. `exitCode` 2: wrong usage. */
export class Refusal extends Error {
  readonly key: TextKey;
  readonly values: Readonly<Record<string, string | number>>;
  readonly exitCode: 1 | 2;

  constructor(
    key: TextKey,
    values: Readonly<Record<string, string | number>> = {},
    exitCode: 1 | 2 = 1,
  ) {
    super(key);
    this.name = 'Refusal';
    this.key = key;
    this.values = values;
    this.exitCode = exitCode;
  }
}

/** The portal with the stored session. Refuses when there is none. */
export function portalOfSession(context: CommandContext): Portal {
  const session = context.directory.session();
  if (session === undefined) throw new Refusal('notLoggedIn');
  const { language, fetch, pause } = context;
  return new Portal({ url: session.portal, token: session.token, language, fetch, pause });
}

/** The portal without a session. Refuses an address that is none. */
export function portalNamed(context: CommandContext): Portal {
  const url = context.portalUrl;
  if (url === undefined) throw new Refusal('portalMissing', {}, 2);
  if (!/^https?:$/.test(schemeOf(url))) throw new Refusal('portalUrlBad', { url }, 2);
  const { language, fetch, pause } = context;
  return new Portal({ url, language, fetch, pause });
}

/** The addresses as given. Refuses what is no WebSocket address. */
export function gateAddresses(urls: readonly string[]): readonly string[] {
  for (const url of urls) {
    if (!/^wss?:$/.test(schemeOf(url))) throw new Refusal('gateUrlBad', { url }, 2);
  }
  return urls;
}

function schemeOf(url: string): string {
  return URL.canParse(url) ? new URL(url).protocol : '';
}

/**
 * What every part of the page's program works with: the model, the files, official time, and a way
 * to run the functions of the commands so that the page hears what a terminal would show.
 */
import type { CommandContext, ExitCode } from '../commands/context.ts';
import { type Failure, failureOf } from '../commands/failure.ts';
import type { ClientTimers } from '../core/index.ts';
import type { NamedDirectory } from '../node/accounts.ts';
import { Portal } from '../portal.ts';
import { HeardOutput, type Told } from './heard-output.ts';
import type { PageModel } from './model.ts';
import type { OfficialTime } from './official-time.ts';
import type { PageFiles } from './page-files.ts';

export interface Ran {
  /** Undefined: it could not go on, see `failure`. */
  readonly exitCode: ExitCode | undefined;
  readonly failure: Failure | undefined;
}

export interface RunOptions {
  /** Hears every object, and the sentences said since the one before. */
  readonly hear?: (told: Told, sentences: readonly string[]) => void;
  readonly interrupted?: AbortSignal;
}

export class Workbench {
  /** Of the account; empty: the directory itself. */
  readonly name: string;
  readonly base: CommandContext;
  readonly model: PageModel;
  readonly files: PageFiles;
  readonly time: OfficialTime;

  constructor(parts: {
    readonly base: CommandContext;
    readonly model: PageModel;
    readonly files: PageFiles;
    readonly time: OfficialTime;
    readonly name?: string;
  }) {
    this.name = parts.name ?? '';
    this.base = parts.base;
    this.model = parts.model;
    this.files = parts.files;
    this.time = parts.time;
  }

  /** The same page with the directory of an account. */
  forAccount({ account = '', directory }: NamedDirectory): Workbench {
    const { base, model, files, time } = this;
    return new Workbench({ base: { ...base, directory }, model, files, time, name: account });
  }

  /** Runs the function of a command. A failure is an answer, a defect still throws. */
  async run(
    work: (context: CommandContext) => Promise<ExitCode>,
    { hear, interrupted = this.base.interrupted }: RunOptions = {},
  ): Promise<Ran> {
    const { timers } = this.base;
    const output: HeardOutput = new HeardOutput({
      ...{ language: this.model.state.language, timers },
      hear: (told) => hear?.(told, output.sentences.splice(0)),
    });
    try {
      const exitCode = await work(this.context(output, interrupted));
      return { exitCode, failure: undefined };
    } catch (error) {
      return { exitCode: undefined, failure: failureOf(error, output) };
    }
  }

  context(output: HeardOutput, interrupted: AbortSignal): CommandContext {
    const { language, portal } = this.model.state;
    const { timers } = this.base;
    return {
      ...this.base,
      ...{ output, language, interrupted },
      portalUrl: portal === '' ? undefined : portal,
      pause: (ms) => sleep(timers, ms, interrupted),
    };
  }

  /** The portal without a session; undefined while nobody has named one. */
  openPortal(): Portal | undefined {
    const { language, portal } = this.model.state;
    const isAddress = URL.canParse(portal) && /^https?:$/.test(new URL(portal).protocol);
    return isAddress ? new Portal({ url: portal, language, fetch: this.base.fetch }) : undefined;
  }

  /** The instant, as well as it is known: official, else this computer's. */
  nowUs(): number {
    return this.time.nowUs() ?? this.base.wallNowUs();
  }
}

/** Resolves after `ms`, or at once when it is broken off. */
export function sleep(timers: ClientTimers, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const end = () => {
      cancel();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const cancel = timers.after(ms, end);
    signal.addEventListener('abort', end);
  });
}

/** What every command has: its configuration, words for people, and lines for programs. */
import { type Clock, systemClock, systemTimers, type Timers } from '#engine/clock/index.ts';
import { createLog, type Log } from '#engine/foundation/log.ts';
import { type Random, systemRandom } from '#engine/foundation/random.ts';
import { type DataDirectory, dataDirectory, existingDirectory } from '#engine/store/index.ts';
import type { OutcomeCode } from '#protocol/outcomes.ts';
import { type Config, text } from '../config.ts';

export interface CommandContext {
  readonly config: Config;
  readonly directory: DataDirectory;
  /** The system's clock; the serving processes discipline their own. */
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly log: Log;
}

/** The operation was refused: status 1, and 2 for the code USAGE. */
export class Refused extends Error {
  override name = 'Refused';
  readonly code: OutcomeCode;
  constructor(code: OutcomeCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** The data directory of a command that only reads. Refuses one that is not there. */
export function directoryToRead(config: Config): DataDirectory {
  const path = text(config, 'data');
  const directory = existingDirectory(path);
  if (directory === undefined) {
    throw new Refused('DIRECTORY_MISSING', `${path} is no data directory: name it with --data`);
  }
  return directory;
}

export function commandContext(config: Config, name: string): CommandContext {
  const clock = systemClock();
  return {
    config,
    directory: dataDirectory(text(config, 'data')),
    clock,
    timers: systemTimers(),
    random: systemRandom(clock),
    log: createLog({ name, level: text(config, 'logLevel') }),
  };
}

/** A line for people, on standard error. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** One JSON object for programs, on standard output. */
export function emit(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/** What every command has: its configuration, words for people, and lines for programs. */
import { type Clock, systemClock, systemTimers, type Timers } from '#engine/clock/index.ts';
import { createLog, type Log } from '#engine/foundation/log.ts';
import { type Random, systemRandom } from '#engine/foundation/random.ts';
import { type DataDirectory, dataDirectory, existingDirectory } from '#engine/store/index.ts';
import { type Config, text } from '../config.ts';
import { Refused } from './words.ts';

export { emit, Refused, say } from './words.ts';

export interface CommandContext {
  readonly config: Config;
  readonly directory: DataDirectory;
  /** The system's clock; the serving processes discipline their own. */
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly log: Log;
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

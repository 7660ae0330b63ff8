/** What every part of a simulated world is given. */
import type { Log } from '#engine/foundation/log.ts';
import type { Dice } from './dice.ts';
import type { Evidence } from './evidence.ts';
import type { Mutant } from './mutant.ts';
import type { Papers } from './papers.ts';
import type { Scenario } from './scenario.ts';
import type { Schedule } from './schedule.ts';
import type { Trace } from './trace.ts';

export interface World {
  readonly scenario: Scenario;
  readonly schedule: Schedule;
  readonly dice: Dice;
  readonly trace: Trace;
  readonly evidence: Evidence;
  readonly papers: Papers;
  /** The deliberate bug of this world; none as a rule. */
  readonly mutant: Mutant | undefined;
}

const nothing = () => undefined;

/** A log that nobody reads. */
export const noLog = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  fatal: nothing,
} as unknown as Log;

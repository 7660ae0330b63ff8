/** What is said of one key of the configuration. */
import type { ValueCheck } from './config-checks.ts';

/** One key as `clickday config` prints it. */
export interface ConfigKey {
  /** Property of `Config`. */
  readonly name: string;
  /** `host:port`, `ms`, `path`, … */
  readonly unit: string;
  readonly default: string;
  /** What it does, and what happens when it is too low or too high. */
  readonly effect: string;
  /** True for what must not be shown. */
  readonly secret?: boolean;
  /** A sentence when the text is not a value of this key. */
  readonly check?: ValueCheck;
}

/** A key with its unit, its value when none is given, and its effect. */
export function key(
  name: string,
  unit: string,
  initial: string,
  effect: string,
  check?: ConfigKey['check'],
): ConfigKey {
  return { name, unit, default: initial, effect, ...(check && { check }) };
}

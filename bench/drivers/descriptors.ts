/**
 * How many connections one process may have open. The gate's process has the same limit as this
 * one, which it is a child of; Node has raised it to the most that is allowed.
 */
import { readFileSync } from 'node:fs';

/** Files that a gate or a swarm has open besides its connections, generously. */
const OTHERS = 100;
/** With fewer of the connections a scenario names, it is another scenario. */
const SHARE_MIN = 0.95;

/**
 * `wanted` connections, or as many as the limit of open files leaves; undefined when that is less
 * than 95 %.
 */
export function connectionsWithin(wanted: number, filesMax = openFilesMax()): number | undefined {
  const possible = Math.min(wanted, filesMax - OTHERS);
  return possible < wanted * SHARE_MIN ? undefined : possible;
}

/** This process's limit of open files; infinite where the system does not say (not Linux). */
export function openFilesMax(): number {
  try {
    const limits = readFileSync('/proc/self/limits', 'utf8');
    return Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1] ?? Number.POSITIVE_INFINITY);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

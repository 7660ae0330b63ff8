/**
 * A registry with the numbers of this process: memory, processor, event loop, collections of
 * garbage. Only for the program of a process, once: whoever makes one observes every collection
 * until the process ends, and nothing of what is registered there is ever freed. Rooms register
 * their own numbers in whatever registry they are given.
 */
import { collectDefaultMetrics, Registry } from 'prom-client';

export function processRegistry(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry;
}

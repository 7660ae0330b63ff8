/**
 * What the files of a models directory say of each other: names that must exist, codes that must
 * be unique, answers that a sample must be able to give. Every fault is found, not the first.
 *
 * The last layer is checked; what it refers to may be in any. Layers whose shape is wrong give
 * their faults of shape too, and what depends on a file that was left out is then told as missing.
 */
import { createModels } from '../catalogue.ts';
import type { Fault, Sources } from '../source.ts';
import { checkCalendars } from './calendars.ts';
import { checkCall } from './call.ts';
import { checkDefinitions } from './definitions.ts';
import type { Ground } from './ground.ts';
import { checkPages } from './pages.ts';
import { checkSamples } from './samples.ts';
import { checkTables } from './tables.ts';

/** Everything wrong with the last of `layers`, by file. About 0.2 s for the shipped directory. */
export function checkSources(layers: readonly Sources[]): readonly Fault[] {
  const own = layers.at(-1);
  if (own === undefined) return [];
  const ground: Ground = { own, layers, models: createModels(layers) };
  const found = [
    ...checkCall(ground),
    ...checkDefinitions(ground),
    ...checkPages(ground),
    ...checkTables(ground),
    ...checkCalendars(ground),
  ];
  const faults = [...own.faults, ...found];
  // A sample of a model that cannot be composed would only say the same again.
  return faults.length > 0 ? faults : checkSamples(ground);
}

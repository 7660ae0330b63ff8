/** What every check stands on: the directory to check, all layers, and what they compose to. */
import type { FormDefinition } from '#protocol/forms/index.ts';
import type { Models } from '../catalogue.ts';
import type { Composition, Read, Sources } from '../source.ts';

export interface Ground {
  readonly own: Sources;
  readonly layers: readonly Sources[];
  readonly models: Models;
}

/** Every definition of all layers, composed. */
export function composed({ layers, models }: Ground): readonly FormDefinition[] {
  const all = layers.flatMap((layer) => [...layer.definitions.values()]);
  return all.flatMap(({ content }) => models.get(content.code, content.version) ?? []);
}

/** Definitions of the directory itself with the form they compose to. */
export function ownForms({
  own,
  models,
}: Ground): readonly { read: Read<Composition>; form: FormDefinition }[] {
  return [...own.definitions.values()].flatMap((read) => {
    const form = models.get(read.content.code, read.content.version);
    return form === undefined ? [] : [{ read, form }];
  });
}

/** The values that occur more than once, each once. */
export function repeated(values: readonly string[]): readonly string[] {
  const twice = values.filter((value, index) => values.indexOf(value) !== index);
  return [...new Set(twice)];
}

/** Names of a shipped file that the directory has again: what is published never changes. */
export function shadows({ own, layers }: Ground, part: (layer: Sources) => Iterable<string>) {
  const below = new Set(
    layers.filter((layer) => layer !== own).flatMap((layer) => [...part(layer)]),
  );
  return [...part(own)].filter((name) => below.has(name));
}

/**
 * Opens the models directories: the one that ships and, when it is named, the call's own. The
 * latter is checked whole before anything is served with it.
 */
import { existsSync, realpathSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createModels, type Models } from './catalogue.ts';
import { checkSources } from './check/index.ts';
import { type Fault, readSources, type Sources } from './source.ts';

/** The directory that ships: the models of the decree of 2010. */
export const SHIPPED_DIRECTORY = fileURLToPath(new URL('.', import.meta.url)).replace(/\/$/, '');

/** A models directory that cannot be used, with everything that is wrong with it. */
export class ModelsInvalid extends Error {
  override name = 'ModelsInvalid';
  readonly faults: readonly Fault[];
  constructor(directory: string, faults: readonly Fault[]) {
    const lines = faults.map(faultLine);
    super(`${directory} is no usable models directory:\n${lines.join('\n')}`);
    this.faults = faults;
  }
}

/** A fault as a person reads it: file, place, sentence. */
export function faultLine({ file, path, message }: Fault): string {
  return `${file}${path === '' ? '' : ` ${path}`}: ${message}`;
}

/**
 * The models that ship, or those of the call in `directory` over them. Costs about 30 ms, most of
 * it for the comuni. Throws ModelsInvalid.
 */
export function loadModels(directory = ''): Models {
  const layers = openLayers(directory === '' ? SHIPPED_DIRECTORY : directory);
  const own = layers.at(-1);
  const faults = directory === '' || own === undefined ? [] : checkSources(layers);
  if (faults.length > 0) throw new ModelsInvalid(directory, faults);
  return createModels(layers);
}

/** Everything wrong with a directory; empty when it can be used. Throws when it is not there. */
export function modelsFaults(directory: string): readonly Fault[] {
  return checkSources(openLayers(directory));
}

/** The layers of a directory, the shipped one below it unless it is that itself. */
function openLayers(directory: string): readonly Sources[] {
  if (!existsSync(directory) || !statSync(directory).isDirectory()) {
    const message = 'there is no such directory';
    throw new ModelsInvalid(directory, [{ file: directory, path: '', message }]);
  }
  const isShipped = realpathSync(directory) === realpathSync(SHIPPED_DIRECTORY);
  const shipped = readSources(SHIPPED_DIRECTORY, { trusted: true });
  return isShipped ? [readSources(directory)] : [shipped, readSources(directory)];
}

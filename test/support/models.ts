/** The models that ship, opened once for all tests of a file; they never change. */
import { loadModels, type SampleWish, sampleApplication } from '#engine/portal/models/index.ts';
import type { FormDefinition } from '#protocol/forms/index.ts';

export const models = loadModels();

/** A model that is there. */
export function formOf(code: string, version?: number): FormDefinition {
  const form = models.get(code, version);
  if (form === undefined) throw new Error(`no model ${code}`);
  return form;
}

/** One application of the models that ship. */
export const sampleOf = (wish: SampleWish) => sampleApplication(models, wish);

/**
 * Samples: every offered model has them, every page a recipe, and what they make is right. A
 * rehearsal of the call is played with them, so a call whose samples are wrong cannot be rehearsed.
 */
import { seededRandom } from '#engine/foundation/random.ts';
import { type FormDefinition, validateAll } from '#protocol/forms/index.ts';
import { competentOffice } from '../competence.ts';
import { sampleApplication } from '../sample.ts';
import type { Fault } from '../source.ts';
import type { Ground } from './ground.ts';

/** Enough for every branch of a recipe to be taken, and done in a tenth of a second. */
const SAMPLES_A_MODEL = 40;
const TODAY = '2011-01-17';
const NO_TIME = { nowUs: () => 0 };

export function checkSamples(ground: Ground): readonly Fault[] {
  const { own, models } = ground;
  if (own.groups === undefined) {
    return [
      { file: 'groups.json', path: '', message: 'is missing: it says which samples to make' },
    ];
  }
  const { file, content } = own.groups;
  const named = new Set(content.groups.flatMap((group) => group.models.map(([code]) => code)));
  const unknown = [...named].filter((code) => models.get(code) === undefined);
  const none = models.call.offers.filter((code) => !named.has(code));
  return [
    ...unknown.map((code) => ({ file, path: '/groups', message: `there is no model ${code}` })),
    ...none.map((code) => ({ file, path: '/groups', message: `has no samples of ${code}` })),
    ...models.list().flatMap((form) => (none.includes(form.code) ? [] : checkModel(ground, form))),
  ];
}

function checkModel({ models }: Ground, form: FormDefinition): Fault[] {
  const names = models.pageNames(form.code, form.version);
  const missing = names.filter((name) => models.recipe(name) === undefined);
  if (missing.length > 0) {
    return missing.map((name) => ({
      file: `samples/${name}.json`,
      path: '',
      message: `is missing: it says how the page is answered in samples of ${form.code}`,
    }));
  }
  const random = seededRandom(`samples of ${form.code}`, NO_TIME);
  for (let index = 0; index < SAMPLES_A_MODEL; index += 1) {
    const fault = checkOne(models, form, random);
    if (fault !== undefined) return [fault];
  }
  return [];
}

function checkOne(
  models: Ground['models'],
  form: FormDefinition,
  random: ReturnType<typeof seededRandom>,
): Fault | undefined {
  const names = models.pageNames(form.code, form.version);
  try {
    const { values } = sampleApplication(models, { random, todayIso: TODAY, model: form.code });
    const context = { todayIso: TODAY, tables: models.tables };
    const [error] = validateAll(form, values, context);
    if (error !== undefined) {
      const file = `samples/${names[(error.page ?? 1) - 1]}.json`;
      const found = JSON.stringify(values[error.field]) ?? 'no answer';
      return {
        file,
        path: '',
        message: `${error.field} ${error.code} in model ${form.code}: ${found}`,
      };
    }
    if (competentOffice(models, form, values) !== undefined) return undefined;
    return { file: 'groups.json', path: '', message: `a sample of ${form.code} has no office` };
  } catch (error) {
    return { file: 'samples', path: '', message: `${form.code}: ${(error as Error).message}` };
  }
}

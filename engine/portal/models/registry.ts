/**
 * The models that can be filled in: definitions composed from their pages, every version kept.
 *
 * Pages are files of their own because two models share some. A published version never changes;
 * a change is a new file, so an old application is for ever read with the form it was written in.
 */
import type { FormDefinition, FormPage } from '#protocol/forms/index.ts';
import definitionA1 from './definitions/a-1.json' with { type: 'json' };
import definitionB1 from './definitions/b-1.json' with { type: 'json' };
import company1 from './pages/company-1.json' with { type: 'json' };
import employerPerson1 from './pages/employer-person-1.json' with { type: 'json' };
import incomeDomestic1 from './pages/income-domestic-1.json' with { type: 'json' };
import incomeEmployed1 from './pages/income-employed-1.json' with { type: 'json' };
import jobDomestic1 from './pages/job-domestic-1.json' with { type: 'json' };
import jobEmployed1 from './pages/job-employed-1.json' with { type: 'json' };
import placeDomestic1 from './pages/place-domestic-1.json' with { type: 'json' };
import placeEmployed1 from './pages/place-employed-1.json' with { type: 'json' };
import representative1 from './pages/representative-1.json' with { type: 'json' };
import worker1 from './pages/worker-1.json' with { type: 'json' };

type Subject = Omit<FormPage, 'number'>;
type Composition = Omit<FormDefinition, 'pages'> & { readonly pages: readonly string[] };

/** The compiler sees JSON with wide types ("string"); the tests walk what it cannot see. */
const subjects = {
  'company-1': company1,
  'employer-person-1': employerPerson1,
  'income-domestic-1': incomeDomestic1,
  'income-employed-1': incomeEmployed1,
  'job-domestic-1': jobDomestic1,
  'job-employed-1': jobEmployed1,
  'place-domestic-1': placeDomestic1,
  'place-employed-1': placeEmployed1,
  'representative-1': representative1,
  'worker-1': worker1,
} as unknown as Readonly<Record<string, Subject>>;

const compositions: readonly Composition[] = [definitionA1, definitionB1];
const definitions: readonly FormDefinition[] = compositions.map(compose);

/** The newest version of every model, in the order of their codes. */
export function listModels(): readonly FormDefinition[] {
  return definitions.filter((one) => getModel(one.code) === one);
}

/** A model by its code, in the given version or the newest; undefined when there is none. */
export function getModel(code: string, version?: number): FormDefinition | undefined {
  const versions = definitions.filter((one) => one.code === code);
  if (version !== undefined) return versions.find((one) => one.version === version);
  return versions.reduce<FormDefinition | undefined>(
    (newest, one) => (newest === undefined || one.version > newest.version ? one : newest),
    undefined,
  );
}

function compose(composition: Composition): FormDefinition {
  const pages = composition.pages.map((name, index) => {
    const subject = subjects[name];
    if (subject === undefined) throw new Error(`model ${composition.code}: no page ${name}`);
    return { number: index + 1, ...subject };
  });
  return { ...composition, pages };
}

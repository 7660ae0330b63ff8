/**
 * Warns of rows that are about the same worker and employer as another: in the file, or among the
 * applications that the organisation has already. Titles find the candidates, answers decide.
 */
import type { FormDefinition, FormValues } from '#protocol/forms/index.ts';
import type { Database } from '../../store/database/index.ts';
import { applicationStore, mergedValues } from '../applications/store.ts';
import { applicationTitle, type Models } from '../models/index.ts';
import type { Finding } from './judge.ts';
import { partyKeys } from './parties.ts';

interface DoublesParts {
  readonly database: Database;
  readonly models: Models;
  readonly form: FormDefinition;
  readonly organisation: string;
}

/** Looked at for one row; a title that more applications have is a title by chance. */
const CANDIDATES_MAX = 20;

/** Remembers the rows it was shown: one for each file. Holds a few keys a row. */
export function createDoubles(parts: DoublesParts) {
  const seen = new Map<string, number>();
  return (number: number, values: FormValues): Finding[] => {
    const keys = partyKeys(parts.form, values);
    const earlier = keys.map((key) => seen.get(key)).find((row) => row !== undefined);
    for (const key of keys) if (!seen.has(key)) seen.set(key, number);
    if (earlier !== undefined) return [inFile(earlier)];
    return keys.length > 0 && hasOwn(parts, values, keys) ? [AMONG_OWN] : [];
  };
}

function hasOwn(parts: DoublesParts, values: FormValues, keys: readonly string[]): boolean {
  const { database, models, form } = parts;
  const title = applicationTitle(form, values);
  const store = applicationStore(database);
  return candidates(parts, title).some(({ id, model, model_version }) => {
    const written = models.get(model, model_version);
    if (written === undefined) return false;
    return partyKeys(written, mergedValues(store.pages(id))).some((key) => keys.includes(key));
  });
}

function candidates({ database: { all, build }, organisation }: DoublesParts, title: string) {
  const query = build.selectFrom('applications').select(['id', 'model', 'model_version']);
  return all(
    query.where('title', '=', title).where('organisation', '=', organisation).limit(CANDIDATES_MAX),
  );
}

function inFile(row: number): Finding {
  return {
    kind: 'warning',
    field: '',
    code: 'REPEATED_IN_FILE',
    messages: {
      it: `Stesso lavoratore e stesso datore di lavoro della riga ${row}: tieni una sola delle due.`,
      en: `The same worker and employer as in row ${row}: keep only one of the two.`,
    },
  };
}

const AMONG_OWN: Finding = {
  kind: 'warning',
  field: '',
  code: 'REPEATED_AMONG_OWN',
  messages: {
    it: 'Avete già una domanda per questo lavoratore e questo datore di lavoro: controlla prima di importare.',
    en: 'You have an application for this worker and this employer already: check before you import.',
  },
};

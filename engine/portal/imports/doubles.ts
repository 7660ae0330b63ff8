/**
 * Warns of rows that are about the same worker and employer as another: in the file, or among the
 * applications that the organisation has already. What makes two the same is decided in one place
 * for imports and forms (drafting/sameness.ts).
 */
import type { FormDefinition, FormValues } from '#protocol/forms/index.ts';
import type { Database } from '../../store/database/index.ts';
import { hasAlike, samenessKeys } from '../drafting/sameness.ts';
import type { Finding } from './judge.ts';

interface DoublesParts {
  readonly database: Database;
  readonly form: FormDefinition;
  readonly organisation: string;
}

/** Remembers the rows it was shown: one for each file. Holds a few keys a row. */
export function createDoubles(parts: DoublesParts) {
  const seen = new Map<string, number>();
  return (number: number, values: FormValues): Finding[] => {
    const keys = samenessKeys(parts.form, values);
    const earlier = keys.map((key) => seen.get(key)).find((row) => row !== undefined);
    for (const key of keys) if (!seen.has(key)) seen.set(key, number);
    if (earlier !== undefined) return [inFile(earlier)];
    return hasAlike(parts.database, { keys, organisation: parts.organisation }) ? [AMONG_OWN] : [];
  };
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

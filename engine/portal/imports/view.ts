/** Imports and what is said about their rows, as their owners see them. */
import type { FormDefinition, Texts } from '#protocol/forms/index.ts';
import type { ImportFinding, ImportView } from '#protocol/imports-api.ts';
import { outcomes } from '#protocol/outcomes.ts';
import { isoFromUs } from '#protocol/time.ts';
import type { KeptHeader } from './check.ts';
import { columnLetters, columnsOf } from './columns.ts';
import type { Finding } from './judge.ts';
import type { ImportedRow, ImportRow, RowCount } from './store.ts';

const UNKNOWN_SHOWN_MAX = 20;
const NO_HEADER: KeptHeader = { cells: [], fields: [], unknown: [], missing: [] };
const NO_LABEL: Texts = { it: '', en: '' };

export function importView(
  row: ImportRow,
  form: FormDefinition,
  counts: readonly RowCount[],
): ImportView {
  const header = headerOf(row);
  const labels = labelsOf(form);
  return {
    id: row.id,
    model: row.model,
    modelVersion: row.model_version,
    fileName: row.file_name,
    state: row.state as ImportView['state'],
    failure: row.failure === null ? null : failureView(row.failure),
    makeReady: row.make_ready === 1,
    rows: countsView(counts),
    unknownColumns: header.unknown.slice(0, UNKNOWN_SHOWN_MAX),
    missingColumns: header.missing.map((field) => ({
      field,
      label: labels.get(field) ?? NO_LABEL,
    })),
    createdAt: isoFromUs(row.created_at_us),
    updatedAt: isoFromUs(row.updated_at_us),
  };
}

/** One line for each thing about a row. */
export function findingLines(
  job: ImportRow,
  form: FormDefinition,
  rows: readonly ImportedRow[],
): ImportFinding[] {
  const { fields } = headerOf(job);
  const labels = labelsOf(form);
  return rows.flatMap(({ number, findings_json }) =>
    (JSON.parse(findings_json) as Finding[]).map(({ kind, field, code, messages }) => {
      const index = field === '' ? -1 : fields.indexOf(field);
      const column = index < 0 ? '' : columnLetters(index);
      return {
        row: number,
        column,
        field,
        label: labels.get(field) ?? NO_LABEL,
        kind,
        code,
        messages,
      };
    }),
  );
}

/** The header as it was written; empty while the file is not read. */
export function headerOf({ header_json }: ImportRow): KeptHeader {
  return { ...NO_HEADER, ...(JSON.parse(header_json) as Partial<KeptHeader>) };
}

function labelsOf(form: FormDefinition): ReadonlyMap<string, Texts> {
  return new Map(columnsOf(form).map(({ field, label }) => [field, label]));
}

function failureView(code: string): ImportView['failure'] {
  const { it, en } = outcomes[code as keyof typeof outcomes];
  return { code, messages: { it, en } };
}

function countsView(counts: readonly RowCount[]): ImportView['rows'] {
  const sum = (chosen: (count: RowCount) => boolean) =>
    counts.filter(chosen).reduce((total, { count }) => total + count, 0);
  const of = (state: string) => sum((each) => each.state === state);
  return {
    checked: sum(() => true),
    valid: of('valid'),
    wrong: of('wrong'),
    warned: sum(({ state, has_findings }) => state !== 'wrong' && has_findings === 1),
    draft: of('draft'),
    ready: of('ready'),
    undone: of('undone'),
    kept: of('kept'),
  };
}

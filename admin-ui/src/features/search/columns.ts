/** The columns of the table: what they are called, how they are sorted and what they show. */
import type { FoundApplication, Sort } from '#protocol/search-api.ts';
import type { Language } from '../../i18n/dictionary.ts';
import { formatShort, formatShortStamp } from '../../i18n/time-format.ts';
import type { SearchWords } from './texts.ts';

export type ColumnId =
  | 'status'
  | 'year'
  | 'clickDay'
  | 'model'
  | 'office'
  | 'nationality'
  | 'employer'
  | 'workerCode'
  | 'employerCode'
  | 'protocol'
  | 'stamp'
  | 'place'
  | 'changed';

/** What the table needs to know of the application to write its cells. */
export interface CellContext {
  readonly language: Language;
  readonly t: SearchWords;
  readonly nameOf: (kind: 'office' | 'nationality' | 'clickDay', code: string) => string;
}

export interface Column {
  readonly id: ColumnId;
  readonly sort?: Sort;
  readonly text: (application: FoundApplication, context: CellContext) => string;
}

export const columns: readonly Column[] = [
  { id: 'status', text: ({ status }, { t }) => statusText(status, t) },
  { id: 'model', text: ({ model }) => model },
  { id: 'year', text: ({ found }) => String(found?.year ?? '') },
  {
    id: 'clickDay',
    text: ({ clickDay }, { nameOf }) => (clickDay ? nameOf('clickDay', clickDay) : ''),
  },
  { id: 'office', text: ({ office }, { nameOf }) => (office ? nameOf('office', office) : '') },
  {
    id: 'nationality',
    text: ({ found }, { nameOf }) =>
      found?.nationality ? nameOf('nationality', found.nationality) : '',
  },
  { id: 'employer', text: ({ found }) => found?.employer ?? '' },
  { id: 'workerCode', text: ({ found }) => found?.workerCodiceFiscale ?? '' },
  { id: 'employerCode', text: ({ found }) => found?.employerCodiceFiscale ?? '' },
  { id: 'protocol', text: ({ submission }) => submission?.protocol ?? '' },
  {
    id: 'stamp',
    sort: 'stamp',
    text: ({ submission }, { language }) =>
      submission ? formatShortStamp(submission.stamp, language) : '',
  },
  {
    id: 'place',
    sort: 'place',
    text: ({ submission }, { language }) =>
      submission?.place ? numberFormat(language).format(submission.place) : '',
  },
  {
    id: 'changed',
    sort: 'changed',
    text: ({ updatedAt }, { language }) => formatShort(updatedAt, language),
  },
];

/** Shown until somebody chooses others. */
export const firstColumns: readonly ColumnId[] = [
  'status',
  'model',
  'clickDay',
  'office',
  'nationality',
  'employer',
  'stamp',
];

export function isColumn(id: unknown): id is ColumnId {
  return columns.some((column) => column.id === id);
}

export function numberFormat(language: Language): Intl.NumberFormat {
  return new Intl.NumberFormat(language === 'it' ? 'it-IT' : 'en-GB');
}

/** The word of a status; a status without one stands for itself. */
export function statusText(status: string, t: SearchWords): string {
  const word = `status_${status}`;
  return word in t ? String(t[word as keyof SearchWords]) : status;
}

/** Applications of earlier years as files carry them: the columns of CSV, the members of NDJSON. */

/** What happened to an application of an earlier year. */
export const HISTORY_STATUSES = ['submitted', 'granted', 'refused', 'withdrawn'] as const;

export interface HistoryColumn {
  readonly name: string;
  readonly isRequired: boolean;
  readonly what: string;
}

const column = (name: string, what: string, isRequired = false): HistoryColumn => ({
  ...{ name, what, isRequired },
});

/** All columns, in no order that is asked for. */
export const historyColumns: readonly HistoryColumn[] = [
  column('year', 'of the decree, from 2000 on', true),
  column('protocol', 'number, unique within its year', true),
  column('model', 'code of the form, for example A', true),
  column('status', HISTORY_STATUSES.join(', '), true),
  column('stamp', 'when it was received, ISO 8601 with Z or an offset', true),
  column('office', 'province code, for example RM', true),
  column('nationality', 'state code of the worker, for example MA', true),
  column('workerSurname', 'family name of the worker, or of who applies for themselves', true),
  column('workerName', 'given name'),
  column('workerCodiceFiscale', '16 signs'),
  column('employer', 'company, or family name and given name'),
  column('employerCodiceFiscale', '16 signs, or 11 digits'),
  column('clickDay', 'day on which it was sent, or what it was called'),
  column('decree', 'code of the decree, for example flussi-2007'),
  column('place', 'in the order of receipt'),
  column('sender', 'e-mail address of who sent it: a person with it finds it'),
  column('senderCode', 'tax code of the organisation that sent it: its members alone find it'),
  column('changed', 'when its status last changed, ISO 8601 (default: the stamp)'),
];

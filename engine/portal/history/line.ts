/**
 * One application of an earlier year as a line of a file, and what is asked of it. Codes are those
 * of the forms' tables; a code of a refusal is for ever, since reports are compared.
 */
import { createHash } from 'node:crypto';
import { hasValidCheckLetter } from '#protocol/forms/index.ts';
import { HISTORY_STATUSES, historyColumns } from '#protocol/history.ts';
import { usFromIso } from '#protocol/time.ts';
import type { SearchTable } from '../../store/database/index.ts';
import type { Models } from '../models/index.ts';

export type RefusalCode =
  | 'LINE_UNREADABLE'
  | 'VALUE_MISSING'
  | 'VALUE_TOO_LONG'
  | 'YEAR_INVALID'
  | 'PROTOCOL_INVALID'
  | 'MODEL_INVALID'
  | 'STATUS_UNKNOWN'
  | 'INSTANT_INVALID'
  | 'STAMP_OUTSIDE_YEAR'
  | 'OFFICE_UNKNOWN'
  | 'NATIONALITY_UNKNOWN'
  | 'CODICE_FISCALE_INVALID'
  | 'PLACE_INVALID'
  | 'SENDER_INVALID';

/** Why a line was refused, and because of which column; null: because of the line itself. */
export interface LineFault {
  readonly code: RefusalCode;
  readonly column: string | null;
}

/** A line by its columns; empty and absent are the same. */
export type HistoryRecord = Readonly<Record<string, string>>;
export type HistoryRow = Omit<SearchTable, 'n' | 'revision' | 'account' | 'organisation'> & {
  readonly id: string;
};

const LENGTH_MAX = 200;
const YEAR = /^20\d{2}$/;
const MODEL = /^[A-Z0-9][A-Z0-9-]{0,19}$/;
const PROTOCOL = /^[\p{L}\d./-]{1,64}$/u;
const COMPANY = /^\d{11}$/;
const EMAIL = /^[^\s@]{1,64}@[^\s@.]+(\.[^\s@.]+)+$/;
const PLACE = /^[1-9]\d{0,8}$/;
const STATUSES: ReadonlySet<string> = new Set(HISTORY_STATUSES);
const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const ID_TIME_LENGTH = 10;
const ID_REST_LENGTH = 16;

/** Checks lines against the tables of `models`. */
export function historyReader(models: Pick<Models, 'table'>) {
  const offices = new Set(models.table('provinces')?.rows.map(({ code }) => code));
  const countries = new Set(models.table('countries')?.rows.map(({ code }) => code));
  return (record: HistoryRecord): HistoryRow | LineFault => {
    const fault = faultOf(record, { offices, countries });
    return fault ?? rowOf(record);
  };
}

function faultOf(
  record: HistoryRecord,
  known: { readonly offices: ReadonlySet<string>; readonly countries: ReadonlySet<string> },
): LineFault | undefined {
  for (const { name, isRequired } of historyColumns) {
    const length = record[name]?.length ?? 0;
    if (isRequired && length === 0) return { code: 'VALUE_MISSING', column: name };
    if (length > LENGTH_MAX) return { code: 'VALUE_TOO_LONG', column: name };
  }
  const text = (name: string) => record[name] ?? '';
  const is = (name: string, isRight: (value: string) => boolean) =>
    text(name) === '' || isRight(text(name));
  const isInstant = (value: string) => !Number.isNaN(usFromIso(value));
  const checks: readonly (readonly [string, (value: string) => boolean, RefusalCode])[] = [
    ['year', (value) => YEAR.test(value), 'YEAR_INVALID'],
    ['protocol', (value) => PROTOCOL.test(value), 'PROTOCOL_INVALID'],
    ['model', (value) => MODEL.test(value), 'MODEL_INVALID'],
    ['status', (value) => STATUSES.has(value), 'STATUS_UNKNOWN'],
    ['stamp', isInstant, 'INSTANT_INVALID'],
    ['changed', isInstant, 'INSTANT_INVALID'],
    ['stamp', (value) => isOfYear(value, text('year')), 'STAMP_OUTSIDE_YEAR'],
    ['office', (value) => known.offices.has(value), 'OFFICE_UNKNOWN'],
    ['nationality', (value) => known.countries.has(value), 'NATIONALITY_UNKNOWN'],
    ['workerCodiceFiscale', isPersonal, 'CODICE_FISCALE_INVALID'],
    ['employerCodiceFiscale', isTaxCode, 'CODICE_FISCALE_INVALID'],
    ['senderCode', isTaxCode, 'CODICE_FISCALE_INVALID'],
    ['place', (value) => PLACE.test(value), 'PLACE_INVALID'],
    ['sender', (value) => EMAIL.test(value), 'SENDER_INVALID'],
  ];
  const wrong = checks.find(([name, isRight]) => !is(name, isRight));
  return wrong && { code: wrong[2], column: wrong[0] };
}

/** Applications of a decree came in its year and the one after. */
function isOfYear(stamp: string, year: string): boolean {
  const received = new Date(usFromIso(stamp) / 1000).getUTCFullYear();
  return received === Number(year) || received === Number(year) + 1;
}

function isPersonal(code: string): boolean {
  return hasValidCheckLetter(code.toUpperCase());
}

function isTaxCode(code: string): boolean {
  return COMPANY.test(code) || isPersonal(code);
}

function rowOf(record: HistoryRecord): HistoryRow {
  const maybe = (name: string) => record[name] || null;
  const text = (name: string) => record[name] ?? '';
  const stampUs = usFromIso(text('stamp'));
  const [surname, name] = [text('workerSurname'), text('workerName')];
  return {
    id: historyId(text('year'), text('protocol')),
    is_history: 1,
    sender: text('sender').toLowerCase() || null,
    sender_code: text('senderCode').toUpperCase() || null,
    year: Number(record.year),
    decree: maybe('decree'),
    model: text('model'),
    status: text('status'),
    click_day: maybe('clickDay'),
    office: text('office'),
    nationality: text('nationality'),
    title: `${surname.toLocaleUpperCase('it')} ${name}`.trim(),
    worker: `${surname} ${name}`.trim(),
    worker_cf: maybe('workerCodiceFiscale')?.toUpperCase() ?? null,
    employer: text('employer'),
    employer_cf: maybe('employerCodiceFiscale')?.toUpperCase() ?? null,
    protocol: text('protocol'),
    stamp_us: stampUs,
    place: record.place ? Number(record.place) : null,
    created_us: stampUs,
    changed_us: record.changed ? usFromIso(record.changed) : stampUs,
  };
}

/**
 * A ULID of an application of an earlier year: the beginning of the year, and 80 bits of the
 * SHA-256 of year and protocol number. The same application has the same in every file.
 */
export function historyId(year: string, protocol: string): string {
  const bytes = createHash('sha256').update(`${year}\n${protocol}`).digest();
  const rest = BigInt(`0x${bytes.subarray(0, 10).toString('hex')}`);
  return base32(BigInt(Date.UTC(Number(year), 0)), ID_TIME_LENGTH) + base32(rest, ID_REST_LENGTH);
}

function base32(number: bigint, length: number): string {
  let text = '';
  for (let left = number; text.length < length; left >>= 5n) {
    text = CROCKFORD.charAt(Number(left & 31n)) + text;
  }
  return text;
}

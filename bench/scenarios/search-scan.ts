/** The same search as a loop over the lines of a file: a second opinion, without the engine. */
import type { HistoryLine } from '#test/support/history.ts';

export interface Question {
  readonly filters: Readonly<Record<string, string>>;
  /** `-` before it: descending. */
  readonly sort: string;
}

/** What of a line is asked for, as it is compared. */
export interface ScannedLine {
  readonly at: number;
  readonly line: Readonly<Record<string, string>>;
  readonly worker: readonly string[];
  readonly employer: readonly string[];
  readonly name: string;
  readonly stampUs: number;
}

const SORT_LETTERS = 22;
const FILTERS: readonly Readonly<Record<string, string>>[] = [
  {},
  { year: '2007' },
  { year: '2010', office: 'MI' },
  { office: 'RM' },
  { office: 'MI,BS,BG', nationality: 'BD' },
  { nationality: 'SO' },
  { model: 'A', status: 'granted' },
  { decree: 'flussi-2007', model: 'B', office: 'NA' },
  { clickDay: '2011-02-02', nationality: 'UA' },
  { year: '2008,2009', status: 'refused,withdrawn' },
  { year: '2007', clickDay: '2011-01-31' },
  { from: '2011-01-31', to: '2011-01-31' },
  { from: '2007-12-15', to: '2008-02-01', office: 'TO' },
  { q: 'ricci' },
  { q: 'hossain moh' },
  { q: 'd’amico' },
  { worker: 'el idr', office: 'MI' },
  { worker: 'sing' },
  { employer: 'edil', year: '2010' },
  { employer: 'cooperativa soc', office: 'RM', model: 'B' },
  { protocol: 'P-MI/L/N/2007/' },
  { protocol: 'P-RM/L/N/2010/1' },
  { q: 'zzzz' },
];
const SORTS = ['-changed', 'name', 'stamp', '-place', '-created', '-name'];

/** Each combination of filters in three orders. */
export const QUESTIONS: readonly Question[] = FILTERS.flatMap((filters, at) =>
  [0, 1, 2].map((step) => ({ filters, sort: SORTS[(at + 2 * step + step) % SORTS.length] ?? '' })),
);

export function scannedLine(line: HistoryLine, at: number): ScannedLine {
  const title = `${line.workerSurname} ${line.workerName}`;
  return {
    ...{ at, line: { ...line } },
    ...{ worker: wordsOf(title), employer: wordsOf(line.employer) },
    name: plain(title)
      .replace(/[^a-z]/g, ' ')
      .slice(0, SORT_LETTERS),
    stampUs: Date.parse(line.stamp) * 1000 + Number(line.stamp.slice(-4, -1)),
  };
}

/** Those that all filters leave. */
export function matching(lines: readonly ScannedLine[], { filters }: Question): ScannedLine[] {
  const { q, worker, employer, protocol, from, to, ...lists } = filters;
  const wanted = Object.entries(lists).map(([name, text]) => [name, text.split(',')] as const);
  // Winter time: the click days of these years all lie in it.
  const fromUs = from === undefined ? 0 : Date.parse(`${from}T00:00:00+01:00`) * 1000;
  const toUs = to === undefined ? Number.POSITIVE_INFINITY : nextDayUs(to);
  const begins = (words: readonly string[], text: string | undefined) =>
    text === undefined || wordsOf(text).every((one) => words.some((word) => fits(word, one)));
  return lines.filter(
    ({ line, ...own }) =>
      wanted.every(([name, values]) => values.includes(line[name] ?? '')) &&
      (protocol === undefined || line.protocol?.startsWith(protocol) === true) &&
      own.stampUs >= fromUs &&
      own.stampUs < toUs &&
      begins(own.worker, worker) &&
      begins(own.employer, employer) &&
      begins([...own.worker, ...own.employer], q),
  );
}

/** Protocol numbers of the first page. */
export function pageOf(
  found: readonly ScannedLine[],
  { sort }: Question,
  limit: number,
): (string | undefined)[] {
  const sign = sort.startsWith('-') ? -1 : 1;
  const isName = sort.endsWith('name');
  const isPlace = sort.endsWith('place');
  const key = (each: ScannedLine) => {
    if (isName) return each.name.padEnd(SORT_LETTERS, '\0');
    return isPlace ? Number(each.line.place) : each.stampUs;
  };
  const keyed = found.map((each) => [key(each), each] as const);
  const sorted = keyed.toSorted(([left, one], [right, other]) => {
    if (left === right) return (one.at - other.at) * sign;
    return left < right ? -sign : sign;
  });
  return sorted.slice(0, limit).map(([, { line }]) => line.protocol);
}

/** One letter is a whole word. */
function fits(word: string, typed: string): boolean {
  return typed.length > 1 ? word.startsWith(typed) : word === typed;
}

function nextDayUs(day: string): number {
  return (Date.parse(`${day}T00:00:00+01:00`) + 86_400_000) * 1000;
}

function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

function wordsOf(text: string): string[] {
  return plain(text).match(/[\p{L}\p{N}]+/gu) ?? [];
}

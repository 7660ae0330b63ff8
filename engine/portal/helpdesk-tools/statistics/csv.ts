/** Statistics as a CSV file (RFC 4180): a line each, `measure,of,value`; names as in the API. */
import { csvField } from '#protocol/csv.ts';
import type { DeskStatistics } from '#protocol/desk-tools-api.ts';

type Line = readonly [measure: string, of: string, value: number | null];

/** The text of the file, with a byte order mark for spreadsheet programs. */
export function statisticsCsv(statistics: DeskStatistics): string {
  const lines = linesOf(statistics).map((line) => line.map((each) => csvField(each)).join(','));
  return `\uFEFF${['measure,of,value', ...lines].join('\r\n')}\r\n`;
}

function linesOf(all: DeskStatistics): Line[] {
  const by = (measure: string, counts: Readonly<Record<string, number>>): Line[] =>
    Object.entries(counts).map(([of, count]) => [measure, of, count]);
  const over = (measure: string, pieces: DeskStatistics['opened']): Line[] =>
    pieces.map(({ at, count }) => [measure, at, count]);
  const times = (measure: string, shares: DeskStatistics['solutionMinutes']): Line[] =>
    Object.entries(shares).map(([of, value]) => [measure, of, value]);
  return [
    ['open', '', all.open],
    ...all.openByAge.map(
      ({ hoursUnder, count }): Line => [
        'openByAge',
        hoursUnder === null ? 'older' : `under ${hoursUnder} h`,
        count,
      ],
    ),
    ...by('byKind', all.byKind),
    ...by('byChannel', all.byChannel),
    ...by('byLanguage', all.byLanguage),
    ...times('firstResponseMinutes', all.firstResponseMinutes),
    ...times('solutionMinutes', all.solutionMinutes),
    ['reopened', '', all.reopened],
    ...over('opened', all.opened),
    ...over('closed', all.closed),
  ];
}

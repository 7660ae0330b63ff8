/**
 * Applications of earlier years as CSV, for tests and measurements: the volumes and proportions of
 * the decrees of 2007 and 2010 and the seasonal ones between them (domain notes §8), in made-up
 * names. The same seed gives the same lines.
 */
import people from '#engine/portal/models/sampling/people.json' with { type: 'json' };
import provinces from '#engine/portal/models/tables/provinces.json' with { type: 'json' };
import { codiceFiscaleOf } from '#protocol/forms/index.ts';
import { isoFromUs } from '#protocol/time.ts';

export interface HistoryLine {
  readonly year: string;
  readonly decree: string;
  readonly clickDay: string;
  readonly protocol: string;
  readonly model: string;
  readonly status: string;
  readonly stamp: string;
  readonly place: string;
  readonly office: string;
  readonly nationality: string;
  readonly workerSurname: string;
  readonly workerName: string;
  readonly workerCodiceFiscale: string;
  readonly employer: string;
  readonly employerCodiceFiscale: string;
  readonly sender: string;
}

type Weighted = readonly (readonly [string, number])[];
interface Names {
  readonly M: readonly string[];
  readonly F: readonly string[];
  readonly s: readonly string[];
}

/** A day on which applications of a decree began to arrive. */
interface Day {
  readonly day: string;
  readonly share: number;
  readonly models: Weighted;
}

interface Decree {
  readonly year: string;
  readonly decree: string;
  readonly applications: number;
  readonly days: readonly Day[];
}

const DOMESTIC_MOSTLY: Weighted = [
  ['A', 71],
  ['B', 29],
];
const OTHERS: Weighted = [
  ['VA', 35],
  ['VB', 30],
  ['LS', 10],
  ['LS1', 8],
  ['LS2', 5],
  ['BPS', 12],
];
const SEASONAL: Weighted = [['C-STAG', 1]];

/** Sums to 1.2 million. */
const DECREES: readonly Decree[] = [
  {
    ...{ year: '2007', decree: 'flussi-2007', applications: 740_000 },
    days: [
      { day: '2007-12-15', share: 55, models: DOMESTIC_MOSTLY },
      { day: '2007-12-18', share: 25, models: [['A', 1]] },
      {
        day: '2007-12-21',
        share: 20,
        models: [
          ['B', 80],
          ['VA', 12],
          ['VB', 8],
        ],
      },
    ],
  },
  {
    ...{ year: '2008', decree: 'seasonal-2008', applications: 30_000 },
    days: [{ day: '2008-01-09', share: 1, models: SEASONAL }],
  },
  {
    ...{ year: '2009', decree: 'seasonal-2009', applications: 37_690 },
    days: [{ day: '2009-04-16', share: 1, models: SEASONAL }],
  },
  {
    ...{ year: '2010', decree: 'flussi-2010', applications: 392_310 },
    days: [
      { day: '2011-01-31', share: 324_709, models: DOMESTIC_MOSTLY },
      { day: '2011-02-02', share: 60_983, models: [['A', 1]] },
      { day: '2011-02-03', share: 6_618, models: OTHERS },
    ],
  },
];
const NATIONALITIES: Weighted = [
  ...([
    ['BD', 51],
    ['MA', 50],
    ['IN', 40],
    ['UA', 30],
    ['PK', 30],
    ['EG', 28],
  ] as const),
  ...([
    ['LK', 25],
    ['AL', 25],
    ['CN', 24],
    ['PE', 20],
    ['MD', 18],
    ['SN', 17],
  ] as const),
  ...([
    ['PH', 17],
    ['TN', 14],
    ['NG', 9],
    ['GH', 9],
    ['EC', 6],
    ['BR', 5],
    ['SO', 0.3],
  ] as const),
];
const CITIES: Weighted = [
  ['MI', 42],
  ['RM', 26],
  ['BS', 20],
  ['NA', 18],
  ['BG', 14],
  ['TO', 13],
];
const OFFICES: Weighted = [
  ...CITIES,
  ...(provinces.rows as string[][]).map(([code]) => [code as string, 2.6] as const),
];
const STATUSES: Weighted = [
  ['granted', 24],
  ['refused', 46],
  ['withdrawn', 6],
  ['submitted', 24],
];
const STREETS = ['Nord', 'Sud', 'Adriatica', 'Padana', 'Ligure', 'Etrusca', 'Sabina', 'Ionica'];
const ASSOCIATIONS = 4000;
const HOUR_US = 3_600_000_000;

/** `count` lines, each decree with its share of them, in the order of receipt. */
export function* historyLines(count: number, seed = 1): Generator<HistoryLine> {
  const dice = diceOf(seed);
  const all = DECREES.reduce((sum, { applications }) => sum + applications, 0);
  let serial = 0;
  for (const [at, decree] of DECREES.entries()) {
    const isLast = at === DECREES.length - 1;
    const own = isLast ? count - serial : Math.floor((count * decree.applications) / all);
    const from = serial;
    for (const [day, stampUs] of arrivals(decree, own, dice)) {
      serial += 1;
      yield lineOf({ decree, day, stampUs, serial, place: serial - from }, dice);
    }
  }
}

export const historyHead = Object.keys(historyLines(4).next().value as HistoryLine);

/** As CSV, without the line's end. */
export function historyCsv(line: HistoryLine): string {
  return Object.values(line).map(quoted).join(',');
}

function quoted(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Half within two hours of a day's opening, the rest over months, as it was. */
function arrivals({ days }: Decree, count: number, dice: Dice): (readonly [Day, number])[] {
  const shares = days.map((day) => [day, day.share] as const);
  const list = Array.from({ length: count }, () => {
    const day = dice.weighted(shares);
    const hours = dice.fraction() < 0.5 ? dice.fraction() * 2 : dice.fraction() ** 6 * 24 * 150;
    const openedUs = Date.parse(`${day.day}T07:00:00Z`) * 1000;
    return [day, openedUs + Math.floor(hours * HOUR_US)] as const;
  });
  return list.sort(([, one], [, other]) => one - other);
}

function lineOf(
  made: { decree: Decree; day: Day; stampUs: number; serial: number; place: number },
  dice: Dice,
): HistoryLine {
  const { decree, day, stampUs, serial, place } = made;
  const model = dice.weighted(day.models);
  const nationality = dice.weighted(NATIONALITIES);
  const office = dice.weighted(OFFICES);
  const worker = person(nationality, dice);
  const hasCode = dice.fraction() < 0.35;
  const boss = model === 'A' || model === 'LS1' ? person('IT', dice) : undefined;
  const company = companyOf(dice);
  const isBulk = dice.fraction() < 0.53;
  return {
    ...{ year: decree.year, decree: decree.decree, clickDay: day.day },
    protocol: `P-${office}/L/N/${decree.year}/${100_000 + serial}`,
    model,
    status: dice.weighted(STATUSES),
    stamp: isoFromUs(stampUs),
    place: String(place),
    ...{ office, nationality, workerSurname: worker.surname, workerName: worker.name },
    workerCodiceFiscale: hasCode ? worker.code(nationality) : '',
    employer: boss === undefined ? company.name : `${boss.surname} ${boss.name}`,
    employerCodiceFiscale: boss === undefined ? company.code : boss.code('IT'),
    sender: isBulk
      ? `sede${dice.below(ASSOCIATIONS)}@patronato.example`
      : `famiglia${Math.floor(serial / 2)}@posta.example`,
  };
}

function person(country: string, dice: Dice) {
  const origin = (people.origins as Record<string, string>)[country] ?? 'it';
  const stock = (people.names as Record<string, Names>)[origin] as Names;
  const sex = dice.fraction() < 0.5 ? 'M' : 'F';
  const surname = dice.pick(stock.s);
  const name = dice.pick(stock[sex]);
  const code = (born: string) => {
    const date = `${1950 + dice.below(40)}-${digits(1 + dice.below(12), 2)}`;
    const birthDate = `${date}-${digits(1 + dice.below(28), 2)}`;
    const place = born === 'IT' ? 'H501' : `Z${100 + dice.below(250)}`;
    return codiceFiscaleOf({ surname, name, sex, birthDate, place });
  };
  return { surname, name, code };
}

function companyOf(dice: Dice) {
  const surname = dice.pick((people.names as Record<string, Names>).it?.s ?? []);
  const stem = dice.pick(people.companies as readonly string[]).replace('{s}', surname);
  const number = 10_000_000_000 + dice.below(60_000) * 997;
  return { name: `${stem} ${dice.pick(STREETS)} ${1 + dice.below(90)}`, code: String(number) };
}

interface Dice {
  fraction(): number;
  below(max: number): number;
  pick<T>(list: readonly T[]): T;
  weighted<T>(list: readonly (readonly [T, number])[]): T;
}

/** Mulberry32 (Tommy Ettinger, public domain algorithm). */
function diceOf(seed: number): Dice {
  let state = seed >>> 0;
  const fraction = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (max: number) => Math.floor(fraction() * max);
  return {
    fraction,
    below,
    pick: (list) => list[below(list.length)] as never,
    weighted: (list) => {
      let left = fraction() * list.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [value, weight] of list) {
        left -= weight;
        if (left < 0) return value;
      }
      return list[0]?.[0] as never;
    },
  };
}

function digits(number: number, length: number): string {
  return String(number).padStart(length, '0');
}

/** The search over a database: equal to a plain scan, whatever is combined. */
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importHistory } from '#engine/portal/history/index.ts';
import { createFinder, type Finder } from '#engine/portal/search/finder.ts';
import { nameKey } from '#engine/portal/search/name-key.ts';
import type { Filters, SearchQuery, SortKey } from '#engine/portal/search/query.ts';
import { termsOf } from '#engine/portal/search/text.ts';
import {
  type Database,
  type DatabaseReader,
  openDatabase,
  openDatabaseReader,
} from '#engine/store/database/index.ts';
import { historyCsv, historyHead, historyLines } from '#test/support/history.ts';
import { models } from '#test/support/models.ts';
import { plainScan } from '#test/support/plain-scan.ts';

const LINES = 3000;
let folder: string;
let database: Database;
let reader: DatabaseReader;
let finder: Finder;

function importFile(path: string, onProgress = () => {}) {
  const refusedPath = `${path}.refused`;
  writeFileSync(refusedPath, '', { flag: 'a' });
  const files = { file: openSync(path, 'r'), refused: openSync(refusedPath, 'r+') };
  const clock = { nowUs: () => 1.3e15 };
  const parts = { database, models, clock, ...files, name: path };
  return importHistory({ ...parts, onProgress, linesATransaction: 2000 });
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'clickday-search-'));
  database = openDatabase(join(folder, 'portal.sqlite'));
  const lines = [historyHead.join(','), ...[...historyLines(LINES)].map(historyCsv)];
  const path = join(folder, 'history.csv');
  writeFileSync(path, `${lines.join('\n')}\n`);
  importFile(path);
  reader = openDatabaseReader(database.path);
  finder = createFinder(reader, () => 0);
});
afterAll(() => {
  reader.close();
  database.close();
  rmSync(folder, { recursive: true });
});

const ask = (filters: Filters, more: Partial<SearchQuery> = {}) =>
  finder.find(
    { scope: { kind: 'all' }, filters, sort: 'created', isDescending: true, limit: 25, ...more },
    1,
  );
const rows = () => database.all(database.build.selectFrom('search').selectAll());

const scan = (filters: Filters, sort: SortKey, isDescending: boolean) =>
  plainScan(rows(), { filters, sort, isDescending });

/** What pages of `limit` say one after the other, the first 400; each says how many there are. */
function paged(filters: Filters, wish: Partial<SearchQuery>, total: number): string[] {
  const seen: string[] = [];
  for (let page = ask(filters, wish); ; page = ask(filters, { ...wish, after: page.next! })) {
    expect(page.total).toBe(total);
    seen.push(...page.rows.map((row) => row.id));
    if (page.next === null || seen.length >= 400) return seen;
  }
}

describe('a search', () => {
  const cases: readonly Filters[] = [
    {},
    { office: ['MI', 'RM'], nationality: ['BD'] },
    { year: [2007], status: ['granted'], model: ['A'] },
    { clickDay: ['2011-02-02'], worker: 'hos' },
    { decree: ['flussi-2010'], employer: "d'am" },
    { text: 'ricci' },
    { protocol: 'P-MI/L/N/2007/' },
    { fromUs: Date.UTC(2011, 0, 31) * 1000, toUs: Date.UTC(2011, 1, 1) * 1000, office: ['BS'] },
    { office: ['XX'] },
  ];
  const sorts: readonly SortKey[] = ['created', 'changed', 'stamp', 'place', 'name'];

  it('finds and sorts what a plain scan does, page by page', () => {
    for (const [at, filters] of cases.entries()) {
      const sort = sorts[at % sorts.length] as SortKey;
      const isDescending = at % 2 === 0;
      const wanted = scan(filters, sort, isDescending).map((row) => row.id);
      const seen = paged(filters, { sort, isDescending, limit: 100 }, wanted.length);
      expect(seen).toEqual(wanted.slice(0, seen.length));
      expect(seen.length).toBe(Math.min(400, wanted.length));
    }
    expect(scan(cases[3]!, 'name', false).length).toBeGreaterThan(0);
    expect(scan(cases[4]!, 'name', false).length).toBeGreaterThan(0);
  });

  it('gives each application once while others arrive, change and go', () => {
    const { build, run } = database;
    const first = ask({ office: ['MI'] }, { sort: 'name', isDescending: false, limit: 20 });
    const before = scan({ office: ['MI'] }, 'name', false).map((row) => row.id);
    const [one] = rows();
    const id = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
    const late = { ...one!, n: 10_000, revision: 1e6, id, office: 'MI' };
    run(build.insertInto('search').values({ ...late, title: 'AAAA First of all' }));
    const gone = before[25]!;
    run(
      build
        .updateTable('search')
        .set({ id: null, revision: 1e6 + 1 })
        .where('id', '=', gone),
    );
    const wish = { sort: 'name', isDescending: false, limit: 20, after: first.next! } as const;
    const second = ask({ office: ['MI'] }, wish);
    expect(second.rows.map(({ id }) => id)).toEqual(
      before.slice(20, 41).filter((id) => id !== gone),
    );
    expect(second.total).toBe(before.length);
    expect(ask({ office: ['MI'] }, { sort: 'name', isDescending: false }).rows[0]!.title).toBe(
      'AAAA First of all',
    );
  });

  it('puts what was not sent behind all else, whichever way, page by page', () => {
    const { build, run } = database;
    for (const [at, { n }] of scan({ office: ['BS'] }, 'name', false).entries()) {
      const unsent = { stamp_us: null, revision: 2e6 + at };
      if (at % 3 > 0) run(build.updateTable('search').set(unsent).where('n', '=', n));
    }
    for (const isDescending of [false, true]) {
      const wanted = scan({ office: ['BS'] }, 'stamp', isDescending);
      expect([wanted[0]!.stamp_us, wanted.at(-1)!.stamp_us]).toEqual([expect.any(Number), null]);
      const seen = paged(
        { office: ['BS'] },
        { sort: 'stamp', isDescending, limit: 7 },
        wanted.length,
      );
      expect(seen).toEqual(wanted.map((row) => row.id));
    }
  });

  it('finds codes by their beginnings from the seventh sign on, and ids whole', () => {
    const known = rows().find((row) => row.worker_cf !== null && row.id !== null)!;
    const code = known.worker_cf!;
    const ids = (filters: Filters) => ask(filters, { limit: 100 }).rows.map(({ id }) => id);
    expect(ids({ worker: code.slice(0, 9).toLowerCase() })).toContain(known.id);
    expect(ids({ text: code })).toContain(known.id);
    expect(ids({ employer: code })).not.toContain(known.id);
    expect(ids({ text: known.id! })).toEqual([known.id]);
  });

  it('takes nothing typed for syntax', () => {
    for (const text of ['"', "'", '" OR "', 'NEAR(', '*', 'worker : x', '-- ;', '%', '\\', '()']) {
      expect(() => ask({ text, worker: text, employer: text })).not.toThrow();
    }
    expect(ask({ text: '%' }).total).toBe(0);
    expect(termsOf('ross"i AND', 'both')).toEqual([
      { kind: 'words', match: '"ross"* AND "i" AND "AND"*' },
    ]);
  });

  it('shows an office only what was sent to it, whatever is asked for', () => {
    const scope = { kind: 'office', office: 'RM' } as const;
    const all = ask({}, { scope, limit: 100 });
    expect(all.total).toBe(scan({ office: ['RM'] }, 'created', true).length);
    expect(ask({ office: ['MI'] }, { scope }).total).toBe(0);
    expect(finder.choices(scope, 1).words.office).toEqual(['RM']);
  });

  it('ends when it takes longer than it may', () => {
    const slow = createFinder(reader, () => 2);
    const query = { scope: { kind: 'all' }, sort: 'name', isDescending: false, limit: 1 } as const;
    expect(() => slow.find({ ...query, filters: { text: 'rossi' } }, 1)).toThrow('');
  });
});

describe('the order of names', () => {
  it('looks at 22 letters, not at case, accents and signs', () => {
    const names = ["D'ANGELO Rosa", 'DE LUCA Ugo', 'DÉ LUCA Vito', 'DELUCA Ada', 'ŻUK Jan'];
    const keys = names.map(nameKey);
    const sorted = keys.toSorted((one, other) => one[0] - other[0] || one[1] - other[1]);
    expect(keys).toEqual(sorted);
    expect(nameKey('de luca')).toEqual(nameKey('DÈ LUCA'));
    expect(nameKey('A'.repeat(22))).toEqual(nameKey('A'.repeat(30)));
  });
});

describe('the import of earlier years', () => {
  const fileOf = (name: string, text: string) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  const ndjson = (seed: number, count: number) =>
    [...historyLines(count, seed)].map((line) => {
      return { ...line, protocol: `${line.protocol}-${seed}` };
    });

  it('goes on where it was when it was stopped, and doubles nothing', () => {
    const lines = ndjson(2, 5000).map((line) => JSON.stringify(line));
    lines[2500] = '{"year":"2007"}';
    lines.splice(100, 0, '', '{ broken');
    const path = fileOf('stopped.ndjson', lines.join('\n'));
    const before = rows().length;
    const stop = () => {
      throw new Error('power cut');
    };
    expect(() => importFile(path, stop)).toThrow('power cut');
    expect(rows().length).toBe(before + 1999);
    writeFileSync(`${path}.refused`, 'torn', { flag: 'a' });
    const tally = importFile(path);
    const refused = { LINE_UNREADABLE: 1, VALUE_MISSING: 1 };
    expect(tally).toEqual({ lines: 5001, added: 4999, changed: 0, known: 0, refused });
    expect(importFile(path)).toEqual(tally);
    expect(rows().length).toBe(before + 4999);
    expect(readFileSync(`${path}.refused`, 'utf8').trim().split('\n')).toEqual([
      '{"line":102,"code":"LINE_UNREADABLE","column":null}',
      '{"line":2503,"code":"VALUE_MISSING","column":"protocol"}',
    ]);
  });

  it('passes over what is there and takes over what has changed', () => {
    const [one, other] = ndjson(2, 5000);
    const changed = { ...other, status: 'granted', workerName: 'Nuovo' };
    const text = [one, changed, { ...one, place: null }];
    const path = fileOf('again.ndjson', text.map((each) => JSON.stringify(each)).join('\n'));
    expect(importFile(path)).toMatchObject({ added: 0, changed: 2, known: 1 });
    const protocol = other!.protocol;
    const found = ask({ protocol, worker: 'nuovo' });
    expect(found.rows).toMatchObject([{ status: 'granted', protocol }]);
  });

  it('reads quoted fields, semicolons, a byte order mark and Windows line ends', () => {
    const line = { ...ndjson(3, 1)[0]!, employer: 'Rossi; "Figli"\nS.n.c.' };
    const cells = Object.values(line).map((cell) => `"${cell.replaceAll('"', '""')}"`);
    const text = `\uFEFF${historyHead.join(';')}\r\n${cells.join(';')}\r\n`;
    expect(importFile(fileOf('excel.csv', text))).toMatchObject({ added: 1, lines: 3 });
    expect(ask({ protocol: line.protocol }).rows[0]!.employer).toBe(line.employer);
  });

  it('says of each line why it is refused', () => {
    const [good] = ndjson(4, 1);
    const wrong: readonly (readonly [object, string])[] = [
      [{ year: '1999' }, 'YEAR_INVALID'],
      [{ protocol: 'a b' }, 'PROTOCOL_INVALID'],
      [{ model: 'a' }, 'MODEL_INVALID'],
      [{ status: 'lost' }, 'STATUS_UNKNOWN'],
      [{ stamp: 'noon' }, 'INSTANT_INVALID'],
      [{ stamp: '2009-12-31T00:00:00Z' }, 'STAMP_OUTSIDE_YEAR'],
      [{ office: 'XX' }, 'OFFICE_UNKNOWN'],
      [{ nationality: 'XX' }, 'NATIONALITY_UNKNOWN'],
      [{ workerCodiceFiscale: 'RSSMRA85T10A562X' }, 'CODICE_FISCALE_INVALID'],
      [{ employerCodiceFiscale: '123' }, 'CODICE_FISCALE_INVALID'],
      [{ place: '0' }, 'PLACE_INVALID'],
      [{ sender: 'nobody' }, 'SENDER_INVALID'],
      [{ employer: 'x'.repeat(201) }, 'VALUE_TOO_LONG'],
      [{ workerSurname: '' }, 'VALUE_MISSING'],
    ];
    for (const [at, [change, code]] of wrong.entries()) {
      const line = JSON.stringify({ ...good, protocol: `W${at}`, ...change });
      expect(importFile(fileOf(`wrong${at}.ndjson`, line)).refused).toEqual({ [code]: 1 });
    }
    expect(() => importFile(fileOf('no.csv', 'year,model\n2007,A\n'))).toThrow('protocol');
  });

  it('is not held up by a quote that never closes', () => {
    const [one, other] = ndjson(5, 2).map((line) => Object.values(line).join(','));
    const text = [historyHead.join(','), `"${one}`, ...Array(800).fill(other)].join('\n');
    const tally = importFile(fileOf('quote.csv', text));
    expect(tally).toMatchObject({ added: 1, known: 799, refused: { LINE_UNREADABLE: 1 } });
  });
});

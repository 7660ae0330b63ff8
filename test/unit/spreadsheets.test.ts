/** Spreadsheets in and out: what a person meant is kept, what is hostile is bounded. */
import { deflateRawSync } from 'node:zlib';
import { streamXlsxRows } from 'hucre/xlsx';
import { describe, expect, it } from 'vitest';
import { systemTimers } from '#engine/clock/index.ts';
import {
  type CellContent,
  makeWorkbook,
  readSheet,
  type SheetRow,
  type SheetWish,
  sheetRows,
  spreadsheetBounds,
  type Workbook,
  writeSheet,
} from '#engine/portal/spreadsheets/index.ts';

const timers = systemTimers();
const bytesOf = (text: string) => new TextEncoder().encode(text);
const rowsOf = (rows: readonly SheetRow[]) => rows.map(({ cells }) => cells);
const read = async (bytes: Uint8Array) => Array.fromAsync(sheetRows(bytes));
const book = (rows: Workbook['sheets'][number]['rows'] & object) =>
  makeWorkbook({ sheets: [{ name: 'Foglio', rows }] }, timers);

async function written(rows: readonly CellContent[][], kind: SheetWish['kind'], headers: string[]) {
  const columns = headers.map((header) => ({ header }));
  const pieces = await Array.fromAsync(writeSheet(rows, { kind, name: 'Foglio', columns }, timers));
  return Buffer.concat(pieces);
}

const refusal = async (bytes: Uint8Array) =>
  read(bytes).then(
    () => 'read',
    (error: { code?: string }) => error.code,
  );

describe('a CSV file', () => {
  it('is read with either separator, quotes, line ends within quotes and a byte order mark', async () => {
    const expected = [
      ['Cognome', 'Via'],
      ['D’Angelo; "il Moro"', 'Via Roma,\n1'],
    ];
    const quoted = '"D’Angelo; ""il Moro""";"Via Roma,\n1"';
    expect(rowsOf(await read(bytesOf(`\uFEFFCognome;Via\r\n${quoted}\r\n`)))).toEqual(expected);
    const commas = 'Cognome,Via\n"D’Angelo; ""il Moro""","Via Roma,\n1"';
    expect(rowsOf(await read(bytesOf(commas)))).toEqual(expected);
    expect(rowsOf(await read(bytesOf('sep=|\na|b')))).toEqual([['a', 'b']]);
  });

  it('is understood when it was saved in the code page of Windows or in UTF-16', async () => {
    const latin = Buffer.from('Nome;Città\nNiccolò;Forlì\n', 'latin1');
    expect(rowsOf(await read(latin))[1]).toEqual(['Niccolò', 'Forlì']);
    const wide = Buffer.from('\uFEFFNome\tCittà\nNiccolò\tForlì\n', 'utf16le');
    expect(rowsOf(await read(wide))[1]).toEqual(['Niccolò', 'Forlì']);
  });

  it('keeps zeros and numbers the rows as a spreadsheet program does', async () => {
    const rows = await read(bytesOf('CAP;Data\n\n;;\n00184;31/01/2011\n'));
    expect(rows).toEqual([
      { number: 1, cells: ['CAP', 'Data'] },
      { number: 4, cells: ['00184', '31/01/2011'] },
    ]);
  });
});

describe('an XLSX file', () => {
  it('gives days, codes, numbers and yes or no as texts', async () => {
    const day = new Date(Date.UTC(2011, 0, 31));
    const bytes = await book([
      ['a', null, 'c', 'd', 'e', 'f'],
      ['00184', day, 1234.5, true, 12_345_678_901, 0.1 + 0.2],
    ]);
    expect(rowsOf(await read(bytes))).toEqual([
      ['a', '', 'c', 'd', 'e', 'f'],
      ['00184', '2011-01-31', '1234.5', 'true', '12345678901', '0.3'],
    ]);
  });

  it('comes out of its thread as it goes in, however many batches it takes', async () => {
    const count = spreadsheetBounds.batchRows * 3 + 1;
    const rows = Array.from({ length: count }, (_, index) => [`riga ${index}`, '+39 06', index]);
    const bytes = await written(rows, 'xlsx', ['testo', 'telefono', 'numero']);
    const back = await Array.fromAsync(readSheet(bytes, timers));
    expect(back).toHaveLength(count + 1);
    expect(back.at(-1)?.cells).toEqual([`riga ${count - 1}`, '+39 06', String(count - 1)]);
  });
});

describe('what is written', () => {
  const hostile = ['=1+1', '+39 06', '-x', '@SUM(A1)'];

  it('is no formula to a spreadsheet program, and reads back as it was', async () => {
    for (const kind of ['csv', 'xlsx'] as const) {
      const bytes = await written([[...hostile, -5]], kind, ['a', 'b', 'c', 'd', 'e']);
      expect(rowsOf(await read(bytes))[1]).toEqual([...hostile, '-5']);
    }
    const xlsx = await written([hostile], 'xlsx', ['a', 'b', 'c', 'd']);
    const [, raw] = await Array.fromAsync(streamXlsxRows(xlsx));
    expect(raw?.values).toEqual(hostile.map((text) => `'${text}`));
    const csv = (await written([[...hostile, -5, 'a;b']], 'csv', ['a'])).toString();
    expect(csv).toBe(`\uFEFFa\r\n'=1+1;'+39 06;'-x;'@SUM(A1);-5;"a;b"\r\n`);
  });
});

describe('a hostile file', () => {
  it('is refused with what to do: old format, no text, nonsense, too many rows', async () => {
    expect(await refusal(Buffer.from('d0cf11e0a1b11ae1', 'hex'))).toBe('SPREADSHEET_OLD_FORMAT');
    expect(await refusal(Buffer.from('%PDF-1.4\n\u0000\u0001'))).toBe('SPREADSHEET_UNREADABLE');
    expect(await refusal(Buffer.from('PK\u0003\u0004 nothing'))).toBe('SPREADSHEET_UNREADABLE');
    const many = Array.fromAsync(sheetRows(bytesOf('a\nb\nc\n'), 2));
    await expect(many).rejects.toMatchObject({ code: 'SPREADSHEET_ROWS_TOO_MANY' });
  });

  it('that unpacks to more than the bound is refused before it is unpacked', async () => {
    const size = spreadsheetBounds.unpackedBytesMax + 1;
    expect(await refusal(zipOf({ size }))).toBe('SPREADSHEET_TOO_LARGE');
  });

  it('whose part is larger than it says is given up', async () => {
    const bytes = await book([['a'.repeat(3000)]]);
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const entry = Buffer.from(bytes).indexOf('PK\u0001\u0002');
    view.setUint32(entry + 24, 0, true);
    view.setUint32(view.getUint32(entry + 42, true) + 22, 0, true);
    expect(await refusal(bytes)).toBe('SPREADSHEET_UNREADABLE');
  });

  it('with a cell beyond the bound is refused', async () => {
    const long = 'x'.repeat(spreadsheetBounds.cellCharactersMax + 1);
    expect(await refusal(bytesOf(`a\n"${long}`))).toBe('SPREADSHEET_TOO_LARGE');
  });

  it('ends its thread and is named to the caller', async () => {
    const bytes = zipOf({ size: spreadsheetBounds.unpackedBytesMax + 1 });
    const rows = Array.fromAsync(readSheet(bytes, timers));
    await expect(rows).rejects.toMatchObject({ code: 'SPREADSHEET_TOO_LARGE' });
  });
});

/** A ZIP file of one part, which says that it has `size` bytes unpacked. */
function zipOf({ size }: { size: number }): Buffer {
  const packed = deflateRawSync(Buffer.from('small'));
  const name = Buffer.from('xl/workbook.xml');
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(8, 8);
  local.writeUInt32LE(packed.length, 18);
  local.writeUInt32LE(size, 22);
  local.writeUInt16LE(name.length, 26);
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(0x02014b50, 0);
  entry.writeUInt16LE(8, 10);
  entry.writeUInt32LE(packed.length, 20);
  entry.writeUInt32LE(size, 24);
  entry.writeUInt16LE(name.length, 28);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(46 + name.length, 12);
  end.writeUInt32LE(30 + name.length + packed.length, 16);
  return Buffer.concat([local, name, packed, entry, name, end]);
}

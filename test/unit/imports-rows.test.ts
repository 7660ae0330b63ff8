/** What a row of a spreadsheet means: columns, answers as people write them, the form's checks. */
import { describe, expect, it } from 'vitest';
import { samenessKeys } from '#engine/portal/drafting/sameness.ts';
import { answerOf } from '#engine/portal/imports/answers.ts';
import {
  columnLetters,
  columnsOf,
  headerText,
  NOTES_CODE,
  readHeader,
} from '#engine/portal/imports/columns.ts';
import { doPiece } from '#engine/portal/imports/job.ts';
import { createJudge } from '#engine/portal/imports/judge.ts';
import { listLookup, listNames } from '#engine/portal/imports/lists.ts';
import type { FieldSchema } from '#protocol/forms/index.ts';
import { sampleSheet } from '#test/support/import-sheets.ts';
import { models } from '#test/support/models.ts';

const form = models.get('B')!;
const columns = columnsOf(form);
const TODAY = '2011-01-17';
const schema = (more: Partial<FieldSchema>) => more as FieldSchema;
const comuni = models.table('comuni')!;

describe('a header', () => {
  it('names its column by the code in brackets, the code alone, or words of one column', () => {
    const surname = columns.find(({ field }) => field === 'workerSurname')!;
    const written = [
      headerText(surname, 'en'),
      'companyName',
      'LAVORATORE:  nome',
      'Note interne',
      `Da correggere [${NOTES_CODE}]`,
      'workerSurname',
    ];
    const header = readHeader(columns, written);
    expect(header.fields).toEqual([
      ...['workerSurname', 'companyName', 'workerName'],
      ...[undefined, undefined, undefined],
    ]);
    expect(header.unknown).toEqual(['Note interne', 'workerSurname']);
    expect(header.missing).toContain('workerBirthDate');
    expect(header.missing).not.toContain('workerName');
  });

  it('is nothing when its words belong to several columns', () => {
    const several = columns.filter(({ schema: each }) => each['x-label'].it === 'Via o piazza');
    expect(several.length).toBeGreaterThan(1);
    expect(readHeader(columns, ['Via o piazza']).fields).toEqual([undefined]);
  });

  it('stands where spreadsheet programs say', () => {
    expect([0, 25, 26, 701, 702].map(columnLetters)).toEqual(['A', 'Z', 'AA', 'ZZ', 'AAA']);
  });
});

describe('an answer', () => {
  it('is a day in the order of Italy or of ISO 8601', () => {
    const day = schema({ type: 'string', format: 'date' });
    const meant = ['31/01/2011', '1.2.2011', '2011-01-31', '2011-01-31 00:00:00', 'domani'];
    expect(meant.map((text) => answerOf(day, text, undefined))).toEqual(
      ['2011-01-31', '2011-02-01', '2011-01-31', '2011-01-31', 'domani'].map((value) => ({
        value,
      })),
    );
  });

  it('is a number with either decimal sign', () => {
    const number = schema({ type: 'number' });
    const meant = ['1.234,50', '1,234.50', '1234.5', '20', '€ 9,5', '1.234', '1.2340', 'molti'];
    expect(meant.map((text) => answerOf(number, text, undefined).value)).toEqual([
      ...[1234.5, 1234.5, 1234.5, 20, 9.5, 1234, 1.234, 'molti'],
    ]);
  });

  it('is yes or no as people write it', () => {
    const yesNo = schema({ type: 'boolean' });
    const meant = ['sì', 'X', 'yes', 'true', 'no', '0', 'forse'];
    expect(meant.map((text) => answerOf(yesNo, text, undefined).value)).toEqual([
      ...[true, true, true, true, false, false, 'forse'],
    ]);
    expect(answerOf(yesNo, 'forse', undefined)).toMatchObject({ problem: 'NOT_YES_OR_NO' });
  });

  it('is a code or a name of its list, and no name that several have', () => {
    const lookup = listLookup(comuni);
    expect(lookup('h501')).toEqual({ code: 'H501' });
    expect(lookup('reggio nell’emilia')).toEqual(lookup("REGGIO NELL'EMILIA"));
    expect(lookup('Forli')).toEqual(lookup('Forlì'));
    expect(lookup('Castro')).toEqual({ miss: 'NAME_AMBIGUOUS' });
    expect(lookup('Castro (BG)')).toEqual({ code: 'C337' });
    expect(lookup('Atlantide')).toEqual({ miss: 'NOT_IN_LIST' });
    const names = listNames(comuni, 'it');
    expect(new Set(names).size).toBe(names.length);
    expect(listLookup(models.table('countries')!)('Morocco')).toEqual({ code: 'MA' });
  });
});

describe('a row', () => {
  const { fields, rows } = sampleSheet('B', 1);
  const [valid] = rows as [Record<string, string>];
  const judge = createJudge(
    { form, todayIso: TODAY, tables: models.tableNames().map((name) => models.table(name)!) },
    readHeader(columns, fields),
  );
  const judged = (changes: Record<string, string>) => {
    const row = { ...valid, ...changes };
    return judge({ number: 2, cells: fields.map((field) => row[field] ?? '') });
  };

  it('that a form would take has nothing wrong', () => {
    expect(judged({})).toMatchObject({ number: 2, findings: [], cells: null });
  });

  it('is told what the form would tell, each at its field', () => {
    const { findings, cells } = judged({ workerBirthDate: '31/02/1980', workerSurname: '' });
    expect(findings.map(({ kind, field, code }) => [kind, field, code])).toEqual([
      ['error', 'workerSurname', 'REQUIRED'],
      ['error', 'workerBirthDate', 'NOT_A_DATE'],
    ]);
    expect(cells).not.toBeNull();
  });

  it('is told in words about what was written when it is not understood', () => {
    const [finding] = judged({ workplaceComune: 'Castro' }).findings;
    expect(finding).toMatchObject({ field: 'workplaceComune', code: 'NAME_AMBIGUOUS' });
    expect(finding?.messages.it).toContain('«Castro»');
  });

  it('is warned, not stopped, of answers that nobody asks for', () => {
    const at = { accommodationAtWorkplace: 'sì', accommodationStreet: 'Via Roma' };
    const rest = { accommodationComune: '', accommodationNumber: '', accommodationPostcode: '' };
    const { findings, values, cells } = judged({ ...at, ...rest });
    expect(findings.map(({ kind, code }) => [kind, code])).toEqual([['warning', 'NOT_ASKED']]);
    expect(values).not.toHaveProperty('accommodationStreet');
    expect(cells).toBeNull();
  });

  it('has the keys of its parties, whatever the capitals, and none without them', () => {
    const { values } = judged({});
    const louder = { ...values, workerSurname: String(values.workerSurname).toUpperCase() };
    expect(samenessKeys(form, values)).toHaveLength(1);
    expect(samenessKeys(form, louder)).toEqual(samenessKeys(form, values));
    const { workerSurname: _, ...nobody } = values;
    expect(samenessKeys(form, nobody)).toEqual([]);
  });
});

describe('a piece of work', () => {
  it('is the first row, and more of them for twelve milliseconds', () => {
    const numbered = [2, 3, 5, 7, 8, 9].map((number) => ({ number }));
    const done = (usARow: number) => {
      let nowUs = 0;
      let rows = 0;
      const last = doPiece({ nowUs: () => nowUs }, numbered, () => {
        nowUs += usARow;
        rows += 1;
      });
      expect(last).toBe(numbered[rows - 1]?.number); // where the next goes on
      return rows;
    };
    expect([done(0), done(3000), done(9000), done(90_000)]).toEqual([6, 4, 2, 1]);
  });
});

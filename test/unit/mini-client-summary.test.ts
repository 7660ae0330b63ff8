/** The summary of a click day: every application with its outcome, as a table and on paper. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PDFDocument } from 'pdf-lib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { summaryCsv } from '#mini-client/summary/csv.ts';
import { Lettering, runsOf } from '#mini-client/summary/lettering.ts';
import { summaryPdf } from '#mini-client/summary/pdf.ts';
import type { SummaryRow } from '#mini-client/summary/rows.ts';
import { outcomes } from '#protocol/outcomes.ts';
import type { Language } from '#protocol/portal-api.ts';
import {
  STAGE_DAY as DAY,
  STAGE_IDS as ids,
  type MiniClientStage,
  openMiniClientStage,
} from '#test/support/mini-client-stage.ts';

let stage: MiniClientStage;

beforeEach(async () => {
  stage = await openMiniClientStage();
  await stage.login();
  await stage.cli(['prepare']);
});

afterEach(() => stage.close());

describe('the summary', () => {
  it('has every application in the order of sending, with its evidence', async () => {
    await stage.cli(['send']);
    const verdicts = { [ids[0]!]: 'in-log' };
    mkdirSync(join(stage.directory, 'logs'), { recursive: true });
    writeFileSync(join(stage.directory, 'logs', 'verdicts.json'), JSON.stringify(verdicts));
    const out = join(stage.directory, 'summary.csv');
    expect((await stage.cli(['summary', '--out', out])).code).toBe(0);
    const [names = '', ...rows] = readFileSync(out, 'utf8').split('\r\n').slice(0, 4);
    expect(names).toMatch(/^\uFEFFnumber,application,title,model,outcome,code,place,protocol/);
    expect(rows.map((row) => row.split(',')[1])).toEqual(ids);
    const [first = ''] = rows;
    expect(first).toContain(`accepted,,,${DAY}/g1/000000001,2`);
    expect(first).toMatch(/receipts\/\S+\.pdf,unchecked,in-log,a@example\.org$/);
  });

  it('tells what was not sent, what has no answer and what was refused, and exits 1', async () => {
    const [sent = '', refused = ''] = ids;
    const records = [
      { type: 'sent', application: sent, gate: 'ws://x', sentAtUs: 1 },
      { type: 'rejected', application: refused, code: 'CLOSED', message: '' },
    ];
    const text = records.map((record) => `${JSON.stringify(record)}\n`).join('');
    writeFileSync(join(stage.directory, 'journal.ndjson'), text);
    const out = join(stage.directory, 'summary.csv');
    expect((await stage.cli(['summary', '--out', out])).code).toBe(1);
    const outcomes = readFileSync(out, 'utf8').split('\r\n').slice(1, 4);
    expect(outcomes.map((row) => row.split(',').slice(4, 6).join(' '))).toEqual([
      'unanswered ',
      'rejected CLOSED',
      'not-sent ',
    ]);
  });

  it('is a PDF with the same in the person’s language', async () => {
    await stage.cli(['send', '--no-receipts']);
    const out = join(stage.directory, 'summary.pdf');
    const words = ['summary', '--format', 'pdf', '--out', out];
    await stage.cli([...words, '--language', 'it']);
    const italian = execFileSync('pdftotext', ['-layout', out, '-'], { encoding: 'utf8' });
    expect(italian).toContain(`Riepilogo del click day ${DAY}`);
    expect(italian).toContain('Domande: 3. Accettate: 3; non accettate: 0; senza esito: 0.');
    for (const id of ids) expect(italian).toContain(id);
    expect(italian).toContain(`${DAY}/g1/000000003`);
    await stage.cli([...words, '--language', 'en']);
    const english = execFileSync('pdftotext', ['-layout', out, '-'], { encoding: 'utf8' });
    expect(english).toContain('Applications: 3. Accepted: 3;');
    expect(english).toContain('This is no receipt');
  });
});

describe('names on the summary', () => {
  const titled = (title: string): SummaryRow => ({
    ...{ number: 1, application: 'a', title, model: 'B', outcome: 'not-sent', code: '' },
    ...{ protocol: '', place: '', stamp: '', uncertaintyUs: '', leafHash: '', account: 'x' },
    ...{ receipt: '', receiptCheck: '', logCheck: '' },
  });
  const words = (...titles: string[]) => sheet('it', titles.map(titled));

  it('keep their letters, whatever alphabet they are of', async () => {
    const names = ['Łukasz Đorđević', 'Ξένια', 'Ольга', 'Nguyễn Văn Đạt', 'Ștefan'];
    const text = await words(...names);
    for (const name of names) expect(text).toContain(name);
    expect(text).not.toContain('▯');
  });

  it('are said to lack letters where the font has none, and where the whole name is', async () => {
    const text = await words('王小明 Wang', 'Anna', '李 Li');
    expect(text).toContain('▯▯▯ Wang');
    expect(text).toContain('Nomi con lettere che questo foglio non sa mostrare (▯): 2.');
    expect(text).toContain('riepilogo CSV');
  });

  it('are cut where the direction changes, so that Arabic is joined and Latin is not turned', () => {
    expect(runsOf('Ahmed محمد علي, Rossi')).toEqual(['Ahmed ', 'محمد علي', ', Rossi']);
    expect(runsOf('Rossi')).toEqual(['Rossi']);
  });

  it('are drawn letter by letter as wide as in one piece', async () => {
    const letters = await Lettering.of(await PDFDocument.create());
    const apart = [...'Đorđe Müller'].reduce((sum, one) => sum + letters.widthOf(one, 10), 0);
    expect(letters.widthOf('Đorđe Müller', 10)).toBeCloseTo(apart, 6);
    // A letter and an accent of its own are shaped together.
    expect(letters.widthOf('m\u0304', 10)).toBeCloseTo(letters.widthOf('m', 10), 1);
  });

  it('join the letters of Arabic, right to left', async () => {
    const pdf = await PDFDocument.create();
    const letters = await Lettering.of(pdf);
    const apart = [...'محمد'].reduce((sum, letter) => sum + letters.widthOf(letter, 10), 0);
    expect(letters.canShow('محمد')).toBe(true);
    expect(letters.widthOf('محمد', 10)).toBeLessThan(apart - 0.2);
  });

  it('end in … where there is no room for them', async () => {
    const letters = await Lettering.of(await PDFDocument.create());
    const kept = letters.fitted('Łukasz '.repeat(20), 9, 206);
    expect(kept).toMatch(/^Łukasz .*…$/);
    expect(letters.widthOf(kept, 9)).toBeLessThanOrEqual(206);
    expect(letters.fitted('Łukasz', 9, 206)).toBe('Łukasz');
  });
});

describe('words of the summary', () => {
  it('say instants of Rome as the person’s language writes them', async () => {
    const row: SummaryRow = {
      ...{ number: 1, application: 'a', title: 't', model: 'B', outcome: 'accepted', code: '' },
      ...{ protocol: 'p', place: 1, stamp: '2011-07-31T07:00:00.012345Z', uncertaintyUs: 2512 },
      ...{ leafHash: '', account: 'x', receipt: '', receiptCheck: '', logCheck: '' },
    };
    const italian = await sheet('it', [row]);
    expect(italian).toContain('Apertura: lunedì 31 gennaio 2011, ore 8:00:00 (ora di Roma).');
    expect(italian).toMatch(/31\/07\/2011 9:00:00,012345 +± 2,5 ms/);
    const english = await sheet('en', [row]);
    expect(english).toContain('Opening: Monday 31 January 2011, 8:00:00 (Rome time).');
    expect(english).toMatch(/31\/07\/2011 9:00:00\.012345 +± 2\.5 ms/);
  });

  it('tell what was refused with what to do, and the code for the help desk', async () => {
    const row: SummaryRow = {
      ...{ number: 1, application: 'a', title: 't', model: 'B', outcome: 'rejected' },
      ...{ code: 'WRONG_CLICK_DAY', protocol: '', place: '', stamp: '', uncertaintyUs: '' },
      ...{ leafHash: '', account: 'x', receipt: '', receiptCheck: '', logCheck: '' },
    };
    const { it: text } = outcomes.WRONG_CLICK_DAY;
    expect(await sheet('it', [row])).toContain(`${text} (WRONG_CLICK_DAY)`);
  });

  it('cannot be taken for a formula', () => {
    const row: SummaryRow = {
      ...{ number: 1, application: 'a', title: '=1+1', model: 'B' },
      outcome: 'not-sent',
      ...{ code: '', protocol: '', place: '', stamp: '', uncertaintyUs: '', leafHash: '' },
      ...{ receipt: '', receiptCheck: '', logCheck: '', account: 'x' },
    };
    expect(summaryCsv([row])).toContain("1,a,'=1+1,B");
  });
});

/** The text of a sheet with these rows. */
async function sheet(language: Language, rows: readonly SummaryRow[]): Promise<string> {
  const opensAt = '2011-01-31T07:00:00.000000Z';
  const head = { clickDay: 'd', name: 'n', opensAt, emails: ['x'], madeAtUs: 0 };
  const breathe = async () => undefined;
  const input = await summaryPdf(language, head, { rows, breathe });
  return execFileSync('pdftotext', ['-layout', '-', '-'], { input, encoding: 'utf8' });
}

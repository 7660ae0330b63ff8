/**
 * Many applications from one spreadsheet: the report, taking over, mending, taking back; and that
 * an organisation's imports are its own.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { readXlsx } from 'hucre/xlsx';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemTimers, type Timers } from '#engine/clock/index.ts';
import { silentLog } from '#engine/foundation/log.ts';
import { seededRandom } from '#engine/foundation/random.ts';
import { createImports } from '#engine/portal/imports/index.ts';
import { sheetRows, spreadsheetBounds } from '#engine/portal/spreadsheets/index.ts';
import type { ImportFindingsAnswer, ImportsAnswer, ImportView } from '#protocol/imports-api.ts';
import type { Application, ApplicationsAnswer, PageAnswer, Problem } from '#protocol/portal-api.ts';
import { memberOf, organisationOf } from '#test/contract/organisation-world.ts';
import { applicant, type Caller, openWorld, type World } from '#test/contract/portal-world.ts';
import {
  type SheetOfSamples,
  sampleSheet,
  sheetBytes,
  uploadOf,
} from '#test/support/import-sheets.ts';
import { models } from '#test/support/models.ts';

const AT_WORK = new Set(['checking', 'taking', 'undoing']);
const SOME_ID = '01ARZ3NDEKTSV4RRFFQ69G5FAV';

let world: World;
let ours: string;
const callers: Record<string, Caller> = {};
const preparer = () => callers.preparer!;
beforeAll(async () => {
  world = await openWorld();
  await world.fixture({ accounts: 1, applications: 25 });
  [ours] = [organisationOf(world, 'Ours')];
  for (const role of ['preparer', 'reader'] as const) {
    callers[role] = await memberOf(world, ours, { email: `${role}@ours.example.it`, role });
  }
  const theirs = { email: 'head@theirs.example.it', role: 'administrator' } as const;
  callers.stranger = await memberOf(world, organisationOf(world, 'Theirs'), theirs);
  callers.person = await applicant(world, 'person@example.it');
  callers.nobody = world.nobody;
});
afterAll(() => world.close());

async function send<Body = ImportView>(sheet: SheetOfSamples | Uint8Array, kind: 'xlsx' | 'csv') {
  const bytes = sheet instanceof Uint8Array ? sheet : await sheetBytes(sheet, kind);
  const { body, headers } = await uploadOf(bytes, `domande.${kind}`);
  return preparer().call<Body>('POST', '/api/imports?model=B', body, headers);
}

/** The import when nothing is done with it any more. */
async function settled({ id }: { id: string }): Promise<ImportView> {
  for (let left = 1000; left > 0; left -= 1) {
    const { body } = await preparer().call<ImportView>('GET', `/api/imports/${id}`);
    if (!AT_WORK.has(body.state)) return body;
    await sleep(20);
  }
  throw new Error('the import was not done in time');
}

const checked = async (sheet: SheetOfSamples | Uint8Array, kind: 'xlsx' | 'csv' = 'csv') =>
  settled((await send(sheet, kind)).body);
const findings = async ({ id }: { id: string }, caller = preparer()) =>
  (await caller.call<ImportFindingsAnswer>('GET', `/api/imports/${id}/findings`)).body.findings;
const take = async ({ id }: { id: string }, makeReady: boolean) => {
  await preparer().call('POST', `/api/imports/${id}/applications`, { makeReady });
  return settled({ id });
};
const undo = async ({ id }: { id: string }) => {
  await preparer().call('DELETE', `/api/imports/${id}/applications`);
  return settled({ id });
};
const applications = async () =>
  (await preparer().call<ApplicationsAnswer>('GET', '/api/applications?limit=100')).body;

/** Rows 2, 3, …; the third has two mistakes. */
function sheetWithMistakes(seed: string): SheetOfSamples {
  const sheet = sampleSheet('B', 5, seed);
  Object.assign(sheet.rows[2]!, { workerBirthDate: '31/02/1980', workplaceComune: 'Atlantide' });
  return sheet;
}

describe('a spreadsheet of applications', () => {
  it.each(['xlsx', 'csv'] as const)('is judged row by row (%s)', async (kind) => {
    const view = await checked(sheetWithMistakes(kind), kind);
    expect(view).toMatchObject({
      state: 'checked',
      fileName: `domande.${kind}`,
      rows: { checked: 5, valid: 4, wrong: 1, warned: 0 },
      unknownColumns: [],
      missingColumns: [],
    });
    const found = (await findings(view)).map(({ row, field, code }) => [row, field, code]);
    expect(found).toEqual([
      [4, 'workerBirthDate', 'NOT_A_DATE'],
      [4, 'workplaceComune', 'NOT_IN_LIST'],
    ]);
    const [first] = await findings(view);
    expect(first?.column).toMatch(/^[A-Z]{1,2}$/);
    expect(first?.label.it).toBe('Lavoratore: Data di nascita');
  });

  it('becomes applications of the organisation, ready if wished, with the answers of the rows', async () => {
    const sheet = sampleSheet('B', 3, 'ready');
    const before = (await applications()).total;
    const view = await take(await checked(sheet), true);
    expect(view).toMatchObject({ state: 'taken', rows: { ready: 3, draft: 0, valid: 0 } });
    const list = await callers.reader!.call<ApplicationsAnswer>(
      'GET',
      '/api/applications?limit=100',
    );
    expect(list.body.total).toBe(before + 3);
    const [row] = sheet.rows as [Record<string, string>];
    const title = `${row.workerSurname?.toLocaleUpperCase('it')} ${row.workerName}`;
    const made = list.body.applications.find((each: Application) => each.title === title);
    expect(made).toMatchObject({ status: 'ready', model: 'B' });
    expect(made?.pages.every(({ complete }) => complete)).toBe(true);
    const page = await preparer().call<PageAnswer>('GET', `/api/applications/${made?.id}/pages/3`);
    expect(page.body.errors).toEqual([]);
    const [day, month, year] = (row.workerBirthDate ?? '').split('/');
    expect(page.body.values.workerBirthDate).toBe(`${year}-${month}-${day}`);
  });

  it('stays in the report where it is wrong, to be mended and sent again', async () => {
    const sheet = sheetWithMistakes('mend');
    const repeated = { ...sheet, rows: [...sheet.rows, sheet.rows[0]!] };
    const view = await take(await checked(repeated), false);
    expect(view.rows).toMatchObject({ draft: 5, wrong: 1, warned: 1 });
    const { body } = await preparer().call<Buffer>('GET', `/api/imports/${view.id}/mend.csv`);
    const [header, wrong, ...more] = await Array.fromAsync(sheetRows(body));
    expect(more).toEqual([]);
    expect(wrong?.cells[0]).toContain('workerBirthDate: Questa data non esiste');
    const xlsx = await preparer().call<Buffer>('GET', `/api/imports/${view.id}/mend.xlsx`);
    const [shown] = (await readXlsx(xlsx.body, { readStyles: true })).sheets;
    expect(shown?.freezePane).toMatchObject({ rows: 1, columns: 1 });
    const texts = header!.cells.filter((_name, at) => {
      const style = shown?.cells?.get(`1,${at}`)?.style;
      return style?.numFmt === '@' && style.alignment?.wrapText === true;
    });
    expect(texts).toEqual(expect.arrayContaining(['seatPostcode', 'workerBirthDate']));
    expect(texts).not.toContain('jobMonthlyPay');
    const mended = Object.fromEntries(
      header!.cells.map((name, at) => [name, wrong!.cells[at] ?? '']),
    );
    Object.assign(mended, { workerBirthDate: '28/02/1980', workplaceComune: 'Roma' });
    const again = await checked({ fields: header!.cells, rows: [mended] });
    const left = (await findings(again)).map(({ field }) => field);
    expect(left).not.toContain('workerBirthDate');
    expect(left).not.toContain('workplaceComune');
    expect(again.unknownColumns).toEqual([]);
  });

  it('is reported as a file in both languages', async () => {
    const view = await checked(sheetWithMistakes('file'));
    const path = `/api/imports/${view.id}/report`;
    const csv = await preparer().call<Buffer>('GET', `${path}.csv?language=en`);
    expect(csv.headers.get('content-disposition')).toMatch(/^attachment; filename="report-/);
    const rows = await Array.fromAsync(sheetRows(csv.body));
    expect(rows[1]?.cells.slice(0, 4)).toEqual(['4', 'AR', 'error', 'Worker: Date of birth']);
    const xlsx = await preparer().call<Buffer>('GET', `${path}.xlsx?language=it`);
    expect((await Array.fromAsync(sheetRows(xlsx.body)))[1]?.cells[2]).toBe('errore');
  });

  it('warns of rows that repeat one of the file, or an application there is', async () => {
    const sheet = sampleSheet('B', 2, 'repeated');
    const twice = await checked({ ...sheet, rows: [...sheet.rows, sheet.rows[0]!] });
    const codes = async (view: ImportView) =>
      (await findings(view)).map(({ row, code }) => [row, code]);
    expect(await codes(twice)).toEqual([[4, 'REPEATED_IN_FILE']]);
    await take(await checked({ ...sheet, rows: sheet.rows.slice(0, 1) }), false);
    expect(await codes(await checked(sheet))).toEqual([[2, 'REPEATED_AMONG_OWN']]);
  });

  it('is taken back but for what was changed since', async () => {
    const before = (await applications()).total;
    const view = await take(await checked(sampleSheet('B', 4, 'undo')), true);
    const [changed] = (await applications()).applications as [Application];
    await preparer().call('DELETE', `/api/applications/${changed.id}/ready`);
    world.clock.advance(1_000_000);
    const path = `/api/applications/${changed.id}/pages/1`;
    const page = await preparer().call<PageAnswer>('GET', path);
    const { values, version } = page.body;
    expect((await preparer().call('PUT', path, { values, version })).status).toBe(200);
    const undone = await undo(view);
    expect(undone).toMatchObject({ state: 'undone', rows: { undone: 3, kept: 1, ready: 0 } });
    const after = await applications();
    expect(after.total).toBe(before + 1);
    expect(after.applications.map(({ id }) => id)).toContain(changed.id);
    expect((await findings(undone)).map(({ code }) => code)).toEqual(['KEPT']);
  });

  it('goes on where it was when the portal is started again, and makes nothing twice', async () => {
    const before = (await applications()).total;
    const view = await checked(sampleSheet('B', 40, 'restart'));
    const { database, clock, portal } = world;
    const parts = {
      ...{ database, clock, models, calendar: portal.calendar, log: silentLog() },
      ...{ timers: systemTimers(), random: seededRandom('restart', clock) },
    };
    const account = database.first(
      database.build
        .selectFrom('accounts')
        .selectAll()
        .where('email', '=', 'preparer@ours.example.it'),
    )!;
    const { promise: stop, resolve } = Promise.withResolvers<void>();
    // It stops in its first pause: one piece is done then, however slow the machine is.
    const after: Timers['after'] = (ms, work) => {
      resolve(stopped.runner.close());
      return parts.timers.after(ms, work);
    };
    const stopped = createImports({ ...parts, timers: { ...parts.timers, after } });
    stopped.service.take(account, view.id, false);
    await stop;
    const between = await preparer().call<ImportView>('GET', `/api/imports/${view.id}`);
    expect(between.body).toMatchObject({ state: 'taking', rows: { draft: 6, valid: 34 } });
    expect((await applications()).total).toBe(before + 6);
    const started = createImports(parts);
    await started.runner.settled();
    await started.runner.close();
    expect((await settled(view)).rows).toMatchObject({ draft: 40, valid: 0 });
    expect((await applications()).total).toBe(before + 40);
  });
});

describe('a file that is no such spreadsheet', () => {
  const failure = async (bytes: Uint8Array) => (await checked(bytes, 'csv')).failure?.code;

  it('fails with what to do', async () => {
    expect(await failure(Buffer.from('d0cf11e0a1b11ae1', 'hex'))).toBe('SPREADSHEET_OLD_FORMAT');
    expect(await failure(Buffer.from('PK nothing'))).toBe('SPREADSHEET_UNREADABLE');
    expect(await failure(Buffer.from('companyName;workerName\n'))).toBe('SPREADSHEET_EMPTY');
    expect(await failure(Buffer.from('prezzo;quantità\n1;2\n'))).toBe('IMPORT_COLUMNS_UNKNOWN');
  });

  it('is refused when it is too large, or none, or for no model', async () => {
    const large = await send<Problem>(Buffer.alloc(spreadsheetBounds.fileBytesMax + 1, 'a'), 'csv');
    expect(large).toMatchObject({ status: 413, body: { code: 'SPREADSHEET_TOO_LARGE' } });
    const json = await preparer().call('POST', '/api/imports?model=B', {});
    expect(json.body).toMatchObject({ code: 'IMPORT_FILE_MISSING' });
    const { body, headers } = await uploadOf(Buffer.from('a'), 'a.csv');
    const model = await preparer().call('POST', '/api/imports?model=ZZ', body, headers);
    expect(model.body).toMatchObject({ code: 'MODEL_UNKNOWN' });
    const { imports } = (await preparer().call<ImportsAnswer>('GET', '/api/imports')).body;
    expect(imports.every(({ state }) => state !== ('uploading' as string))).toBe(true);
  });

  it('waits for the one that is at work', async () => {
    const { build, run } = world.database;
    const view = await checked(sampleSheet('B', 1, 'busy'));
    const mark = (state: string) =>
      run(build.updateTable('imports').set({ state }).where('id', '=', view.id));
    mark('uploading');
    const second = await send<Problem>(sampleSheet('B', 1, 'second'), 'csv');
    expect(second).toMatchObject({ status: 409, body: { code: 'IMPORT_BUSY' } });
    mark('checked');
  });
});

describe('an organisation’s imports', () => {
  it('are seen by its readers, changed by those who prepare, and by nobody else', async () => {
    const view = await checked(sheetWithMistakes('access'));
    const { body, headers } = await uploadOf(Buffer.from('a;b\n1;2\n'), 'a.csv');
    const one = (id: string) => ({
      read: [
        ['GET', `/api/imports/${id}`],
        ['GET', `/api/imports/${id}/findings`],
        ['GET', `/api/imports/${id}/report.csv`],
        ['GET', `/api/imports/${id}/mend.csv`],
      ],
      change: [
        ['POST', `/api/imports/${id}/applications`, { makeReady: false }],
        ['DELETE', `/api/imports/${id}/applications`],
        ['DELETE', `/api/imports/${id}`],
      ],
    });
    const all = {
      read: [
        ['GET', '/api/imports'],
        ['GET', '/api/imports/templates/B.csv'],
      ],
      change: [['POST', '/api/imports?model=B', body, headers]],
    };
    type Route = [string, string, unknown?, Record<string, string>?];
    const codes = async (who: string, routes: readonly unknown[]) => {
      const said = await Array.fromAsync(routes as Route[], async (route) => {
        const answer = await callers[who]!.call<Problem>(...route);
        return answer.status < 300 ? 'OK' : answer.body.code;
      });
      return [...new Set(said)].join();
    };
    const { read, change } = one(view.id);
    expect(await codes('reader', [...all.read, ...read])).toBe('OK');
    expect(await codes('reader', [...all.change, ...change])).toBe('ROLE_INSUFFICIENT');
    expect(await codes('stranger', [...read, ...change])).toBe('NOT_FOUND');
    expect(await codes('stranger', all.read)).toBe('OK');
    const listed = await callers.stranger!.call<ImportsAnswer>('GET', '/api/imports');
    expect(listed.body.imports).toEqual([]);
    const everything = [...all.read, ...all.change, ...read, ...change];
    expect(await codes('person', everything)).toBe('IMPORT_ORGANISATIONS_ONLY');
    expect(await codes('nobody', everything)).toBe('UNAUTHENTICATED');
    expect((await preparer().call('GET', `/api/imports/${SOME_ID}`)).status).toBe(404);
    expect((await findings(view)).length).toBe(2);
  });

  it('are forgotten when wished; what they made stays', async () => {
    const view = await take(await checked(sampleSheet('B', 1, 'forget')), false);
    const { total } = await applications();
    expect((await preparer().call('DELETE', `/api/imports/${view.id}`)).status).toBe(204);
    expect((await preparer().call('GET', `/api/imports/${view.id}`)).status).toBe(404);
    expect((await applications()).total).toBe(total);
  });
});

describe('the sheet to fill in', () => {
  it('has a column for every answer, and reads back as the header it is', async () => {
    for (const path of ['B.xlsx', 'B.csv?language=en']) {
      const { body } = await preparer().call<Buffer>('GET', `/api/imports/templates/${path}`);
      const [header] = await Array.fromAsync(sheetRows(body));
      const codes = header?.cells.map((cell) => /\[(\w+)\]$/.exec(cell)?.[1]);
      expect(codes).toEqual(sampleSheet('B', 0).fields);
    }
  });
});

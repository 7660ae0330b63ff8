/**
 * `models check` on broken directories: each kind of mistake is made once in a copy of the example
 * grant and found where it was made. That the example itself is whole is the control.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  clickDayFor,
  competentOffice,
  loadModels,
  ModelsInvalid,
  modelsFaults,
  receiptLines,
  routingOf,
} from '#engine/portal/models/index.ts';
import { formOf, models } from '#test/support/models.ts';

const EXAMPLE = 'docs/examples/bicycle-grant';

/** A test that breaks files writes what no type allows. */
type Any = ReturnType<typeof JSON.parse>;
type Change = (content: Any) => void;

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'clickday-models-'));
});
afterAll(() => rmSync(root, { recursive: true }));

/** A copy of the example in which one file is changed, or taken away. */
function broken(file: string, change: Change | null): string {
  const directory = mkdtempSync(join(root, 'call-'));
  cpSync(EXAMPLE, directory, { recursive: true });
  const path = join(directory, file);
  if (change === null) {
    rmSync(path);
    return directory;
  }
  const content: Any = JSON.parse(readFileSync(path, 'utf8'));
  change(content);
  writeFileSync(path, JSON.stringify(content));
  return directory;
}

const faultsOf = (file: string, change: Change | null) =>
  modelsFaults(broken(file, change)).map((one) => `${one.file} ${one.path}: ${one.message}`);

const BICI = 'definitions/bici-1.json';
const BIKE = 'pages/bicycle-1.json';
const PERSON = 'pages/grant-applicant-1.json';
const DISTRICTS = 'tables/districts.json';
const CALENDAR = 'calendars/grant-2026.json';

describe('the example grant', () => {
  it('is whole', () => {
    expect(modelsFaults(EXAMPLE)).toEqual([]);
  });

  it('is a call of its own: its models are offered, the others can still be read', () => {
    const call = loadModels(EXAMPLE);
    expect(call.list().map((form) => form.code)).toEqual(['BICI', 'CARGO']);
    expect(call.get('A')).toEqual(models.get('A'));
    expect(call.table('comuni')?.rows.length).toBe(7_904);
  });

  it('routes by income and district, and says on receipts what it is about', () => {
    const call = loadModels(EXAMPLE);
    const form = call.get('BICI')!;
    const days = call.calendar('grant-2026') ?? [];
    const dayOf = (iseeBand: string) => clickDayFor(routingOf(form, { iseeBand }), days);
    expect(dayOf('A')).toEqual({ ok: true, clickDay: 'bici-1' });
    expect(dayOf('B')).toEqual({ ok: true, clickDay: 'bici-1' });
    expect(dayOf('C')).toEqual({ ok: true, clickDay: 'bici-2' });
    const office = competentOffice(call, form, { district: 'SUD' });
    expect([office?.office, office?.criterion]).toEqual(['SUD', 'residence']);
    expect(office?.name.it).toBe('Comune di Valdorata – Sportello di quartiere Sud');
    const answers = {
      applicantName: 'Zoè',
      applicantSurname: 'Fo',
      bikeKind: 'EBIKE',
      grantAsked: 350,
    };
    expect(receiptLines(call, form, answers).map(({ value }) => value.en)).toEqual([
      'Zoè Fo',
      'Pedal-assisted bicycle',
      '350',
    ]);
  });
});

describe('a models directory is refused', () => {
  const cases: readonly [string, string, Change | null, string][] = [
    ['a text in one language', BICI, (d) => delete d.title.en, `${BICI} /title/en: is missing`],
    [
      'an unknown member',
      BIKE,
      (d) => (d.schema.properties.price['x-lable'] = 1),
      `${BIKE} /schema/properties/price/x-lable: is no member that is known here`,
    ],
    [
      'an unknown widget',
      BIKE,
      (d) => (d.schema.properties.price['x-widget'] = 'slider'),
      `${BIKE} /schema/properties/price/x-widget: expected union value, found "slider"`,
    ],
    [
      'a party by a field that is not asked',
      BICI,
      (d) => (d.meaning.same = [[['nobody']]]),
      `${BICI} /meaning/same/0: there is no field nobody`,
    ],
    [
      'a copy without a page that is none',
      BICI,
      (d) => (d.meaning.copy.person = ['nobody']),
      `${BICI} /meaning/copy/person: there is no page with key nobody`,
    ],
    [
      'a document that is attached twice',
      BICI,
      (d) => (d.documents[0].attach = d.documents[1].attach),
      `${BICI} /documents: isee is attached twice`,
    ],
    ['no call', 'call.json', null, 'call.json : is missing: it says which models are offered'],
    [
      'an offer of nothing',
      'call.json',
      (d) => d.offers.push('TANDEM'),
      'call.json /offers/2: there is no model TANDEM',
    ],
    [
      'a question astray',
      'choice.json',
      (d) => (d.answers[0].model = 'A'),
      'choice.json /answers/0: the call does not offer A',
    ],
    [
      'a model no answer reaches',
      'choice.json',
      (d) => (d.answers[0].model = 'CARGO'),
      'choice.json : no answer leads to BICI',
    ],
    [
      'an answer that leads nowhere',
      'choice.json',
      (d) => delete d.answers[0].model,
      'choice.json /answers/0: an answer has either a model or a next question',
    ],
    [
      'a missing page',
      BICI,
      (d) => d.pages.push('bell-1'),
      `${BICI} /pages/3: there is no page bell-1`,
    ],
    [
      'a version twice',
      'definitions/cargo-1.json',
      (d) => (d.code = 'BICI'),
      `${BICI} /version: BICI version 1 exists: a change is a new version`,
    ],
    [
      'a field on two pages',
      BICI,
      (d) => d.pages.push('bicycle-1'),
      `${BICI} /pages: the field price is on two pages`,
    ],
    [
      'a title of no field',
      BICI,
      (d) => (d.meaning.title[0] = 'nickname'),
      `${BICI} /meaning/title/0: there is no field nickname`,
    ],
    [
      'a receipt of no field',
      BICI,
      (d) => d.meaning.facts[0].fields.push(['nickname']),
      `${BICI} /meaning/facts/0: there is no field nickname`,
    ],
    [
      'a flag of no field',
      BICI,
      (d) => (d.meaning.special[0].when[0].field = 'wealth'),
      `${BICI} /meaning/special/0: there is no field wealth`,
    ],
    [
      'an office of no field',
      BICI,
      (d) => (d.meaning.office.criteria[0].field = 'quarter'),
      `${BICI} /meaning/office/criteria/0: there is no field quarter`,
    ],
    [
      'an office by a free text',
      BICI,
      (d) => (d.meaning.office.criteria[0].field = 'street'),
      `${BICI} /meaning/office/criteria/0: street chooses from no table`,
    ],
    [
      'a column that is not there',
      BICI,
      (d) => (d.meaning.office.criteria[0].column = 'desk'),
      `${BICI} /meaning/office/criteria/0: districts has no column desk`,
    ],
    [
      'offices without names',
      BICI,
      (d) => (d.meaning.office.table = 'desks'),
      `${BICI} /meaning/office/table: there is no table desks`,
    ],
    [
      'a choice of grounds that differs',
      BICI,
      (d) => (d.meaning.office.chosenBy = 'district'),
      `${BICI} /meaning/office/chosenBy: district offers CEN, NOR, SUD, COL, but the criteria are residence`,
    ],
    [
      'a field shown nowhere',
      BIKE,
      (d) => d.sections[1].fields.pop(),
      `${BIKE} /schema/properties/grantAsked: is shown in no section`,
    ],
    [
      'a field shown twice',
      BIKE,
      (d) => d.sections[0].fields.push('price'),
      `${BIKE} /sections: shows price twice`,
    ],
    [
      'a required field without schema',
      BIKE,
      (d) => d.schema.required.push('bell'),
      `${BIKE} /schema/required: asks for bell, which the schema has not`,
    ],
    [
      'a text without bound',
      BIKE,
      (d) => delete d.schema.properties.seller.maxLength,
      `${BIKE} /schema/properties/seller: has no bound: give it maxLength or maximum`,
    ],
    [
      'a pattern that cannot be read',
      BIKE,
      (d) => (d.schema.properties.seller.pattern = '(['),
      'has a pattern that cannot be read',
    ],
    [
      'a table that is not there',
      BIKE,
      (d) => (d.schema.properties.bikeKind['x-table'] = 'wheels'),
      `${BIKE} /schema/properties/bikeKind: there is no table wheels`,
    ],
    [
      'codes longer than the field',
      PERSON,
      (d) => (d.schema.properties.district.maxLength = 2),
      `${PERSON} /schema/properties/district: the code CEN of districts does not fit the field`,
    ],
    [
      'a condition on a later field',
      PERSON,
      (d) =>
        (d.schema.properties.applicantName['x-visibleWhen'] = [{ field: 'street', notIn: [] }]),
      `${PERSON} /schema/properties/applicantName/x-visibleWhen: street is not asked before it in model BICI`,
    ],
    [
      'a check that is not there',
      BIKE,
      (d) => (d.rules[0].check = 'magic'),
      `${BIKE} /rules/0: DATE_IN_FUTURE: there is no check magic`,
    ],
    [
      'a rule about another page',
      BIKE,
      (d) => (d.rules[0].field = 'iban'),
      `${BIKE} /rules/0: DATE_IN_FUTURE: iban is not on this page`,
    ],
    [
      'a rule over no field',
      BIKE,
      (d) => (d.rules[1].with.minimum = 'cost'),
      `${BIKE} /rules/1: PRICE_TOO_LOW: there is no field cost`,
    ],
    [
      'a code twice',
      DISTRICTS,
      (d) => (d.rows[1][0] = 'CEN'),
      `${DISTRICTS} /rows/1: the code CEN is there twice`,
    ],
    [
      'a cell too few',
      DISTRICTS,
      (d) => d.rows[0].pop(),
      `${DISTRICTS} /rows/0: has 4 cells for 5 columns`,
    ],
    [
      'a table by another name',
      DISTRICTS,
      (d) => (d.name = 'zones'),
      `${DISTRICTS} /name: must be districts, as the file is called`,
    ],
    [
      'a day that closes first',
      CALENDAR,
      (d) => (d.clickDays[0].closesAt = '2026-04-01T07:00:00Z'),
      `${CALENDAR} /clickDays/0: closes before it opens`,
    ],
    [
      'an instant that is none',
      CALENDAR,
      (d) => (d.clickDays[0].opensAt = 'soon'),
      `${CALENDAR} /clickDays/0: soon is no instant: write 2011-01-31T07:00:00Z`,
    ],
    [
      'a day of no model',
      CALENDAR,
      (d) => (d.clickDays[1].rules[0].models = ['X']),
      `${CALENDAR} /clickDays/1/rules: there is no model X`,
    ],
    [
      'no samples',
      'samples/bicycle-1.json',
      null,
      'samples/bicycle-1.json : is missing: it says how the page is answered in samples of BICI',
    ],
    [
      'a sample that is wrong',
      'samples/bicycle-1.json',
      (d) => (d.steps = d.steps.filter((step: Any) => step.set !== 'seller')),
      'samples/bicycle-1.json : seller REQUIRED in model BICI: no answer',
    ],
    [
      'a step that is none',
      'samples/bicycle-1.json',
      (d) => d.steps.push({ sing: 1 }),
      'samples : BICI: no such step: {"sing":1}',
    ],
  ];

  it.each(cases)('for %s', (_name, file, change, expected) => {
    expect(faultsOf(file, change).join('\n')).toContain(expected);
  });

  it('for a file that is no JSON, and for the name of a published page or table', () => {
    const directory = broken(BICI, () => {});
    writeFileSync(join(directory, BIKE), '{');
    writeFileSync(join(directory, 'pages/worker-1.json'), JSON.stringify(formOf('A').pages[1]));
    const table = JSON.stringify(models.tableDocument('sexes'));
    writeFileSync(join(directory, 'tables/sexes.json'), table);
    const faults = modelsFaults(directory).map((one) => `${one.file}: ${one.message}`);
    expect(faults.join('\n')).toMatch(/pages\/bicycle-1\.json: is no JSON/);
    expect(faults).toContain('tables/sexes.json: has the name of a published table');
    // The page carries the number that only a model gives it.
    expect(faults).toContain('pages/worker-1.json: is no member that is known here');
  });

  it('with everything that is wrong, when a portal would be started with it', () => {
    const directory = broken(BICI, (d) => {
      d.meaning.title = ['nickname'];
      d.pages.push('bell-1');
    });
    const load = () => loadModels(directory);
    expect(load).toThrow(ModelsInvalid);
    expect(load).toThrow(/nickname[\s\S]*|bell-1/);
    expect(() => loadModels(join(root, 'nowhere'))).toThrow(/there is no such directory/);
  });
});

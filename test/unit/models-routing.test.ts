/** Where an application goes: click day by the decree of 2010, office by residence or workplace. */
import { describe, expect, it } from 'vitest';
import { seededRandom } from '#engine/foundation/random.ts';
import {
  applicationTitle,
  canonicalApplication,
  clickDayFor,
  competentOffice,
  digestOf,
  newSalt,
  receiptLines,
  routingOf,
  sampleAccount,
} from '#engine/portal/models/index.ts';
import { type FormValues, hasValidCheckLetter } from '#protocol/forms/index.ts';
import { usFromIso } from '#protocol/time.ts';
import { formOf, models, sampleOf } from '#test/support/models.ts';

const DAYS = models.calendar('decree-2010') ?? [];
const nationalityField = 'workerCitizenship';
const dayOf = (model: string, nationality: string | undefined, special: string | null = null) => {
  const choice = clickDayFor({ model, nationalityField, nationality, special }, DAYS);
  return choice.ok ? choice.clickDay : choice.error.code;
};
const DESCENT = 'italian-descent';

describe('click day', () => {
  it.each([
    ['A', 'BD', null, '2011-01-31'],
    ['B', 'MA', null, '2011-01-31'],
    ['B', 'AL', null, '2011-01-31'],
    ['A', 'CN', null, '2011-02-02'],
    ['A', 'AR', null, '2011-02-02'],
    ['A', 'AR', DESCENT, '2011-02-03'],
    ['B', 'BR', DESCENT, '2011-02-03'],
    ['B', 'BR', null, 'NATIONALITY_NOT_ADMITTED'],
    ['B', 'CN', null, 'NATIONALITY_NOT_ADMITTED'],
    ['A', 'CN', DESCENT, '2011-02-02'],
    ['VA', 'CN', null, '2011-02-03'],
    ['VB', 'AL', null, '2011-02-03'],
    ['LS', 'MA', null, '2011-02-03'],
    ['LS1', 'PH', null, '2011-02-03'],
    ['LS2', 'MA', null, '2011-02-03'],
    ['BPS', 'BD', null, '2011-02-03'],
    ['C-STAG', 'MA', null, 'MODEL_NOT_ADMITTED'],
    ['Z', 'MA', null, 'MODEL_NOT_ADMITTED'],
    ['A', undefined, null, 'NATIONALITY_MISSING'],
  ])('of model %s, nationality %s, flag %s is %s', (model, nationality, special, expected) => {
    expect(dayOf(model, nationality, special)).toBe(expected);
  });

  it('is the first day for every nationality of art. 2, model A or B', () => {
    for (const { code } of models.table('art2-nationalities')?.rows ?? []) {
      expect([dayOf('A', code), dayOf('B', code)]).toEqual(['2011-01-31', '2011-01-31']);
    }
  });

  it('of the other nationalities takes none of art. 2, even when it is the only one left', () => {
    const [, second] = DAYS;
    const routing = { model: 'A', nationalityField, nationality: 'BD', special: null };
    const choice = clickDayFor(routing, second === undefined ? [] : [second]);
    expect(choice.ok ? choice.clickDay : choice.error).toMatchObject({
      field: 'workerCitizenship',
      code: 'NATIONALITY_NOT_ADMITTED',
    });
  });

  it('does not depend on the order of the calendar', () => {
    const turned = [...DAYS].reverse();
    const routing = { model: 'A', nationalityField, nationality: 'AR', special: DESCENT };
    expect(clickDayFor(routing, turned)).toEqual({ ok: true, clickDay: '2011-02-03' });
    const everyone = turned.map((day) => ({ ...day, rules: [{}] }));
    expect(clickDayFor(routing, everyone)).toEqual({ ok: true, clickDay: '2011-01-31' });
  });

  it('is none on an empty calendar, without rules, or when all have closed', () => {
    const routing = { model: 'A', nationalityField, nationality: 'BD', special: null };
    const code = (choice: ReturnType<typeof clickDayFor>) => (choice.ok ? '' : choice.error.code);
    expect(code(clickDayFor(routing, []))).toBe('NO_CLICK_DAY');
    const closesAtUs = usFromIso(DAYS[0]?.closesAt ?? '');
    expect(code(clickDayFor(routing, DAYS, closesAtUs))).toBe('NO_CLICK_DAY');
    expect(clickDayFor(routing, DAYS, closesAtUs - 1).ok).toBe(true);
    const bare = DAYS.map((day) => ({ ...day, rules: [] }));
    expect(code(clickDayFor(routing, bare))).toBe('MODEL_NOT_ADMITTED');
  });

  it('of seasonal work is in its own decree', () => {
    const seasonal = models.calendar('seasonal-2011') ?? [];
    const routing = { model: 'C-STAG', nationalityField, nationality: 'MA', special: null };
    expect(clickDayFor(routing, seasonal)).toEqual({ ok: true, clickDay: '2011-03-22' });
    expect(clickDayFor({ ...routing, model: 'A' }, seasonal).ok).toBe(false);
  });

  it('needs no nationality of a form that asks for none', () => {
    const everyone = DAYS.map((day) => ({ ...day, rules: [{}] }));
    const routing = { model: 'X', nationalityField: '', nationality: undefined, special: null };
    expect(clickDayFor(routing, everyone)).toEqual({ ok: true, clickDay: '2011-01-31' });
    expect(clickDayFor({ ...routing, nationalityField: 'citizenship' }, everyone)).toMatchObject({
      error: { code: 'NATIONALITY_MISSING', field: 'citizenship' },
    });
  });

  it('opens at 8 in Rome on the three days', () => {
    expect(DAYS.map((day) => day.opensAt)).toEqual([
      '2011-01-31T07:00:00.000000Z',
      '2011-02-02T07:00:00.000000Z',
      '2011-02-03T07:00:00.000000Z',
    ]);
  });

  it('is read from the answers', () => {
    const answers = { workerCitizenship: 'AR', workerItalianDescent: true };
    expect(routingOf(formOf('A'), answers)).toEqual({
      model: 'A',
      nationalityField,
      nationality: 'AR',
      special: DESCENT,
    });
    expect(routingOf(formOf('A'), {}).nationality).toBeUndefined();
  });
});

describe('competent office', () => {
  const roma = { employerResidenceComune: 'H501' };
  const brescia = { workplaceComune: 'B157' };
  it.each([
    [{}, undefined, undefined],
    [roma, 'RM', 'residence'],
    [{ ...roma, ...brescia }, 'BS', 'workplace'],
    [{ ...roma, ...brescia, officeCriterion: 'residence' }, 'RM', 'residence'],
    [{ ...roma, officeCriterion: 'workplace' }, 'RM', 'residence'],
    [{ seatComune: 'F205', ...brescia, officeCriterion: 'seat' }, 'MI', 'seat'],
    [{ seatComune: 'F205', ...brescia, officeCriterion: 'residence' }, 'BS', 'workplace'],
    [{ workplaceComune: 'Z999' }, undefined, undefined],
    [{ applicantResidenceComune: 'H501' }, 'RM', 'residence'],
    [
      { applicantResidenceComune: 'H501', ...brescia, officeCriterion: 'residence' },
      'RM',
      'residence',
    ],
  ])('with %j is %s by %s', (values, office, criterion) => {
    const owners = { seatComune: 'B', applicantResidenceComune: 'VA' };
    const owner = Object.entries(owners).find(([field]) => field in values);
    const model = owner?.[1] ?? 'A';
    const found = competentOffice(models, formOf(model), values);
    expect([found?.office, found?.criterion]).toEqual([office, criterion]);
  });

  it('lists what the applicant may choose, the place of work first', () => {
    expect(competentOffice(models, formOf('A'), { ...roma, ...brescia })?.allowed).toEqual([
      { office: 'BS', criterion: 'workplace' },
      { office: 'RM', criterion: 'residence' },
    ]);
  });

  it.each([
    ['A326', 'AO', 'Regione autonoma Valle d’Aosta'],
    ['L378', 'TN', 'Commissariato del Governo'],
    ['A952', 'BZ', 'Commissariato del Governo'],
    ['H501', 'RM', 'Prefettura-UTG di Roma'],
  ])('of comune %s is %s, called %s', (workplaceComune, office, name) => {
    const found = competentOffice(models, formOf('A'), { workplaceComune });
    expect(found?.office).toBe(office);
    expect(found?.name.it).toContain(name);
  });
});

describe('what an application is called and signed as', () => {
  const random = seededRandom(7, { nowUs: () => 0 });
  const answers = { workerSurname: 'Çela', workerName: 'Gëzim', workerCitizenship: 'AL' };

  it('has the worker as its title, empty while unknown', () => {
    expect(applicationTitle(formOf('A'), answers)).toBe('ÇELA Gëzim');
    expect(applicationTitle(formOf('A'), {})).toBe('');
  });

  it('says on a receipt who hires whom, with accents and names instead of codes', () => {
    const company = { ...answers, companyName: 'Pietà S.r.l.' };
    const said = (model: string, values: FormValues) =>
      receiptLines(models, formOf(model), values).map(({ label, value }) => [label.it, value.it]);
    expect(said('B', company)).toEqual([
      ['Datore di lavoro', 'Pietà S.r.l.'],
      ['Lavoratore', 'Gëzim Çela'],
      ['Cittadinanza del lavoratore', 'Albania'],
    ]);
    const person = { employerName: 'Zoè', employerSurname: 'Fo' };
    expect(said('A', person)[0]).toEqual(['Datore di lavoro', 'Zoè Fo']);
    expect(said('A', {}).map(([, value]) => value)).toEqual(['', '', '']);
  });

  it('names in the models of the applicant himself who applies', () => {
    const labels = (model: string) =>
      receiptLines(models, formOf(model), {}).map(({ label }) => label.en);
    expect(labels('VA')).toEqual(['Who applies', 'Employer', 'Nationality']);
    expect(labels('LS2')).toEqual(['Who applies', 'Nationality']);
  });

  it('has one canonical text whatever the order of the answers', () => {
    const parts = { id: 'X', model: 'A', version: 1, salt: newSalt(random) };
    const one = canonicalApplication({ ...parts, values: { b: 1, a: 'è' } });
    const other = canonicalApplication({ ...parts, values: { a: 'è', b: 1 } });
    expect(one).toBe(other);
    expect(one).toMatch(/^\{"id":"X","model":"A","salt":"[\w-]{22}","values":\{"a":"è","b":1\}/);
    expect(digestOf(one)).toMatch(/^[\w-]{43}$/);
    expect(
      digestOf(canonicalApplication({ ...parts, salt: newSalt(random), values: {} })),
    ).not.toBe(digestOf(canonicalApplication({ ...parts, values: {} })));
  });
});

describe('samples', () => {
  const TODAY = '2011-01-17';
  const world = { nowUs: () => 0 };

  it('are the same for the same seed', () => {
    const make = () => sampleOf({ random: seededRandom(3, world), todayIso: TODAY });
    expect(make()).toEqual(make());
  });

  it('do as they are told', () => {
    const random = seededRandom(4, world);
    const wish = { model: 'B', nationality: 'IN', province: 'BZ' } as const;
    const { model, values } = sampleOf({ random, todayIso: TODAY, ...wish });
    expect([model, values.workerCitizenship]).toEqual(['B', 'IN']);
    expect(models.table('comuni')?.row(String(values.workplaceComune))?.extra.province).toBe('BZ');
    const unknown = { random, todayIso: TODAY, province: 'XX' };
    expect(() => sampleOf(unknown)).toThrow(RangeError);
  });

  it('go to the click day of their group', () => {
    const random = seededRandom(5, world);
    const groups = { art2: '2011-01-31', other: '2011-02-02', 'italian-descent': '2011-02-03' };
    for (const [group, day] of Object.entries(groups)) {
      const wish = { random, todayIso: TODAY, group: group as keyof typeof groups };
      for (let index = 0; index < 50; index += 1) {
        const { model, values } = sampleOf(wish);
        expect(clickDayFor(routingOf(formOf(model), values), DAYS)).toEqual({
          ok: true,
          clickDay: day,
        });
      }
    }
  });

  it('follow the published proportions', () => {
    const random = seededRandom(6, world);
    const samples = Array.from({ length: 2_000 }, () =>
      sampleOf({ random, todayIso: TODAY, group: 'art2' }),
    );
    const share = (test: (one: (typeof samples)[number]) => boolean) =>
      samples.filter(test).length / samples.length;
    expect(share((one) => one.model === 'A')).toBeCloseTo(230_929 / 324_709, 1);
    expect(share((one) => one.values.workerCitizenship === 'BD')).toBeCloseTo(51 / 325, 1);
  });

  it('split into pages that merge into the same answers', () => {
    const { values, pages } = sampleOf({
      random: seededRandom(8, world),
      todayIso: TODAY,
    });
    expect(Object.assign({}, ...pages.map((page) => page.values))).toEqual(values);
  });

  it('make accounts with a right codice fiscale and an address of their own', () => {
    const random = seededRandom(9, world);
    const accounts = Array.from({ length: 200 }, (_, serial) => sampleAccount(random, serial));
    expect(new Set(accounts.map((one) => one.email)).size).toBe(200);
    for (const { email, codiceFiscale } of accounts) {
      expect(email).toMatch(/^[a-z]+\.[a-z]+\.\d+@example\.org$/);
      expect(hasValidCheckLetter(codiceFiscale)).toBe(true);
    }
  });
});

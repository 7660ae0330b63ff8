/** Every rule of models A and B: a complete application passes, one changed answer does not. */
import { describe, expect, it } from 'vitest';
import { seededRandom } from '#engine/foundation/random.ts';
import { codiceFiscaleOf, type FormValues, validateAll } from '#protocol/forms/index.ts';
import { formOf, models, sampleOf } from '#test/support/models.ts';

const TODAY = '2011-01-17';
const ROSSI = {
  surname: 'D’Amico',
  name: 'Nicolò',
  sex: 'M',
  birthDate: '1960-05-12',
  place: 'H501',
} as const;
const MOTHER = {
  surname: 'Cantù',
  name: 'Zoè',
  sex: 'F',
  birthDate: '1930-02-03',
  place: 'F205',
} as const;

const person = (prefix: string): FormValues => ({
  [`${prefix}CodiceFiscale`]: codiceFiscaleOf(ROSSI),
  [`${prefix}Surname`]: ROSSI.surname,
  [`${prefix}Name`]: ROSSI.name,
  [`${prefix}Sex`]: 'M',
  [`${prefix}MaritalStatus`]: 'C',
  [`${prefix}BirthDate`]: ROSSI.birthDate,
  [`${prefix}BirthCountry`]: 'IT',
  [`${prefix}BirthComune`]: 'H501',
  [`${prefix}ResidenceComune`]: 'F205',
  [`${prefix}ResidenceStreet`]: 'Via Pietà',
  [`${prefix}ResidenceNumber`]: '1',
  [`${prefix}ResidencePostcode`]: '20121',
  [`${prefix}Citizenship`]: 'IT',
  [`${prefix}DocumentKind`]: 'IDC',
  [`${prefix}DocumentNumber`]: 'AB1234567',
  [`${prefix}DocumentIssuer`]: 'Comune di Milano',
  [`${prefix}DocumentIssued`]: '2008-03-01',
  [`${prefix}DocumentExpires`]: '2018-03-01',
});
const permit = (prefix: string): FormValues => ({
  [`${prefix}Citizenship`]: 'MA',
  [`${prefix}PermitKind`]: 'PDS',
  [`${prefix}PermitNumber`]: 'I1234567',
  [`${prefix}PermitReason`]: 'LAV',
  [`${prefix}PermitIssued`]: '2010-03-01',
  [`${prefix}PermitExpires`]: '2012-03-01',
});

const shared: FormValues = {
  workerSurname: 'Çela',
  workerName: 'Gëzim',
  workerSex: 'M',
  workerBirthDate: '1980-04-30',
  workerBirthCountry: 'AL',
  workerBirthPlace: 'Shkodër',
  workerCitizenship: 'AL',
  workerResidenceCountry: 'AL',
  workerResidencePlace: 'Tirana',
  workerDocumentKind: 'PAS',
  workerDocumentNumber: 'BA7654321',
  workerDocumentIssued: '2009-01-01',
  workerDocumentExpires: '2019-01-01',
  jobDuration: 'DET',
  jobMonths: 12,
  jobWeeklyHours: 20,
  jobMonthlyPay: 700.5,
  jobStart: '2011-06-01',
  workplaceComune: 'B157',
  workplaceStreet: 'Via Roma',
  workplaceNumber: 'SNC',
  workplacePostcode: '25121',
  accommodationProvider: 'EMP',
  accommodationDeducted: false,
  accommodationAtWorkplace: true,
  accommodationTitle: 'RENT',
  accommodationSuitability: 'REQ',
  officeCriterion: 'workplace',
  yearlyIncome: 18_213,
  stampNumber: '01234567890123',
  stampDate: TODAY,
  contactEmail: 'nicolo@example.org',
  contactTelephone: '+39 06 123456',
  undertakesTravel: true,
  undertakesChanges: true,
  declaresTruth: true,
  privacyRead: true,
};
const domestic: FormValues = {
  ...person('employer'),
  ...shared,
  jobReason: 'FAM',
  jobLevel: 'BS',
  jobLivesIn: true,
};
const care: FormValues = {
  ...domestic,
  jobReason: 'CARE',
  careRelation: 'PAR',
  jobLevel: 'CS',
  carePersonSurname: MOTHER.surname,
  carePersonName: MOTHER.name,
  carePersonBirthDate: MOTHER.birthDate,
  carePersonCodiceFiscale: codiceFiscaleOf(MOTHER),
};
const employed: FormValues = {
  ...person('representative'),
  ...shared,
  companyKind: 'SOC',
  companyName: 'Officine D’Amico S.r.l.',
  companyCodiceFiscale: '00743110157',
  companyVatNumber: '00743110157',
  companyRegisterProvince: 'MI',
  companyRegisterNumber: '123456',
  companyRegisterDate: '1999-01-01',
  seatComune: 'F205',
  seatStreet: 'Via Roma',
  seatNumber: '2',
  seatPostcode: '20121',
  jobAgreement: 'MET',
  jobCategory: 'OPE',
  jobGrade: '3',
  jobTasks: 'Saldatura e montaggio',
  employeesCount: 4,
};

const errorsOf = (model: string, values: FormValues) =>
  validateAll(formOf(model), values, { todayIso: TODAY, tables: models.tables });
const judge = (model: string, values: FormValues) =>
  errorsOf(model, values).map(({ field, code }) => `${field} ${code}`);

function without(values: FormValues, ...fields: string[]): FormValues {
  return Object.fromEntries(Object.entries(values).filter(([field]) => !fields.includes(field)));
}

const personRules = (p: string): readonly [string, FormValues][] => [
  [`${p}CodiceFiscale CF_CHECKSUM`, { [`${p}CodiceFiscale`]: 'DMCNCL60E12H501A' }],
  [`${p}CodiceFiscale CF_SURNAME`, { [`${p}Surname`]: 'Amico' }],
  [`${p}CodiceFiscale CF_NAME`, { [`${p}Name`]: 'Nicola Maria' }],
  [`${p}CodiceFiscale CF_BIRTH_DATE`, { [`${p}BirthDate`]: '1960-05-21' }],
  [`${p}CodiceFiscale CF_SEX`, { [`${p}Sex`]: 'F' }],
  [`${p}CodiceFiscale CF_PLACE`, { [`${p}BirthComune`]: 'F205' }],
  [`${p}DocumentIssued DATE_IN_FUTURE`, { [`${p}DocumentIssued`]: '2011-01-18' }],
  [`${p}DocumentIssued ISSUED_BEFORE_BIRTH`, { [`${p}DocumentIssued`]: '1959-01-18' }],
  [`${p}DocumentExpires EXPIRES_BEFORE_ISSUE`, { [`${p}DocumentExpires`]: '2007-01-01' }],
  [`${p}DocumentExpires DOCUMENT_EXPIRED`, { [`${p}DocumentExpires`]: '2011-01-16' }],
  [`${p}PermitKind REQUIRED`, without({ ...permit(p) }, `${p}PermitKind`, `${p}PermitExpires`)],
  [`${p}PermitExpires PERMIT_EXPIRED`, { ...permit(p), [`${p}PermitExpires`]: '2011-01-16' }],
  [`${p}PermitIssued DATE_IN_FUTURE`, { ...permit(p), [`${p}PermitIssued`]: '2011-02-16' }],
  [`${p}ResidenceComune NOT_IN_LIST`, { [`${p}ResidenceComune`]: 'Z999' }],
  [`${p}ResidencePostcode PATTERN`, { [`${p}ResidencePostcode`]: '2012' }],
];
const workerRules: readonly [string, FormValues][] = [
  ['workerSurname PATTERN', { workerSurname: 'Шевченко' }],
  ['workerBirthDate DATE_IN_FUTURE', { workerBirthDate: '2012-01-01' }],
  ['workerBirthDate TOO_YOUNG', { workerBirthDate: '1995-01-18' }],
  ['workerCitizenship WORKER_NEEDS_NO_CLEARANCE', { workerCitizenship: 'RO' }],
  ['workerCitizenship NOT_IN_LIST', { workerCitizenship: 'QQ' }],
  ['workerItalianDescent REQUIRED', { workerCitizenship: 'AR' }],
  ['workerDocumentExpires DOCUMENT_EXPIRED', { workerDocumentExpires: '2011-01-01' }],
  ['workerDocumentIssued DATE_IN_FUTURE', { workerDocumentIssued: '2012-01-01' }],
];
const contractRules: readonly [string, FormValues][] = [
  ['jobWeeklyHours HOURS_TOO_FEW', { jobWeeklyHours: 19 }],
  ['jobWeeklyHours TOO_HIGH', { jobWeeklyHours: 55 }],
  ['jobMonthlyPay PAY_TOO_LOW', { jobMonthlyPay: 447.6 }],
  ['jobStart START_IN_PAST', { jobStart: '2011-01-16' }],
  ['accommodationComune REQUIRED', { accommodationAtWorkplace: false }],
  ['stampNumber PATTERN', { stampNumber: '123' }],
  ['stampDate DATE_IN_FUTURE', { stampDate: '2011-01-18' }],
  ['declaresTruth MUST_ACCEPT', { declaresTruth: false }],
  ['contactEmail NOT_AN_EMAIL', { contactEmail: 'nicolo' }],
  ['yearlyIncome INCOME_TOO_LOW', { yearlyIncome: 18_212 }],
];

describe('model A', () => {
  it('takes a complete application', () => {
    expect(judge('A', domestic)).toEqual([]);
    expect(judge('A', care)).toEqual([]);
  });

  it.each([
    ...personRules('employer'),
    ['employerBirthDate TOO_YOUNG', { employerBirthDate: '1993-01-18' }] as const,
    ...workerRules,
    ...contractRules,
  ])('says %s', (expected, change) => {
    expect(judge('A', { ...domestic, ...change })).toContain(expected);
  });

  it('wants C super or D super for the care of a person', () => {
    expect(judge('A', { ...care, jobLevel: 'B' })).toEqual(['jobLevel LEVEL_NOT_FOR_CARE']);
    expect(judge('A', { ...care, jobLevel: 'DS' })).toEqual([]);
  });

  it('checks the codice fiscale of the person who needs care', () => {
    const wrong = { ...care, carePersonBirthDate: '1930-02-04' };
    expect(judge('A', wrong)).toEqual(['carePersonCodiceFiscale CF_BIRTH_DATE']);
  });

  it('counts the income of relatives and asks none of an employer who needs care', () => {
    const poor = { ...domestic, yearlyIncome: 10_000 };
    expect(judge('A', poor)).toEqual(['yearlyIncome INCOME_TOO_LOW']);
    expect(judge('A', { ...poor, relativesIncome: 8_213 })).toEqual([]);
    const own = without({ ...care, careRelation: 'SELF' }, 'yearlyIncome');
    expect(judge('A', own)).toEqual([]);
  });

  it('does not take the employer for the worker', () => {
    const same = { ...domestic, workerCodiceFiscale: codiceFiscaleOf(ROSSI) };
    expect(judge('A', same).join()).toMatch(/workerCodiceFiscale/);
    const twin = { ...same, workerSurname: ROSSI.surname, workerName: ROSSI.name };
    const place = { workerBirthDate: ROSSI.birthDate, workerBirthCountry: 'IT' };
    const all = { ...without(twin, 'workerBirthPlace'), ...place, workerBirthComune: 'H501' };
    expect(judge('A', all)).toEqual(['workerCodiceFiscale WORKER_IS_EMPLOYER']);
  });

  it('takes the code of a former state for a person born abroad, and no other', () => {
    const worker = { surname: 'Rusu', name: 'Ion', sex: 'M', birthDate: '1975-01-02' } as const;
    const moldovan = (place: string) => ({
      ...domestic,
      workerSurname: 'Rusu',
      workerName: 'Ion',
      workerBirthDate: '1975-01-02',
      workerBirthCountry: 'MD',
      workerCodiceFiscale: codiceFiscaleOf({ ...worker, place }),
    });
    expect(judge('A', moldovan('Z140'))).toEqual([]);
    expect(judge('A', moldovan('Z135'))).toEqual([]);
    expect(judge('A', moldovan('Z249'))).toEqual(['workerCodiceFiscale CF_PLACE']);
  });

  it('believes a birth in a comune that has since been merged, not one in another comune', () => {
    const bornIn = (place: string) => ({
      ...domestic,
      employerCodiceFiscale: codiceFiscaleOf({ ...ROSSI, place }),
    });
    expect(models.table('comuni')?.row('D583')).toBeUndefined();
    expect(judge('A', bornIn('D583'))).toEqual([]);
    expect(judge('A', bornIn('F205'))).toEqual(['employerCodiceFiscale CF_PLACE']);
    expect(judge('A', bornIn('Z100'))).toEqual(['employerCodiceFiscale CF_PLACE']);
  });

  it('says in words which part of the codice fiscale to look at', () => {
    const [error] = errorsOf('A', { ...domestic, employerBirthDate: '1960-05-21' });
    expect(error).toMatchObject({ page: 1, field: 'employerCodiceFiscale' });
    expect(error?.messages.it).toMatch(
      /^Il codice fiscale non corrisponde alla data di nascita: controlla il giorno/,
    );
  });
});

describe('model B', () => {
  it('takes a complete application', () => {
    expect(judge('B', employed)).toEqual([]);
  });

  it.each([
    ...personRules('representative'),
    ...workerRules,
    ...contractRules,
    ['companyCodiceFiscale COMPANY_CF_CHECKSUM', { companyCodiceFiscale: '00743110158' }] as const,
    ['companyCodiceFiscale CF_CHECKSUM', { companyKind: 'PF' }] as const,
    ['companyVatNumber VAT_CHECKSUM', { companyVatNumber: '00743110158' }] as const,
    ['companyVatNumber PATTERN', { companyVatNumber: 'IT743110157' }] as const,
    ['companyRegisterDate DATE_IN_FUTURE', { companyRegisterDate: '2011-02-01' }] as const,
  ])('says %s', (expected, change) => {
    expect(judge('B', { ...employed, ...change })).toContain(expected);
  });

  it('takes a sole trader by a personal codice fiscale', () => {
    const trader = { companyKind: 'PF', companyCodiceFiscale: codiceFiscaleOf(ROSSI) };
    expect(judge('B', { ...employed, ...trader })).toEqual([]);
  });

  it('asks for the chamber of commerce number only when enrolled', () => {
    const none = without(employed, 'companyRegisterProvince', 'companyRegisterNumber');
    expect(judge('B', without(none, 'companyRegisterDate'))).toEqual([]);
    expect(judge('B', without(employed, 'companyRegisterNumber'))).toEqual([
      'companyRegisterNumber REQUIRED',
    ]);
  });
});

describe('samples', () => {
  it('are all complete and right: 500 of each kind of worker', () => {
    const random = seededRandom('models', { nowUs: () => 0 });
    for (const group of ['art2', 'other', 'italian-descent'] as const) {
      for (let index = 0; index < 500; index += 1) {
        const sample = sampleOf({ random, todayIso: TODAY, group });
        expect(judge(sample.model, sample.values)).toEqual([]);
      }
    }
  });
});

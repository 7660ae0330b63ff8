/**
 * The answers of a sample, one function a subject of the form.
 */
import type { FormValues } from '#protocol/forms/index.ts';
import { codeTable } from '../tables.ts';
import type { Dice, Weighted } from './dice.ts';
import { addDays, documentValues, drawVatNumber, permitValues } from './documents.ts';
import people from './people.json' with { type: 'json' };
import { drawPerson, drawTown, type Person, personValues } from './people.ts';
import { addressValues, type Place } from './places.ts';
import proportions from './proportions.json' with { type: 'json' };

const PAY_MONTHS = 13;
const carers = proportions.carers as unknown as readonly Weighted[];

/** Employer (model A) or legal representative (model B): Italian, or now and then a foreigner. */
export function partyValues(
  dice: Dice,
  prefix: 'employer' | 'representative',
  place: Place,
  todayIso: string,
): FormValues {
  const country = dice.chance(12) ? dice.pick(['MA', 'BD', 'CN', 'AL', 'EG', 'PE']) : 'IT';
  const person = drawPerson(dice, country, [28, 80], todayIso);
  const comune = codeTable('comuni')?.row(place.comune)?.name.it ?? '';
  const document = { kind: dice.pick(['IDC', 'IDC', 'PAS', 'DRL']), todayIso };
  return {
    ...personValues(prefix, person),
    [`${prefix}MaritalStatus`]: dice.pick(['L', 'C', 'C', 'C', 'V', 'D', 'S']),
    ...addressValues(dice, `${prefix}Residence`, place),
    ...(dice.chance(20) ? { [`${prefix}ResidenceFlat`]: String(dice.between(1, 30)) } : {}),
    [`${prefix}Citizenship`]: country,
    ...documentValues(dice, `${prefix}Document`, { ...document, issuer: `Comune di ${comune}` }),
    ...(country === 'IT' ? {} : permitValues(dice, prefix, todayIso)),
  };
}

/** The company of model B with its registered office. */
export function companyValues(dice: Dice, place: Place, todayIso: string): FormValues {
  const vatNumber = drawVatNumber(dice);
  const surname = dice.pick(people.names.it.s);
  const enrolled = dice.chance(85);
  const register = {
    companyRegisterProvince: codeTable('comuni')?.row(place.comune)?.extra.province ?? '',
    companyRegisterNumber: dice.digits(6),
    companyRegisterDate: addDays(todayIso, -dice.between(200, 9_000)),
  };
  return {
    companyKind: 'SOC',
    companyName: dice.pick(people.companies).replace('{s}', surname),
    companyCodiceFiscale: vatNumber,
    companyVatNumber: vatNumber,
    companyInpsNumber: dice.digits(10),
    ...(enrolled ? register : {}),
    ...addressValues(dice, 'seat', place),
  };
}

/** The worker; `special` says whether the answer about Italian descent is yes. */
export function workerValues(
  dice: Dice,
  nationality: string,
  special: boolean,
  todayIso: string,
): FormValues {
  const person: Person = drawPerson(dice, nationality, [20, 55], todayIso);
  const { workerCodiceFiscale, ...values } = personValues('worker', person);
  const known = workerCodiceFiscale !== undefined && dice.chance(15);
  const document = { kind: 'PAS', issuer: drawTown(dice, nationality), todayIso };
  const asked = codeTable('italian-descent-nationalities')?.row(nationality) !== undefined;
  return {
    ...values,
    ...(known ? { workerCodiceFiscale } : {}),
    workerMaritalStatus: dice.pick(['L', 'L', 'C', 'C', 'V', 'D']),
    workerCitizenship: nationality,
    ...(asked ? { workerItalianDescent: special } : {}),
    workerResidenceCountry: nationality,
    workerResidencePlace: drawTown(dice, nationality),
    ...documentValues(dice, 'workerDocument', document),
  };
}

/** Job in the household: a housekeeper, or a carer with the person who is cared for. */
export function domesticJobValues(dice: Dice, todayIso: string): FormValues {
  const reason = dice.weighted(carers);
  const contract = contractValues(dice, [620, 1_150], todayIso);
  const livesIn = { jobLivesIn: dice.chance(60) };
  if (reason === 'FAM') {
    return {
      jobReason: reason,
      jobLevel: dice.pick(['A', 'AS', 'B', 'BS']),
      ...livesIn,
      ...contract,
    };
  }
  const relation = dice.pick(['SELF', 'PAR', 'PAR', 'PAR', 'SPO', 'REL']);
  const job = { jobReason: reason, careRelation: relation, jobLevel: dice.pick(['CS', 'DS']) };
  if (relation === 'SELF') return { ...job, ...livesIn, ...contract };
  const { carePersonSurname, carePersonName, carePersonBirthDate, carePersonCodiceFiscale } =
    personValues('carePerson', drawPerson(dice, 'IT', [68, 98], todayIso));
  const cared = { carePersonSurname, carePersonName, carePersonBirthDate, carePersonCodiceFiscale };
  return { ...job, ...(cared as FormValues), ...livesIn, ...contract };
}

/** Job in a company. */
export function employedJobValues(dice: Dice, todayIso: string): FormValues {
  return {
    jobAgreement: dice.pick(['AGR', 'COM', 'EDI', 'EDI', 'MET', 'TUR', 'PUL', 'TRA', 'COO']),
    jobCategory: dice.pick(['OPE', 'OPE', 'OPS', 'IMP']),
    jobGrade: String(dice.between(1, 6)),
    jobTasks: dice.pick(people.tasks),
    ...contractValues(dice, [1_050, 2_100], todayIso),
  };
}

/** Place of work and where the worker will live: there, when the job says so. */
export function placeValues(
  dice: Dice,
  model: 'A' | 'B',
  place: Place,
  job: FormValues,
): FormValues {
  const atWorkplace = job.jobLivesIn === true;
  const provider = atWorkplace ? 'EMP' : dice.pick(['EMP', 'WRK', 'WRK', 'OTH']);
  const other = model === 'A' ? 'residence' : 'seat';
  return {
    ...addressValues(dice, 'workplace', place),
    accommodationProvider: provider,
    ...(provider === 'EMP' ? { accommodationDeducted: dice.chance(25) } : {}),
    accommodationAtWorkplace: atWorkplace,
    ...(atWorkplace ? {} : addressValues(dice, 'accommodation', place)),
    accommodationTitle: dice.pick(['OWN', 'RENT', 'FREE', 'HOST']),
    accommodationSuitability: dice.pick(['CERT', 'REQ', 'NONE']),
    officeCriterion: dice.chance(85) ? 'workplace' : other,
  };
}

/** Income that is enough for the pay, stamp, contacts and statements. */
export function closingValues(
  dice: Dice,
  model: 'A' | 'B',
  job: FormValues,
  todayIso: string,
): FormValues {
  const needed = Math.ceil(Number(job.jobMonthlyPay) * PAY_MONTHS * 2);
  return {
    ...incomeValues(dice, model, job, needed),
    stampNumber: dice.digits(14),
    stampDate: addDays(todayIso, -dice.between(0, 14)),
    contactEmail: `domanda.${dice.digits(9)}@example.org`,
    contactTelephone: `+39 3${dice.digits(9)}`,
    undertakesTravel: true,
    undertakesChanges: true,
    declaresTruth: true,
    privacyRead: true,
  };
}

function incomeValues(dice: Dice, model: 'A' | 'B', job: FormValues, needed: number): FormValues {
  if (model === 'B') {
    return { yearlyIncome: needed * dice.between(3, 60), employeesCount: dice.between(0, 120) };
  }
  if (job.careRelation === 'SELF') return {};
  if (dice.chance(80)) return { yearlyIncome: needed + dice.between(0, 40_000) };
  const own = Math.floor(needed * 0.7);
  return { yearlyIncome: own, relativesIncome: needed - own + dice.between(0, 9_000) };
}

function contractValues(
  dice: Dice,
  payBounds: readonly [number, number],
  todayIso: string,
): FormValues {
  const fixedTerm = dice.chance(30);
  return {
    jobDuration: fixedTerm ? 'DET' : 'IND',
    ...(fixedTerm ? { jobMonths: dice.between(6, 24) } : {}),
    jobWeeklyHours: dice.pick(['20', '24', '25', '30', '40']) === '40' ? 40 : dice.between(20, 40),
    jobMonthlyPay: dice.between(payBounds[0] * 100, payBounds[1] * 100) / 100,
    jobStart: addDays(todayIso, dice.between(60, 240)),
  };
}

/** Formal checks of the portal that need no server. */
import { describe, expect, it } from 'vitest';
import { seededRandom } from '#engine/foundation/random.ts';
import { isEmail, registrationProblems, tidyRegistration } from '#engine/portal/accounts/checks.ts';
import { createPasswords, isStrongPassword } from '#engine/portal/accounts/passwords.ts';
import { todayInRome } from '#engine/portal/applications/refresh.ts';
import { checkLetter } from '#protocol/forms/codice-fiscale.ts';
import { usFromIso } from '#protocol/time.ts';

const wall = { nowUs: () => usFromIso('2011-01-17T07:00:00Z') };

describe('a mail address', () => {
  it.each([
    'maria.rossi@example.it',
    'm@e.it',
    "o'neill+flussi@posta.example.co.uk",
    `${'a'.repeat(64)}@example.it`,
  ])('%s is taken', (address) => {
    expect(isEmail(address)).toBe(true);
  });

  it.each([
    '',
    'maria',
    '@example.it',
    'maria@',
    'maria@example',
    'maria@-example.it',
    'maria@example.1',
    'maria..rossi@example.it',
    '.maria@example.it',
    'maria rossi@example.it',
    'maria@exa mple.it',
    'maria@example.it\nBcc: x@example.it',
    '"maria"@example.it',
    'maria@[127.0.0.1]',
    `${'a'.repeat(65)}@example.it`,
    `maria@${'a.'.repeat(130)}it`,
  ])('%j is not', (address) => {
    expect(isEmail(address)).toBe(false);
  });
});

describe('a registration', () => {
  const body = {
    email: ' Maria.Rossi@Example.IT ',
    givenName: '  Maria ',
    familyName: 'Rossi',
    codiceFiscale: 'rssmra 85t50 a562w',
    language: 'it' as const,
    privacyAccepted: true,
  };

  it('is tidied before it is checked', () => {
    const facts = tidyRegistration(body);
    expect(facts).toMatchObject({
      email: 'maria.rossi@example.it',
      givenName: 'Maria',
      codiceFiscale: 'RSSMRA85T50A562W',
    });
    expect(registrationProblems(facts, true)).toEqual([]);
  });

  it('may have names with accents, apostrophes and hyphens', () => {
    const names = { givenName: 'Anne-Élise', familyName: 'D’Alò de’ Conti', codiceFiscale: 'X' };
    const problems = registrationProblems(tidyRegistration({ ...body, ...names }), true);
    expect(problems.map((problem) => problem.field)).toEqual(['codiceFiscale']);
  });

  it('is compared with sex, date and place of birth, each at its field', () => {
    const right = { sex: 'F', birthDate: '1985-12-10', birthPlace: 'A562' } as const;
    const wrong = { sex: 'M', birthDate: '1985-12-11', birthPlace: 'H501' } as const;
    const fields = (birth: object) =>
      registrationProblems(tidyRegistration({ ...body, ...birth }), true).map(
        ({ field, code }) => `${field} ${code}`,
      );
    expect(fields(right)).toEqual([]);
    expect(fields(wrong)).toEqual([
      'sex BIRTH_MISMATCH',
      'birthDate BIRTH_MISMATCH',
      'birthPlace BIRTH_MISMATCH',
    ]);
    expect(fields({ ...right, birthPlace: 'Z249' })).toEqual(['birthPlace BIRTH_MISMATCH']);
  });

  it.each([
    ['31 February', 'RSSMRA85B31A562'],
    ['day 72', 'RSSMRA85T72A562'],
    ['day 0', 'RSSMRA85T00A562'],
    ['no month', 'RSSMRA85F10A562'],
  ])('has no code of a day that is none: %s', (_, first15) => {
    const codiceFiscale = first15 + checkLetter(first15);
    const found = registrationProblems(tidyRegistration({ ...body, codiceFiscale }), true);
    expect(found.map(({ code }) => code)).toEqual(['CODICE_FISCALE_INVALID']);
  });

  it('takes a code in which digits were replaced because two people shared one', () => {
    const omocode = tidyRegistration({ ...body, codiceFiscale: 'RSSMRA85T50A56NH' });
    const plain = registrationProblems(omocode, true).map((problem) => problem.code);
    expect(plain).not.toContain('CODICE_FISCALE_MISMATCH');
  });
});

describe('passwords', () => {
  it('are long, varied and not the address', () => {
    expect(isStrongPassword('la mia parola segreta', 'a@example.it')).toBe(true);
    expect(isStrongPassword('undici1234', 'a@example.it')).toBe(false);
    expect(isStrongPassword('abababababababab', 'a@example.it')).toBe(false);
    expect(isStrongPassword('Maria.Rossi@example.it', 'maria.rossi@example.it')).toBe(false);
  });

  it('are hashed with argon2id and told apart; nobody has no password', async () => {
    const passwords = createPasswords(seededRandom('passwords', wall));
    const hashed = await passwords.hash('la mia parola segreta');
    expect(hashed).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await passwords.verify(hashed, 'la mia parola segreta')).toBe(true);
    expect(await passwords.verify(hashed, 'la mia parola Segreta')).toBe(false);
    expect(await passwords.verify(null, 'la mia parola segreta')).toBe(false);
  });

  it('are hashed by few at a time; a crowd beyond the queue is told to come back', async () => {
    const passwords = createPasswords(seededRandom('crowd', wall));
    const crowd = Array.from({ length: 260 }, () => passwords.verify(null, 'x'));
    const settled = await Promise.allSettled(crowd);
    const refused = settled.filter((each) => each.status === 'rejected');
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.every((each) => String(each.reason).includes('BUSY'))).toBe(true);
  });

  it('for one use are easy to copy and never the same', () => {
    const passwords = createPasswords(seededRandom('one time', wall));
    const made = Array.from({ length: 200 }, () => passwords.oneTime());
    expect(made.every((one) => /^([a-hj-km-np-z2-9]{4}-){3}[a-hj-km-np-z2-9]{4}$/.test(one))).toBe(
      true,
    );
    expect(new Set(made).size).toBe(200);
  });
});

describe('today', () => {
  it('is the day in Rome', () => {
    expect(todayInRome(usFromIso('2011-01-30T22:59:59.999999Z'))).toBe('2011-01-30');
    expect(todayInRome(usFromIso('2011-01-30T23:00:00Z'))).toBe('2011-01-31');
    expect(todayInRome(usFromIso('2011-07-01T22:00:00Z'))).toBe('2011-07-02');
  });
});

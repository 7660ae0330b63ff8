/**
 * The codice fiscale (D.M. 12 March 1974): its check letter, and whether it belongs to a person.
 *
 * Own and small because it runs in the browser too, and because a person needs to hear which part
 * does not agree, not that something is wrong. Understands omocodia (digits replaced by letters).
 * What it does not do: prove that the tax agency has issued the code.
 */

/** What the code is made from. `place` is the Belfiore code: `H501` Roma, `Z249` Bangladesh. */
export interface CodiceFiscalePerson {
  readonly surname: string;
  readonly name: string;
  readonly sex: 'M' | 'F';
  /** `YYYY-MM-DD` */
  readonly birthDate: string;
  readonly place: string;
}

/** The 16 characters taken apart, digits restored from omocodia. */
export interface CodiceFiscaleParts {
  readonly surname: string;
  readonly name: string;
  /** Last two digits of the year of birth. */
  readonly year: string;
  /** 1 to 12, or 0 when the letter is none of the twelve. */
  readonly month: number;
  readonly day: number;
  readonly sex: 'M' | 'F';
  readonly place: string;
}

const SHAPE = /^[A-Z]{6}[0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{3}[A-Z]$/;
const MONTHS = 'ABCDEHLMPRST';
const OMOCODIA = 'LMNPQRSTUV';
const FEMALE_DAY_OFFSET = 40;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const ODD_VALUES = [
  1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23,
];
/** Letters that losing their accent does not turn into A to Z. */
const SPELLED_OUT: Readonly<Record<string, string>> = {
  Æ: 'AE',
  Œ: 'OE',
  Ø: 'O',
  Đ: 'D',
  Ð: 'D',
  Ł: 'L',
  Þ: 'TH',
  ß: 'SS',
  ẞ: 'SS',
  ı: 'I',
  Ħ: 'H',
  Ŋ: 'N',
  Ə: 'E',
};

/** Capitals A to Z only: accents dropped, special letters spelled out, all else left out. */
export function plainLetters(text: string): string {
  const upper = text.toUpperCase().replace(/[^A-Z]/gu, (letter) => SPELLED_OUT[letter] ?? letter);
  return upper.normalize('NFD').replace(/[^A-Z]/g, '');
}

const consonants = (letters: string): string => letters.replace(/[AEIOU]/g, '');
const vowels = (letters: string): string => letters.replace(/[^AEIOU]/g, '');
const firstThree = (letters: string): string => letters.padEnd(3, 'X').slice(0, 3);

/** The three letters of a surname. */
export function surnameCode(surname: string): string {
  const letters = plainLetters(surname);
  return firstThree(consonants(letters) + vowels(letters));
}

/** The three letters of a given name: of four consonants or more, the 1st, 3rd and 4th. */
export function nameCode(name: string): string {
  const letters = plainLetters(name);
  const strong = consonants(letters);
  if (strong.length < 4) return firstThree(strong + vowels(letters));
  return `${strong[0]}${strong[2]}${strong[3]}`;
}

function placeValue(character: string): number {
  const digit = '0123456789'.indexOf(character);
  return digit >= 0 ? digit : ALPHABET.indexOf(character);
}

/** The check letter of the first 15 characters. */
export function checkLetter(first15: string): string {
  let sum = 0;
  for (let index = 0; index < first15.length; index += 1) {
    const value = placeValue(first15[index] ?? '');
    sum += index % 2 === 0 ? (ODD_VALUES[value] ?? 0) : value;
  }
  return ALPHABET[sum % ALPHABET.length] ?? '';
}

/** Whether the 16 characters have the right form and the right check letter. Capitals expected. */
export function hasValidCheckLetter(code: string): boolean {
  return SHAPE.test(code) && checkLetter(code.slice(0, 15)) === code[15];
}

/** Takes a code of the right form apart; undefined when it has not that form. */
export function partsOf(code: string): CodiceFiscaleParts | undefined {
  if (!SHAPE.test(code)) return undefined;
  const digits = (from: number, to: number): string =>
    code.slice(from, to).replace(/[A-Z]/g, (letter) => String(OMOCODIA.indexOf(letter)));
  const day = Number(digits(9, 11));
  return {
    surname: code.slice(0, 3),
    name: code.slice(3, 6),
    year: digits(6, 8),
    month: MONTHS.indexOf(code[8] ?? '') + 1,
    day: day > FEMALE_DAY_OFFSET ? day - FEMALE_DAY_OFFSET : day,
    sex: day > FEMALE_DAY_OFFSET ? 'F' : 'M',
    place: `${code[11]}${digits(12, 15)}`,
  };
}

/** The code of a person, before any omocodia. */
export function codiceFiscaleOf(person: CodiceFiscalePerson): string {
  const [year = '', month = '', day = ''] = person.birthDate.split('-');
  const dayNumber = Number(day) + (person.sex === 'F' ? FEMALE_DAY_OFFSET : 0);
  const first15 =
    surnameCode(person.surname) +
    nameCode(person.name) +
    year.slice(2) +
    (MONTHS[Number(month) - 1] ?? '') +
    String(dayNumber).padStart(2, '0') +
    person.place;
  return first15 + checkLetter(first15);
}

/** Whether the code carries this date of birth, `YYYY-MM-DD`. */
export function agreesWithDate(parts: CodiceFiscaleParts, birthDate: string): boolean {
  const [year = '', month = '', day = ''] = birthDate.split('-');
  return parts.year === year.slice(2) && parts.month === Number(month) && parts.day === Number(day);
}

/**
 * The sentences of the checks that every field shares, in words that say how to mend it.
 *
 * Plain Italian (B1) first. A definition may say it better for its own field (`x-message`).
 */
import type { FieldError, FieldSchema, Texts } from './definition.ts';

const fixed = {
  REQUIRED: {
    it: 'Questa risposta è obbligatoria: completa il campo.',
    en: 'This answer is required: fill in the field.',
  },
  CHOICE_REQUIRED: {
    it: 'Scegli una delle risposte.',
    en: 'Choose one of the answers.',
  },
  UNKNOWN_FIELD: {
    it: 'Questo campo non esiste in questa pagina: ricarica la pagina e riprova.',
    en: 'This field does not exist on this page: reload the page and try again.',
  },
  WRONG_TYPE: {
    it: 'La risposta non ha la forma giusta: scrivila di nuovo.',
    en: 'The answer does not have the right form: write it again.',
  },
  NOT_A_NUMBER: {
    it: 'Scrivi un numero, senza lettere e senza simboli.',
    en: 'Write a number, without letters or symbols.',
  },
  NOT_WHOLE: {
    it: 'Scrivi un numero intero, senza decimali.',
    en: 'Write a whole number, without decimals.',
  },
  TOO_MANY_DECIMALS: {
    it: 'Scrivi al massimo due cifre dopo la virgola.',
    en: 'Write at most two digits after the decimal point.',
  },
  NOT_A_DATE: {
    it: 'Questa data non esiste: controlla giorno, mese e anno.',
    en: 'This date does not exist: check day, month and year.',
  },
  NOT_AN_EMAIL: {
    it: 'Scrivi un indirizzo e-mail completo, come nome@esempio.it.',
    en: 'Write a complete e-mail address, like name@example.org.',
  },
  NOT_IN_LIST: {
    it: 'Scegli una risposta dalla lista.',
    en: 'Choose an answer from the list.',
  },
  PATTERN: {
    it: 'La risposta contiene caratteri che qui non sono ammessi: controllala.',
    en: 'The answer has characters that are not allowed here: check it.',
  },
  MUST_ACCEPT: {
    it: 'Per continuare devi confermare questa dichiarazione.',
    en: 'To go on you must confirm this statement.',
  },
} as const satisfies Record<string, Texts>;

const bounded = {
  TOO_SHORT: (bound: string) => ({
    it: `La risposta è troppo corta: scrivi almeno ${bound} caratteri.`,
    en: `The answer is too short: write at least ${bound} characters.`,
  }),
  TOO_LONG: (bound: string) => ({
    it: `La risposta è troppo lunga: scrivi al massimo ${bound} caratteri.`,
    en: `The answer is too long: write at most ${bound} characters.`,
  }),
  TOO_LOW: (bound: string) => ({
    it: `Il numero è troppo basso: scrivi almeno ${bound}.`,
    en: `The number is too low: write at least ${bound}.`,
  }),
  TOO_HIGH: (bound: string) => ({
    it: `Il numero è troppo alto: scrivi al massimo ${bound}.`,
    en: `The number is too high: write at most ${bound}.`,
  }),
} as const satisfies Record<string, (bound: string) => Texts>;

export type FixedCode = keyof typeof fixed;
export type BoundedCode = keyof typeof bounded;

/** The sentence of a code that needs no number. */
export function fixedMessage(code: FixedCode): Texts {
  return fixed[code];
}

/** The sentence of a code with its bound. */
export function boundedMessage(code: BoundedCode, bound: number): Texts {
  return bounded[code](String(bound));
}

/** Every code of this file with an example of its sentence: for documents and tests. */
export function genericMessages(): Readonly<Record<string, Texts>> {
  const examples = Object.entries(bounded).map(([code, text]) => [code, text('3')] as const);
  return { ...fixed, ...Object.fromEntries(examples) };
}

/** The error of a missing answer: a choice is asked for in other words than a text. */
export function missing(field: string, schema: FieldSchema): FieldError {
  const choice = ['select', 'combobox', 'radio', 'yes-no'].includes(schema['x-widget']);
  if (schema.const !== undefined) {
    const messages = schema['x-message'] ?? fixed.MUST_ACCEPT;
    return { field, code: 'MUST_ACCEPT', messages };
  }
  return { field, code: 'REQUIRED', messages: choice ? fixed.CHOICE_REQUIRED : fixed.REQUIRED };
}

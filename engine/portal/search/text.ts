/**
 * What somebody types into a search box, taken apart: names by the beginnings of their words, a
 * codice fiscale or VAT number from its seventh sign on, a protocol number by its beginning, an
 * application by its whole id. Nothing typed is syntax: a query cannot be broken by a quote.
 *
 *     rossi "mar      names with words that begin with rossi and with mar
 *     RSSMRA85T       codes that begin so
 *     2011-01-31/g1   protocol numbers that begin so
 */

export interface Beginning {
  readonly from: string;
  /** The first text that does not begin with `from`. */
  readonly below: string;
}

export type Term =
  /** An FTS5 expression over names. */
  | { readonly kind: 'words'; readonly match: string }
  | { readonly kind: 'code'; readonly beginning: Beginning }
  | { readonly kind: 'protocol'; readonly beginning: Beginning }
  | { readonly kind: 'id'; readonly id: string };

/** Whose names and codes are meant. */
export type Whose = 'worker' | 'employer' | 'both';

const ID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/i;
const CODE = /^([A-Z]{6}\d[A-Z\d]{0,9}|\d{7,11})$/i;
const PROTOCOL = /^(?=.*\/)[\p{L}\d./-]+$|^\d{4}-\d{2}-\d{2}$/u;
/** A letter, a digit, or a mark on one. */
const WORD = /[\p{L}\p{N}\p{M}]+/gu;
const WORDS_MAX = 10;
/** One letter is taken as a whole word: as a beginning it would say nothing. */
const BEGINNING_LETTERS = 2;
const LAST = '\u{10ffff}';

/** All must hold. Undefined: there is nothing to look for in this text, so nothing is found. */
export function termsOf(text: string, whose: Whose): readonly Term[] | undefined {
  const pieces = text.split(/\s+/).filter(Boolean);
  const terms: Term[] = [];
  const words: string[] = [];
  for (const piece of pieces) {
    if (whose === 'both' && ID.test(piece)) terms.push({ kind: 'id', id: piece.toUpperCase() });
    else if (whose === 'both' && PROTOCOL.test(piece)) terms.push(protocolTerm(piece));
    else if (CODE.test(piece)) {
      terms.push({ kind: 'code', beginning: beginningOf(piece.toUpperCase()) });
    } else words.push(...(piece.match(WORD) ?? []));
  }
  if (words.length > 0) terms.push({ kind: 'words', match: matchOf(words, whose) });
  return terms.length === 0 ? undefined : terms;
}

/** What a protocol number begins with. */
export function protocolTerm(text: string): Term {
  return { kind: 'protocol', beginning: beginningOf(text) };
}

function beginningOf(from: string): Beginning {
  return { from, below: from + LAST };
}

function matchOf(words: readonly string[], whose: Whose): string {
  const terms = words.slice(0, WORDS_MAX).map((word) => {
    const isBeginning = [...word].length >= BEGINNING_LETTERS;
    return `"${word}"${isBeginning ? '*' : ''}`;
  });
  const match = terms.join(' AND ');
  return whose === 'both' ? match : `${whose} : (${match})`;
}

/**
 * What somebody typed into a search box, as an FTS5 expression: nothing typed is syntax.
 *
 * A word is looked for by its beginning, three to six letters of it: those have indexes of their
 * own, so that a word of half of all texts costs no more than a rare one (a longer beginning would
 * gather every place of every word that begins so). "domande" finds "domanda" by that. What has a
 * digit, and the very short, is taken as it is.
 */

const WORDS_MAX = 10;
const LETTERS_MIN = 3;
/** The longest of the indexes (`prefix` in steps/helpdesk.ts). */
const LETTERS_MAX = 6;
/** A letter, a digit, or a mark on one. */
const WORD = /[\p{L}\p{N}\p{M}]+/gu;
const MARKS = /\p{M}/gu;

/** All words; undefined when there is none. */
export function matchOf(text: string): string | undefined {
  const words = (text.match(WORD) ?? []).slice(0, WORDS_MAX);
  return words.length === 0 ? undefined : words.map(termOf).join(' AND ');
}

function termOf(word: string): string {
  const letters = [...word.normalize('NFD').replace(MARKS, '')];
  if (letters.length < LETTERS_MIN || /\p{N}/u.test(word)) return `"${word}"`;
  return `"${letters.slice(0, LETTERS_MAX).join('')}"*`;
}

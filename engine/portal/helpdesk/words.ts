/** What somebody typed into a search box, as an FTS5 expression: nothing typed is syntax. */

const WORDS_MAX = 10;
/** A letter, a digit, or a mark on one. */
const WORD = /[\p{L}\p{N}\p{M}]+/gu;

/** All words, each as a beginning; undefined when there is none. */
export function matchOf(text: string): string | undefined {
  const words = (text.match(WORD) ?? []).slice(0, WORDS_MAX);
  if (words.length === 0) return undefined;
  return words.map((word) => `"${word}"${[...word].length > 1 ? '*' : ''}`).join(' AND ');
}

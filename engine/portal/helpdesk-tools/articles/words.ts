/**
 * What somebody types while they describe a trouble, as two questions to FTS5: articles that have
 * all the words, and those that have any. Nothing typed is syntax. The last word is only begun
 * while somebody types, so each counts as a beginning. Case and accents do not matter.
 */

const WORD = /[\p{L}\p{N}\p{M}]+/gu;
const WORDS_MAX = 12;
const LETTERS_MIN = 3;
/** Words that say nothing, in both languages; `any` would find everything by them. */
const COMMON = new Set(
  (
    'che chi con cosa come del della delle dei dello dal dalla per non una uno gli nel nella sul ' +
    'sulla sono era mio mia mie miei alla alle allo agli the and for not with what how why who ' +
    'from are was has have can cannot this that these those does did you your'
  ).split(' '),
);

export interface WordQuestions {
  readonly all: string;
  /** Null when it would ask the same, or nothing. */
  readonly any: string | null;
}

/** Undefined when there is no word in it. `columns`: where to look. */
export function questionsOf(text: string, columns: readonly string[]): WordQuestions | undefined {
  const words = [...new Set((text.toLowerCase().match(WORD) ?? []).slice(0, WORDS_MAX))];
  if (words.length === 0) return undefined;
  const telling = words.filter((word) => word.length >= LETTERS_MIN && !COMMON.has(word));
  const where = `{${columns.join(' ')}}`;
  const term = (word: string) => (word.length === 1 ? `"${word}"` : `"${word}"*`);
  const joined = (list: readonly string[], by: string) => `${where} : (${list.map(term).join(by)})`;
  const any = telling.length > 1 || telling.length < words.length ? telling : [];
  return {
    all: joined(words, ' AND '),
    any: any.length > 0 ? joined(any, ' OR ') : null,
  };
}

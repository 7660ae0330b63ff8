/**
 * The words of a body without its Markdown: for finding, and for the lines shown of what was found.
 * It never has to be exact: the body itself is stored as it was written and shown by the page.
 */

const LINK = /!?\[([^\]\n]*)\]\([^)\n]*\)/g;
const LINE_MARK = /^[ \t]*(?:#{1,6}|[-*+>]|\d{1,3}[.)])[ \t]+/gm;
const EMPHASIS = /[*_`~]+/g;

/** One line of plain text. */
export function plainText(markdown: string): string {
  return markdown
    .replace(LINK, '$1')
    .replace(LINE_MARK, '')
    .replace(EMPHASIS, '')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Its beginning, cut between words. */
export function beginningOf(plain: string, lengthMax: number): string {
  if (plain.length <= lengthMax) return plain;
  const cut = plain.slice(0, lengthMax);
  const end = cut.lastIndexOf(' ');
  return `${end > lengthMax / 2 ? cut.slice(0, end) : cut}…`;
}

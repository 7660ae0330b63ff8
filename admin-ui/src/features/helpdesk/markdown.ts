/**
 * The Markdown of articles as a tree of values: headings, paragraphs, lists, bold, italic, links.
 * Nothing else is known, so that whatever else is written (raw HTML first of all) is text;
 * `rich-text` draws the tree as elements and no HTML is ever made of a string. Own, and not a
 * library with a sanitiser behind it: what cannot be said needs not be taken away.
 *
 * A link leads to http(s), mailto, tel or a page of this application; any other is its own text.
 */
export type Inline =
  | { readonly kind: 'text' | 'bold' | 'italic'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly href: string };

type Line = readonly Inline[];
export type Block =
  | { readonly kind: 'heading' | 'paragraph'; readonly content: Line }
  | { readonly kind: 'bullets' | 'numbers'; readonly items: readonly Line[] };

const INLINE = /\*\*([^*]+)\*\*|\*([^*\s][^*]*)\*|\[([^[\]]+)\]\(([^\s()]+)\)/g;
const SAFE = /^(https?:\/\/|mailto:|tel:|\/(?![/\\]))/i;
const BULLET = /^\s*[-*]\s+(.*)$/;
const HEADING = /^#{1,6}\s+(.*)$/;
const NUMBER = /^\s*\d{1,3}[.)]\s+(.*)$/;

/** Cost: linear in the length, which is bounded by the article. */
export function parseMarkdown(source: string): Block[] {
  const paragraphs = source.replaceAll('\r', '').split(/\n[ \t]*\n/);
  return paragraphs.flatMap((paragraph) => blocksOf(paragraph.split('\n')));
}

/** Lines of one kind that follow one another; a heading is alone. */
interface Run {
  readonly kind: Block['kind'];
  readonly lines: string[];
}

function blocksOf(lines: readonly string[]): Block[] {
  const runs: Run[] = [];
  for (const line of lines.filter((each) => each.trim() !== '')) {
    const last = runs.at(-1);
    const { kind, text } = kindOf(line);
    // An indented line goes on with the item before it.
    if (kind === 'paragraph' && /^\s/.test(line) && last && isList(last.kind)) {
      last.lines.push(`${last.lines.pop()} ${text}`);
    } else if (kind !== 'heading' && last?.kind === kind) last.lines.push(text);
    else runs.push({ kind, lines: [text] });
  }
  return runs.map(blockOf);
}

function kindOf(line: string): { readonly kind: Block['kind']; readonly text: string } {
  const heading = HEADING.exec(line)?.[1];
  if (heading !== undefined) return { kind: 'heading', text: heading };
  const bullet = BULLET.exec(line)?.[1];
  if (bullet !== undefined) return { kind: 'bullets', text: bullet };
  const number = NUMBER.exec(line)?.[1];
  if (number !== undefined) return { kind: 'numbers', text: number };
  return { kind: 'paragraph', text: line.trim() };
}

function isList(kind: Block['kind']): kind is 'bullets' | 'numbers' {
  return kind === 'bullets' || kind === 'numbers';
}

function blockOf({ kind, lines }: Run): Block {
  if (isList(kind)) return { kind, items: lines.map(inlinesOf) };
  return { kind, content: inlinesOf(lines.join(' ')) };
}

function inlinesOf(text: string): Inline[] {
  const inlines: Inline[] = [];
  let from = 0;
  for (const match of text.matchAll(INLINE)) {
    const [whole, bold, italic, label, href = ''] = match;
    if (match.index > from) inlines.push({ kind: 'text', text: text.slice(from, match.index) });
    if (bold !== undefined) inlines.push({ kind: 'bold', text: bold });
    else if (italic !== undefined) inlines.push({ kind: 'italic', text: italic });
    else if (SAFE.test(href)) inlines.push({ kind: 'link', text: label ?? href, href });
    else inlines.push({ kind: 'text', text: label ?? whole });
    from = match.index + whole.length;
  }
  if (from < text.length) inlines.push({ kind: 'text', text: text.slice(from) });
  return inlines;
}

/**
 * HTML of a mail as plain text. Nothing of the HTML is kept, so nothing in it can act: the desk
 * stores and shows text alone. What is hidden from readers by a tag (scripts, styles, titles) goes,
 * what is quoted gets `> `, where a link goes is written beside its words.
 *
 * One pass from left to right; what is never closed ends the text rather than being sought again.
 */

const ENTITIES: Readonly<Record<string, string>> = {
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', euro: '€', deg: '°' },
  ...{ agrave: 'à', egrave: 'è', eacute: 'é', igrave: 'ì', ograve: 'ò', ugrave: 'ù' },
  ...{ Agrave: 'À', Egrave: 'È', Eacute: 'É', Igrave: 'Ì', Ograve: 'Ò', Ugrave: 'Ù' },
  ...{ rsquo: '’', lsquo: '‘', ldquo: '“', rdquo: '”', laquo: '«', raquo: '»' },
  ...{ ndash: '–', mdash: '—', hellip: '…', bull: '•', middot: '·', shy: '', zwnj: '' },
};
const CODE_POINT_MAX = 0x10_ff_ff;
const BLOCKS = new Set(
  'p div br tr table ul ol li h1 h2 h3 h4 h5 h6 pre hr section article header footer'.split(' '),
);
/** With everything in them. */
const UNSEEN = new Set('script style head title template noscript svg math object'.split(' '));
const NESTING_MAX = 20;

/** What begins a tag or a comment; any other `<` is one that was written. */
const MARKUP = /^<[a-z/!?]/i;

interface Writing {
  /** Lines that have ended. */
  readonly lines: string[];
  /** Of the line that has not. Joined when it does: a look into a growing text costs its length. */
  pieces: string[];
  isAfterSpace: boolean;
  depth: number;
  unseen: string | undefined;
  link: { readonly href: string; readonly words: string[] } | undefined;
}

export function textOfHtml(html: string): string {
  const nowhere = { depth: 0, unseen: undefined, link: undefined };
  const out: Writing = { lines: [], pieces: [], isAfterSpace: true, ...nowhere };
  let at = 0;
  while (at < html.length) {
    const open = html.indexOf('<', at);
    write(out, html.slice(at, open < 0 ? undefined : open));
    if (open < 0) break;
    if (!MARKUP.test(html.slice(open, open + 2))) {
      write(out, '&lt;');
      at = open + 1;
      continue;
    }
    const isComment = html.startsWith('<!--', open);
    const close = html.indexOf(isComment ? '-->' : '>', open);
    if (close < 0) break;
    if (!isComment) tag(out, html.slice(open + 1, close));
    at = close + (isComment ? 3 : 1);
  }
  newLine(out);
  return out.lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

function write(out: Writing, source: string): void {
  if (out.unseen !== undefined || source === '') return;
  const words = decoded(source).replace(/\s+/g, ' ');
  if (out.link !== undefined) out.link.words.push(words);
  put(out, out.isAfterSpace ? words.trimStart() : words);
}

function put(out: Writing, words: string): void {
  if (words === '') return;
  out.pieces.push(words);
  out.isAfterSpace = words.endsWith(' ');
}

function tag(out: Writing, inside: string): void {
  const found = /^(\/?)([a-z][a-z0-9]*)/i.exec(inside);
  if (!found) return;
  const [, slash, word = ''] = found;
  const [name, isEnd] = [word.toLowerCase(), slash === '/'];
  if (out.unseen !== undefined) {
    if (isEnd && out.unseen === name) out.unseen = undefined;
    return;
  }
  if (!isEnd && UNSEEN.has(name) && !inside.endsWith('/')) out.unseen = name;
  else if (name === 'blockquote') {
    newLine(out);
    out.depth = Math.min(NESTING_MAX, Math.max(0, out.depth + (isEnd ? -1 : 1)));
  } else if (name === 'a') link(out, inside, isEnd);
  else if (name === 'td' || name === 'th') put(out, isEnd && !out.isAfterSpace ? ' ' : '');
  else if (BLOCKS.has(name)) {
    newLine(out);
    if (name === 'li' && !isEnd) put(out, '- ');
  }
}

/** Ends the line, unless nothing stands in it: tags that open and close together make one. */
function newLine(out: Writing): void {
  const line = out.pieces.join('').trim();
  if (line !== '') out.lines.push(`${'> '.repeat(out.depth)}${line}`);
  out.pieces = [];
  out.isAfterSpace = true;
}

function link(out: Writing, inside: string, isEnd: boolean): void {
  const href = /\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))/i.exec(inside);
  const to = decoded(href?.[1] ?? href?.[2] ?? href?.[3] ?? '').trim();
  if (!isEnd) {
    out.link = /^(https?|mailto):/i.test(to) ? { href: to, words: [] } : undefined;
    return;
  }
  if (out.link === undefined) return;
  const words = out.link.words.join('').trim();
  const isSame = out.link.href.replace(/^mailto:/i, '') === words;
  if (words === '') put(out, out.link.href);
  else if (!isSame) put(out, `${out.isAfterSpace ? '' : ' '}(${out.link.href})`);
  out.link = undefined;
}

function decoded(source: string): string {
  return source.replace(
    /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,8}));/gi,
    (all, dec, hex, name) => {
      if (name !== undefined) return ENTITIES[name] ?? all;
      const point = dec === undefined ? Number.parseInt(hex, 16) : Number(dec);
      const isCharacter =
        point > 0 && point <= CODE_POINT_MAX && (point < 0xd800 || point > 0xdfff);
      return isCharacter ? String.fromCodePoint(point) : '�';
    },
  );
}

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

interface Writing {
  text: string;
  depth: number;
  unseen: string | undefined;
  link: { readonly href: string; readonly at: number } | undefined;
}

export function textOfHtml(html: string): string {
  const out: Writing = { text: '', depth: 0, unseen: undefined, link: undefined };
  let at = 0;
  while (at < html.length) {
    const open = html.indexOf('<', at);
    if (open < 0 || at < open) write(out, html.slice(at, open < 0 ? undefined : open));
    if (open < 0) break;
    if (html.startsWith('<!--', open)) {
      const end = html.indexOf('-->', open + 4);
      if (end < 0) break;
      at = end + 3;
      continue;
    }
    const close = html.indexOf('>', open);
    if (close < 0) break;
    tag(out, html.slice(open + 1, close));
    at = close + 1;
  }
  return out.text
    .replace(/[ \t]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

function write(out: Writing, source: string): void {
  if (out.unseen !== undefined) return;
  const words = decoded(source).replace(/\s+/g, ' ');
  const isAtStart = out.text === '' || out.text.endsWith('\n') || out.text.endsWith('> ');
  out.text += isAtStart ? words.trimStart() : words;
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
    out.depth = Math.min(NESTING_MAX, Math.max(0, out.depth + (isEnd ? -1 : 1)));
    newLine(out);
  } else if (name === 'a') link(out, inside, isEnd);
  else if (name === 'td' || name === 'th') out.text += isEnd ? ' ' : '';
  else if (BLOCKS.has(name)) {
    newLine(out);
    if (name === 'li' && !isEnd) out.text += '- ';
  }
}

function newLine(out: Writing): void {
  out.text = `${out.text.trimEnd()}\n${'> '.repeat(out.depth)}`;
}

function link(out: Writing, inside: string, isEnd: boolean): void {
  const href = /\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))/i.exec(inside);
  const to = decoded(href?.[1] ?? href?.[2] ?? href?.[3] ?? '').trim();
  if (!isEnd) {
    out.link = /^(https?|mailto):/i.test(to) ? { href: to, at: out.text.length } : undefined;
    return;
  }
  if (out.link === undefined) return;
  const words = out.text.slice(out.link.at).trim();
  const isSame = words === '' || out.link.href.replace(/^mailto:/i, '') === words;
  if (!isSame) out.text += ` (${out.link.href})`;
  else if (words === '') out.text += out.link.href;
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

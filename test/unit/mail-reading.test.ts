/** Mails as they come from anybody: what a person wrote, and nothing that crashes or hangs. */
import { describe, expect, it } from 'vitest';
import { manualClock } from '#engine/clock/index.ts';
import { type Random, seededRandom } from '#engine/foundation/random.ts';
import { textOfHtml } from '#engine/mail/incoming/html-text.ts';
import { ANSWER_ABOVE, ownWords } from '#engine/mail/incoming/own-words.ts';
import { parseMail } from '#engine/mail/incoming/parse.ts';
import { isAuthentic } from '#engine/portal/mailbox/authentication.ts';

const mail = (...lines: string[]) => Buffer.from(lines.join('\r\n'), 'latin1');
const HEAD = ['From: Maria <maria@example.it>', 'To: aiuto@clickday.example', 'Subject: Ciao'];
const part = (type: string, encoding: string, body: string) =>
  mail(...HEAD, `Content-Type: ${type}`, `Content-Transfer-Encoding: ${encoding}`, '', body);

describe('what is written', () => {
  it.each([
    ['ISO-8859-1', part('text/plain; charset=iso-8859-1', '8bit', 'perch\xe9')],
    ['Windows-1252', part('text/plain; charset=windows-1252', '8bit', 'perch\xe9')],
    ['UTF-8 in base64', part('text/plain; charset=utf-8', 'base64', 'cGVyY2jDqQ==')],
    ['quoted printable', part('text/plain; charset=utf-8', 'quoted-printable', 'perch=C3=A9')],
    ['UTF-16', part('text/plain; charset=utf-16le', 'base64', 'cABlAHIAYwBoAOkA')],
    ['HTML', part('text/html; charset=utf-8', '7bit', '<p>perch&eacute;</p>')],
  ])('is read in %s', async (_, bytes) => {
    expect((await parseMail(bytes)).text).toBe('perché');
  });

  it('is read of encoded subjects and names, and loses what turns words around', async () => {
    const read = await parseMail(
      mail(
        'From: =?iso-8859-1?Q?Jos=E9?= <JOSE@Example.IT>',
        'Subject: =?utf-8?B?4oCuYWJj?= =?utf-8?Q?=0D=0ABcc:_x?=',
        'Message-ID: <a@b>',
        'In-Reply-To: <c@d>',
        'References: <e@f> <g@h>',
        '',
        'x\u0007',
      ),
    );
    expect(read.from).toEqual({ name: 'José', address: 'jose@example.it' });
    expect(read.subject).toMatch(/^abc ?Bcc: x$/);
    expect(read.references).toEqual(['<c@d>', '<g@h>', '<e@f>']);
    expect(read.text).toBe('x');
  });

  const letter = [ANSWER_ABOVE, '', 'Gentile Maria,', 'ecco la risposta'];
  const quote = letter.map((line) => `> ${line}`);
  const introduced = 'Il giorno gio 27 gen 2011 alle ore 10:00\nClickday <aiuto@x.it> ha scritto:';
  const outlook = ['Da: Clickday', 'Inviato: giovedì', 'A: Maria', 'Oggetto: Risposta', ''];
  it.each([
    ['above a quoted letter', ['Grazie.', '', introduced, '', ...quote], 'Grazie.'],
    ['above one that is not marked', ['Grazie.', '', ...outlook, ...letter], 'Grazie.'],
    ['below it', [introduced, ...quote, '', 'Grazie.'], 'Grazie.'],
    ['between', [introduced, ...quote, 'Primo.', '> altro', 'Secondo.'], 'Primo.\nSecondo.'],
    [
      'with no letter of ours',
      ['Ciao', '> detto da altri', 'Fine'],
      'Ciao\n> detto da altri\nFine',
    ],
    ['above a quotation of others', ['Ciao', 'On Monday X wrote:', '> no'], 'Ciao'],
    [
      'with a sentence like an introduction',
      ['Mi hai scritto tu:', 'no'],
      'Mi hai scritto tu:\nno',
    ],
    ['with nothing of its own', [introduced, ...quote], ''],
  ])('is found %s', (_, lines, expected) => {
    expect(ownWords(lines.join('\n'))).toBe(expected);
  });
});

describe('HTML as text', () => {
  it.each([
    ['<p>a</p><p>b</p>', 'a\nb'],
    ['a<br>b<br/>c', 'a\nb\nc'],
    ['<ul><li>a<li>b</ul>', '- a\n- b'],
    ['<blockquote>a<div>b</div></blockquote>c', '> a\n> b\nc'],
    ['<a href="https://x.it">https://x.it</a>', 'https://x.it'],
    ['<a href="https://evil.it">https://banca.it</a>', 'https://banca.it (https://evil.it)'],
    ['<a href="javascript:alert(1)">qui</a>', 'qui'],
    ['<script>a<b></script>c', 'c'],
    ['a<!-- <p>b -->c', 'ac'],
    ['&lt;b&gt; &#232; &#x1F600; &unknown; &#0; &#xD800;', '<b> è 😀 &unknown; \ufffd \ufffd'],
    ['a < b', 'a < b'],
    ['a<p', 'a'],
  ])('makes of %s what is read', (html, text) => {
    expect(textOfHtml(html)).toBe(text);
  });

  it('takes time by the length alone, whatever is never closed', () => {
    const before = process.cpuUsage();
    for (const piece of ['<', '<!--', '<a href="', '<blockquote>', '&', '<script>', '<p', '"<x ']) {
      const html = piece.repeat(200_000 / piece.length);
      expect(textOfHtml(html).length).toBeLessThanOrEqual(45 * html.length);
    }
    // Of this process alone, so that what else runs counts for nothing: it is 0.3 s.
    expect(process.cpuUsage(before).user / 1e6).toBeLessThan(6);
  });
});

/** Whole mails of several makes, from which broken ones are made. */
const SEEDS = [
  part('text/plain; charset=utf-8', 'base64', 'cGVyY2jDqQ=='),
  mail(
    ...HEAD,
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary="a"',
    '',
    '--a',
    'Content-Type: multipart/alternative; boundary="b"',
    '',
    '--b',
    'Content-Type: text/plain; charset=iso-2022-jp',
    '',
    '\x1b$B$3\x1b(B',
    '--b',
    'Content-Type: text/html',
    '',
    '<p>ciao <a href="x">y</a>',
    '--b--',
    '--a',
    "Content-Type: application/pdf; name*=utf-8''%E2%82%AC.pdf",
    'Content-Transfer-Encoding: base64',
    'Content-Disposition: attachment; filename="=?utf-8?Q?a?="',
    '',
    'JVBERi0xLjQ=',
    '--a',
    'Content-Type: message/rfc822',
    '',
    ...HEAD,
    '',
    'inside',
    '--a--',
  ),
];
const NASTY = [
  ...['\0', '\r\n', '\n\n', '--a\r\n', '--b--', '=?utf-8?B?', '?=', '<', '>', '"', '(', '%', ';'],
  ...['boundary=', 'Content-Type: multipart/mixed; boundary=""\r\n', 'charset=utf-7', 'charset=x'],
  ...['Content-Transfer-Encoding: base64\r\n\r\n', 'From: \r\n', 'To: a:b,c;,,<>\r\n', '\xff\xfe'],
  ...['References: <<>><\r\n', `${'<blockquote>'.repeat(500)}`, '=\r\n', ' \t'.repeat(300)],
];

function broken(random: Random): Buffer {
  let bytes = SEEDS[random.integer(SEEDS.length)]!;
  const times = 1 + random.integer(12);
  for (let n = 0; n < times; n += 1) {
    const at = random.integer(bytes.length + 1);
    const to = at + random.integer(Math.min(40, bytes.length - at) + 1);
    const nasty = Buffer.from(NASTY[random.integer(NASTY.length)]!, 'latin1');
    const with_ = [nasty, Buffer.from([random.integer(256)]), bytes.subarray(at, to)];
    const put = with_[random.integer(with_.length)]!;
    bytes = Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(to)]);
  }
  return random.integer(10) === 0 ? bytes.subarray(0, random.integer(bytes.length)) : bytes;
}

describe('broken mails', () => {
  it('are read or refused, five hundred of them, within their bounds', async () => {
    const random = seededRandom('broken mails', manualClock({ nowUs: 0 }));
    let read = 0;
    for (let n = 0; n < 500; n += 1) {
      const bytes = broken(random);
      const found = await parseMail(bytes).catch((error: unknown) => {
        expect(error).toBeInstanceOf(Error);
        return undefined;
      });
      if (found === undefined) continue;
      read += 1;
      expect(found.subject.length).toBeLessThanOrEqual(500);
      expect(found.attachments.length).toBeLessThanOrEqual(20);
      expect(found.from?.address ?? 'a@b').toMatch(/^[^\s<>]+@[^\s<>]+$/);
      const said = `${found.text}${found.whole}${found.subject}${found.from?.name}`;
      expect(said).not.toMatch(/[^\P{C}\n\t]/u);
      for (const { name } of found.attachments) expect(name).not.toMatch(/\p{Cc}/u);
    }
    expect(read).toBeGreaterThan(400);
  });

  it('are refused when they nest for ever or are all headers', async () => {
    const nested = Array.from({ length: 200 }, (_, n) => [
      `Content-Type: multipart/mixed; boundary="b${n}"`,
      '',
      `--b${n}`,
    ]).flat();
    await expect(parseMail(mail(...HEAD, ...nested, '', 'x'))).rejects.toThrow();
    const headers = Array.from({ length: 20_000 }, (_, n) => `X-${n}: ${'y'.repeat(50)}`);
    await expect(parseMail(mail(...HEAD, ...headers, '', 'x'))).rejects.toThrow();
  });
});

describe('the word of the server in front', () => {
  const pass = 'dmarc=pass header.from=example.it';
  const own = { address: 'maria@example.it', authserv: 'mx.clickday.example' };
  const said = (line: string) => isAuthentic([`mx.clickday.example ${line}`], own);

  it.each([
    `; ${pass}`,
    `1; spf=none; ${pass} (p=reject)`,
    '; dkim=pass (2048-bit key) header.d=example.it header.s=x',
    '; SPF=PASS smtp.mailfrom=bounce@Example.it',
  ])('is believed: %s', (line) => {
    expect(said(line)).toBe(true);
  });

  it.each([
    '; dmarc=pass header.from=example.com',
    '; dkim=pass header.d=it',
    '; dkim=pass header.d=notexample.it',
    '; spf=pass smtp.mailfrom=sub.example.it',
    `; dkim=fail (x; ${pass} ) header.d=a.b`,
    `; spf=fail reason="; ${pass} "`,
    `; spf=fail reason="a\\"; ${pass} "`,
    `; x=y (\\); ${pass} )`,
    '; none',
  ])('is not, or says no: %s', (line) => {
    expect(said(line)).toBe(false);
  });

  it('is nobody’s without a name', () => {
    expect(isAuthentic([`; ${pass}`, `mx; ${pass}`], { ...own, authserv: '' })).toBe(false);
  });
});

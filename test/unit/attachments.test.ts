/** What a file is and what it is called: by its bytes, and without anything that leads astray. */
import { expect, it } from 'vitest';
import { requiredAttachments } from '#engine/portal/attachments/required.ts';
import { textWatcher } from '#engine/portal/files/file-type.ts';
import { cleanName, typeOf } from '#engine/portal/files/index.ts';
import { ATTACHMENT_TYPES } from '#protocol/attachments-api.ts';
import { jpegBytes, pdfBytes, pngBytes } from '#test/support/attachments.ts';
import { formOf } from '#test/support/models.ts';

it.each([
  ['application/pdf', pdfBytes],
  ['image/jpeg', jpegBytes],
  ['image/png', pngBytes],
] as const)('knows %s by its first bytes', (type, bytes) => {
  expect(typeOf(bytes)).toBe(type);
  expect(typeOf(bytes.subarray(1))).toBeUndefined();
});

it.each([
  ['nothing', ''],
  ['a page', '<!doctype html><script>'],
  ['a PDF behind something else', '<script>%PDF-1.7'],
  ['a picture that is a script', '<svg xmlns="…">'],
  ['half a signature', '\x89PNG\r\n'],
  ['a PNG that begins with another chunk', '\x89PNG\r\n\x1a\n\0\0\0\x0dIDAT'],
])('does not take %s for one of them', (_what, text) => {
  expect(typeOf(Buffer.from(text, 'latin1'))).toBeUndefined();
});

it.each([
  ['Passaporto di Łódź.pdf', 'Passaporto di Łódź.pdf'],
  ['SCAN.PDF', 'SCAN.pdf'],
  ['passaporto', 'passaporto.pdf'],
  ['', 'document.pdf'],
  ['.pdf', 'pdf.pdf'],
  ['../../etc/passwd.pdf', 'passwd.pdf'],
  ['C:\\Users\\Anna\\foto.pdf', 'foto.pdf'],
  ['a\u0000b\u001b[31m\r\nc.pdf', 'ab[31mc.pdf'],
  ['fattura\u202efdp.pdf', 'fatturafdp.pdf'],
  ['in\u200bvi\u2066si\ufeffble.pdf', 'invisible.pdf'],
  ['a<b>:"c|d?*.pdf', 'a_b___c_d__.pdf'],
  ['  two   words .pdf', 'two words.pdf'],
  ['con.pdf', '_con.pdf'],
  ['LPT1.x.pdf', '_LPT1.x.pdf'],
  ['e\u0301.pdf', '\u00e9.pdf'],
  [`${'à'.repeat(300)}.pdf`, `${'à'.repeat(100)}.pdf`],
])('cleans the name %j', (given, clean) => {
  expect(cleanName(given, ATTACHMENT_TYPES['application/pdf'])).toBe(clean);
});

it.each([
  ['foto.png', 'application/pdf'],
  ['virus.exe', 'application/pdf'],
  ['passaporto.pdf.exe', 'application/pdf'],
  ['gnp\u202e.fdp', 'image/png'],
  ['foto.jpg', 'image/png'],
] as const)('refuses the name %j for %s', (given, type) => {
  expect(cleanName(given, ATTACHMENT_TYPES[type])).toBeUndefined();
});

it('asks for a document that the model requires before an application is ready', () => {
  const form = formOf('A');
  const documents = form.documents.map((each) =>
    each.attach?.kind === 'passport'
      ? { ...each, attach: { ...each.attach, required: true as const } }
      : each,
  );
  const missing = requiredAttachments({ ...form, documents }, [{ kind: 'stamp' }]);
  expect(missing.map(({ field, code }) => `${field} ${code}`)).toEqual([
    'attachment:passport ATTACHMENT_MISSING',
  ]);
  expect(requiredAttachments({ ...form, documents }, [{ kind: 'passport' }])).toEqual([]);
  expect(requiredAttachments(form, [])).toEqual([]);
});

it.each([
  ['words in any language', 'Łódź, 北京\r\n\tàèì\f', true],
  ['a zero', 'a\0b', false],
  ['an escape of a terminal', 'a\x1b[31m', false],
])('says whether %s is text, however it is cut', (_what, text, isText) => {
  const watcher = textWatcher();
  for (const byte of Buffer.from(text)) watcher.add(Uint8Array.of(byte));
  expect(watcher.end()).toBe(isText);
});

it.each([
  ['Latin 1', 'e0'],
  ['half a sign at the end', '61c3'],
])('does not take %s for text', (_what, hex) => {
  const watcher = textWatcher();
  watcher.add(Buffer.from(hex, 'hex'));
  expect(watcher.end()).toBe(false);
});

/**
 * An incremental update (ISO 32000-1 §7.5.6): new versions of the content stream and of the
 * information dictionary, a cross-reference section and a trailer, to be put behind a template.
 * A sealed receipt will carry one more update of the same form.
 */
import { deflateSync } from 'node:zlib';
import { sha256 } from '#engine/foundation/digest.ts';
import { type Information, informationText } from './information.ts';
import type { Template } from './template.ts';

/** The bytes that follow the template's. `content` is the content stream before compression. */
export function appendUpdate(template: Template, content: string, about: Information): Buffer {
  const { objects, bytes } = template;
  const packed = deflateSync(Buffer.from(content, 'latin1'), { level: 7 });
  const stream = Buffer.concat([
    Buffer.from(`${objects.content} 0 obj\n<< /Length ${packed.length} /Filter /FlateDecode >>\n`),
    Buffer.from('stream\n'),
    packed,
    Buffer.from('\nendstream\nendobj\n'),
  ]);
  const info = Buffer.from(`${objects.info} 0 obj\n${informationText(about)}\nendobj\n`);
  const start = Buffer.from('\n');
  const contentAt = bytes.length + start.length;
  const infoAt = contentAt + stream.length;
  const xrefAt = infoAt + info.length;
  const rows = [
    { number: objects.content, at: contentAt },
    { number: objects.info, at: infoAt },
  ];
  const id = sha256(template.hash, packed, info).subarray(0, 16).toString('hex');
  return Buffer.concat([start, stream, info, Buffer.from(ending(template, { rows, xrefAt, id }))]);
}

interface Ending {
  readonly rows: readonly { readonly number: number; readonly at: number }[];
  readonly xrefAt: number;
  readonly id: string;
}

function ending(template: Template, { rows, xrefAt, id }: Ending): string {
  const ordered = rows.toSorted((a, b) => a.number - b.number);
  const sections = ordered.map(
    ({ number, at }) => `${number} 1\n${String(at).padStart(10, '0')} 00000 n \n`,
  );
  const trailer =
    `<< /Size ${template.size} /Root ${template.objects.root} 0 R ` +
    `/Info ${template.objects.info} 0 R /Prev ${template.xrefAt} /ID [<${id}> <${id}>] >>`;
  return `xref\n${sections.join('')}trailer\n${trailer}\nstartxref\n${xrefAt}\n%%EOF\n`;
}

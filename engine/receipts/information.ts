/** The information dictionary of a receipt: what a viewer shows as the document's properties. */

export interface Information {
  readonly title: string;
  readonly subject: string;
  readonly author: string;
  readonly createdAtUs: number;
}

/** The information dictionary (ISO 32000-1 §14.3.3). */
export function informationText(about: Information): string {
  const created = new Date(Math.floor(about.createdAtUs / 1000)).toISOString();
  const date = `(D:${created.replace(/[-:T]/g, '').slice(0, 14)}Z)`;
  return (
    `<< /Title ${textString(about.title)} /Author ${textString(about.author)} ` +
    `/Subject ${textString(about.subject)} /Creator (Clickday) /Producer (Clickday) ` +
    `/CreationDate ${date} /ModDate ${date} >>`
  );
}

/** A text string in UTF-16BE with its byte-order mark, in hex (ISO 32000-1 §7.9.2.2). */
function textString(text: string): string {
  const bytes = Buffer.from(`\uFEFF${text}`, 'utf16le').swap16();
  return `<${bytes.toString('hex')}>`;
}

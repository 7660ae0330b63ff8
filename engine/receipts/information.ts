/** The information dictionary of a receipt: what a viewer shows as the document's properties. */

export interface Information {
  readonly title: string;
  readonly subject: string;
  readonly author: string;
  /** The instant that the receipt states. */
  readonly createdAtUs: number;
  readonly sealedAtUs: number;
}

/** The information dictionary (ISO 32000-1 §14.3.3). */
export function informationText(about: Information): string {
  return (
    `<< /Title ${textString(about.title)} /Author ${textString(about.author)} ` +
    `/Subject ${textString(about.subject)} /Creator (Clickday) /Producer (Clickday) ` +
    `/CreationDate ${pdfDate(about.createdAtUs)} /ModDate ${pdfDate(about.sealedAtUs)} >>`
  );
}

/** A date to the second (ISO 32000-1 §7.9.4). */
export function pdfDate(us: number): string {
  const iso = new Date(Math.floor(us / 1000)).toISOString();
  return `(D:${iso.replace(/[-:T]/g, '').slice(0, 14)}Z)`;
}

/** A text string in UTF-16BE with its byte-order mark, in hex (ISO 32000-1 §7.9.2.2). */
export function textString(text: string): string {
  const bytes = Buffer.from(`\uFEFF${text}`, 'utf16le').swap16();
  return `<${bytes.toString('hex')}>`;
}

/** Small files of each type that may be attached, and adding one over HTTP. */
import type { Attachment } from '#protocol/attachments-api.ts';
import type { Answer, Caller } from '#test/contract/portal-world.ts';

const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

export const pngBytes: Uint8Array = Buffer.from(PNG, 'base64');
export const jpegBytes: Uint8Array = Buffer.from('ffd8ffe000104a46494600010100', 'hex');
export const pdfBytes: Uint8Array = Buffer.from(
  '%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n',
);

export interface Added {
  readonly kind?: string;
  readonly name?: string;
  readonly bytes?: Uint8Array;
}

/** Adds a file as a browser does. */
export function attach<Body = Attachment>(
  caller: Caller,
  application: string,
  { kind = 'passport', name = 'passaporto.pdf', bytes = pdfBytes }: Added = {},
): Promise<Answer<Body>> {
  const path = `/api/applications/${application}/attachments?kind=${kind}`;
  return caller.call<Body>('POST', path, aFile({ name, bytes }));
}

/** The body of an upload. */
export function aFile({ name = 'a.pdf', bytes = pdfBytes }: Omit<Added, 'kind'> = {}): FormData {
  const form = new FormData();
  form.set('file', new Blob([bytes as Uint8Array<ArrayBuffer>]), name);
  return form;
}

/**
 * The places in a template that a seal and the attachments take (ISO 32000-1 §12.7.4.5, §7.11.4):
 * a signature field over the frame on the page, and three attached files. The objects named by
 * `SealObjects` mean nothing here; every receipt's update puts its own in their place.
 *
 * The seal certifies the document (DocMDP 1): whatever is appended later breaks it in any reader.
 */
import { type PDFDocument, PDFHexString, PDFName, type PDFPage, type PDFRef } from 'pdf-lib';
import { ATTACHMENT_SAMPLES, ATTACHMENTS } from '../attachments.ts';
import { SEAL_FRAME } from '../page.ts';

/** Object numbers that each receipt replaces. */
export interface SealObjects {
  readonly signature: number;
  /** In the order of `ATTACHMENTS`. */
  readonly files: readonly number[];
}

/** Printed with the page, and moved by nobody (ISO 32000-1 table 165). */
const PRINT_AND_LOCKED = 132;
/** Signatures exist, and the file may only be appended to (table 219). */
const SIGNATURES_APPEND_ONLY = 3;

/** What of the places is known beforehand. */
export interface SealPlaces {
  /** In the order of `ATTACHMENTS`. */
  readonly descriptions: readonly string[];
  /** Stands where the signature will, and in it again. */
  readonly certificate: Uint8Array;
}

/**
 * Puts the field and the files into `document`. What stands in the places is never read: it is what
 * receipts will have there, so that a stored receipt, packed with its template as the dictionary,
 * is 1 KB shorter and fits on one page of the store.
 */
export function addSealPlaces(
  document: PDFDocument,
  page: PDFPage,
  { descriptions, certificate }: SealPlaces,
): SealObjects {
  const { context, catalog } = document;
  const known = Buffer.from(certificate).toString('hex');
  const signature = context.register(context.obj({ Contents: PDFHexString.of(known) }));
  const { x, y, width, height } = SEAL_FRAME;
  const look = context.stream('', {
    Type: 'XObject',
    Subtype: 'Form',
    BBox: [0, 0, width, height],
  });
  const field = context.register(
    context.obj({
      ...{ Type: 'Annot', Subtype: 'Widget', FT: 'Sig', T: PDFHexString.fromText('Seal') },
      ...{ F: PRINT_AND_LOCKED, Rect: [x, y, x + width, y + height], P: page.ref, V: signature },
      AP: { N: context.register(look) },
    }),
  );
  page.node.set(PDFName.of('Annots'), context.obj([field]));
  const form = { Fields: [field], SigFlags: SIGNATURES_APPEND_ONLY };
  catalog.set(PDFName.of('AcroForm'), context.obj(form));
  catalog.set(PDFName.of('Perms'), context.obj({ DocMDP: signature }));
  return { signature: signature.objectNumber, files: addFiles(document, descriptions) };
}

function addFiles(document: PDFDocument, descriptions: readonly string[]): number[] {
  const { context, catalog } = document;
  const names: (PDFHexString | PDFRef)[] = [];
  const files = ATTACHMENTS.map(({ name }, index) => {
    const bytes = context.register(context.stream(ATTACHMENT_SAMPLES[index]!));
    const label = PDFHexString.fromText(name);
    const file = context.register(
      context.obj({
        ...{ Type: 'Filespec', F: label, UF: label, EF: { F: bytes, UF: bytes } },
        ...{ AFRelationship: 'Data', Desc: PDFHexString.fromText(descriptions[index]!) },
      }),
    );
    names.push(label, file);
    return { file, bytes };
  });
  catalog.set(PDFName.of('Names'), context.obj({ EmbeddedFiles: { Names: names } }));
  catalog.set(PDFName.of('AF'), context.obj(files.map(({ file }) => file)));
  return files.map(({ bytes }) => bytes.objectNumber);
}

/**
 * The template: everything that is the same on every receipt of one language. Built once by
 * pdf-lib (fonts subset, page drawn, an empty content stream and an empty information dictionary),
 * then each receipt is this file plus an incremental update that replaces those objects, the empty
 * attachments and the empty signature (`seal/field.ts`).
 *
 *   template bytes (the same for thousands) | appended: content, …, signature, xref, trailer
 *
 * The same fonts and words always give the same bytes: dates, names and order are fixed here, so
 * that its hash can stand for it. Building takes about 0.2 s; the caller keeps the result.
 */
import type { Hash } from 'node:crypto';
import fontkit from '@pdf-lib/fontkit';
import {
  PDFArray,
  PDFDict,
  PDFDocument,
  PDFHexString,
  PDFName,
  PDFNumber,
  type PDFPage,
  type PDFRef,
} from 'pdf-lib';
import { sha256Base64Url } from '#engine/foundation/digest.ts';
import { type FaceName, type FaceSource, faceSources, type Reach, readFont } from './fonts.ts';
import { textString } from './information.ts';
import { FACE_RESOURCE, type Face, type Faces } from './ink.ts';
import { drawPage, PAGE, type SealMark } from './page.ts';
import { addSealPlaces, type SealObjects } from './seal/field.ts';
import type { ReceiptTexts } from './texts.ts';
import { beginDigest } from './update.ts';

/** What decides how a template looks. */
export interface TemplateKind {
  readonly texts: ReceiptTexts;
  readonly reach: Reach;
  readonly rehearsal: boolean;
  /** Who seals: it stands on the page. */
  readonly seal: SealMark;
  /** The certificate in its signature, or nothing when it is long: a file must stay small. */
  readonly certificate: Uint8Array;
}

export interface Template {
  readonly bytes: Uint8Array;
  /** SHA-256 of `bytes`, base64url. */
  readonly hash: string;
  readonly faces: Faces;
  /** Object numbers an update refers to or replaces. */
  readonly objects: SealObjects & {
    readonly content: number;
    readonly info: number;
    readonly root: number;
  };
  /** SHA-256 that has taken `bytes`: each receipt goes on from a copy. */
  readonly digest: Hash;
  /** One more than the highest object number. */
  readonly size: number;
  /** Where the template's cross-reference table begins. */
  readonly xrefAt: number;
}

const THOUSANDTHS = 1000;

/** Builds the template of a kind. Throws when a font file is missing or damaged. */
export async function buildTemplate(kind: TemplateKind): Promise<Template> {
  const document = await PDFDocument.create({ updateMetadata: false });
  document.registerFontkit(fontkit);
  const page = document.addPage([PAGE.width, PAGE.height]);
  const faces = await embedFaces(document, page, kind.reach);
  await document.flush(); // fonts come first: what receipts repeat must be near them to be packed
  shortenWidths(document);
  const objects = addObjects(document, page, { faces, kind });
  describe(document, kind.texts.lang);
  const bytes = await document.save({ useObjectStreams: false, addDefaultPage: false });
  return {
    bytes,
    hash: sha256Base64Url(bytes),
    faces,
    objects,
    digest: beginDigest(bytes),
    size: document.context.largestObjectNumber + 1,
    xrefAt: startOfXref(bytes),
  };
}

async function embedFaces(document: PDFDocument, page: PDFPage, reach: Reach): Promise<Faces> {
  const sources = faceSources(reach);
  const faces: Partial<Record<FaceName, Face>> = {};
  for (const name of Object.keys(sources) as FaceName[]) {
    const { face, ref } = await embedFace(document, sources[name]);
    page.node.setFontDictionary(PDFName.of(FACE_RESOURCE[name]), ref);
    faces[name] = face;
  }
  return faces as Faces;
}

async function embedFace(document: PDFDocument, source: FaceSource) {
  const bytes = readFont(source.file);
  const known = fontkit.create(bytes);
  const font = await document.embedFont(bytes, {
    subset: true,
    customName: source.name,
    features: { locl: false }, // else Turkish Ş is drawn as Romanian Ș
  });
  const glyphs = new Map<string, { hex: string; width: number }>();
  const taken = new Set<number>();
  for (const code of source.codePoints) {
    if (!known.hasGlyphForCodePoint(code)) continue;
    const { id } = known.glyphForCodePoint(code);
    if (taken.has(id)) continue;
    taken.add(id);
    const letter = String.fromCodePoint(code);
    const hex = font.encodeText(letter).asString();
    glyphs.set(letter, { hex, width: font.widthOfTextAtSize(letter, THOUSANDTHS) });
  }
  const replacement = glyphs.has('\uFFFD') ? '\uFFFD' : '?';
  return { ref: font.ref, face: { glyphs, replacement } satisfies Face };
}

/** A face whose glyphs are all as wide says so in one number, a whole one, not a list of 1 KB. */
function shortenWidths({ context }: PDFDocument): void {
  for (const [, object] of context.enumerateIndirectObjects()) {
    if (!(object instanceof PDFDict)) continue;
    const rows = object.lookupMaybe(PDFName.of('W'), PDFArray);
    const widths = rows?.lookupMaybe(1, PDFArray)?.asArray().map(String) ?? [];
    if (rows?.size() !== 2 || new Set(widths.slice(1)).size !== 1) continue; // the first: no glyph
    object.set(PDFName.of('DW'), PDFNumber.of(Math.round(Number(widths[1]))));
    object.delete(PDFName.of('W'));
  }
}

function addObjects(
  document: PDFDocument,
  page: PDFPage,
  drawing: { faces: Faces; kind: TemplateKind },
): Template['objects'] {
  const { context } = document;
  const { faces, kind } = drawing;
  const { texts } = kind;
  const fixed = drawPage(faces, texts, kind);
  const content = context.register(context.stream(''));
  const drawn = context.register(context.flateStream(fixed));
  page.node.set(PDFName.of('Contents'), context.obj([drawn, content]));
  if (kind.rehearsal) {
    const seeThrough = context.obj({ Type: 'ExtGState', ca: 0.22 });
    page.node.setExtGState(PDFName.of('GS1'), context.register(seeThrough));
  }
  const known = { Title: textString(texts.title), Author: textString(texts.issuer) };
  const info = context.register(context.obj(hexStrings(known)));
  context.trailerInfo.Info = info;
  const number = (ref: PDFRef) => ref.objectNumber;
  const root = context.trailerInfo.Root as PDFRef;
  const places = addSealPlaces(document, page, {
    descriptions: texts.attachments,
    certificate: kind.certificate,
  });
  return { ...places, content: number(content), info: number(info), root: number(root) };
}

function hexStrings(texts: Readonly<Record<string, string>>) {
  const strings = Object.entries(texts).map(([name, text]) => [
    name,
    PDFHexString.of(text.slice(1, -1)),
  ]);
  return Object.fromEntries(strings) as Record<string, PDFHexString>;
}

function describe(document: PDFDocument, lang: string): void {
  document.catalog.set(PDFName.of('Lang'), PDFHexString.fromText(lang));
  const preferences = document.context.obj({ DisplayDocTitle: true });
  document.catalog.set(PDFName.of('ViewerPreferences'), preferences);
}

function startOfXref(bytes: Uint8Array): number {
  const tail = Buffer.from(bytes.subarray(-64)).toString('latin1');
  const match = /startxref\s+(\d+)/.exec(tail);
  if (match === null) throw new Error('the template has no cross-reference table');
  return Number(match[1]);
}

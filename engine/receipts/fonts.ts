/**
 * The faces of a receipt and which characters each can set.
 *
 *   text   every word a person wrote: Titillium Web with all European Latin letters; when a name
 *          needs more (Greek, Cyrillic, rarer Latin), DejaVu Sans Condensed instead
 *   strong titles and labels, Titillium Web semibold, Italian and English letters only
 *   mono   digests, Roboto Mono, the letters of base64url
 *
 * Faces are subsets so that a file stays small; the character sets are fixed, so the same fonts
 * always give the same template. Two characters that share a glyph (Ð and Đ in many fonts) would
 * be copied out of the PDF as one: only the first is taken, the other needs the wide face.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** Which `text` face a document uses. */
export type Reach = 'latin' | 'wide';
export type FaceName = 'text' | 'strong' | 'mono';

const FAMILY = 'bootstrap-italia/dist/fonts';
const TITILLIUM = `${FAMILY}/Titillium_Web/titillium-web-v10-latin-ext_latin`;

const range = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);
const codes = (text: string): number[] => Array.from(text, (letter) => letter.codePointAt(0)!);

const ASCII = range(0x20, 0x7e);
const PUNCTUATION = codes('–—‘’‚“”„†•…‹›€™−');
const LATIN = [
  ...ASCII,
  ...range(0xa1, 0xac),
  ...range(0xae, 0x17f),
  ...range(0x218, 0x21b),
  ...codes('ẀẁẂẃẄẅỲỳ'),
  ...PUNCTUATION,
];
const WIDE = [
  ...ASCII,
  ...range(0xa1, 0xac),
  ...range(0xae, 0x24f),
  ...range(0x300, 0x345),
  ...range(0x370, 0x3ff),
  ...range(0x400, 0x52f),
  ...range(0x1e00, 0x1eff),
  ...PUNCTUATION,
  ...codes('‐‑№\uFFFD'),
];
const ITALIAN = [...ASCII, ...codes('ÀÈÉÌÒÙàèéìòù±·–—‘’“”…')];
const BASE64URL = codes('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/=.: ');

/** A face to be put into a template. */
export interface FaceSource {
  /** The PostScript name; the six letters say that it is a subset (ISO 32000-1 §9.6.4). */
  readonly name: string;
  readonly file: string;
  readonly codePoints: readonly number[];
}

/** The three faces of a document. */
export function faceSources(reach: Reach): Record<FaceName, FaceSource> {
  const latin = { name: 'CLKDAA+TitilliumWeb', file: `${TITILLIUM}-regular.ttf` };
  const wide = { name: 'CLKDAB+DejaVuSans', file: 'dejavu-fonts-ttf/ttf/DejaVuSansCondensed.ttf' };
  return {
    text: reach === 'latin' ? { ...latin, codePoints: LATIN } : { ...wide, codePoints: WIDE },
    strong: {
      name: 'CLKDAC+TitilliumWeb-SemiBold',
      file: `${TITILLIUM}-600.ttf`,
      codePoints: ITALIAN,
    },
    mono: {
      name: 'CLKDAD+RobotoMono',
      file: `${FAMILY}/Roboto_Mono/roboto-mono-v13-latin-ext_latin-regular.ttf`,
      codePoints: BASE64URL,
    },
  };
}

/** The bytes of a font file that came with a package. */
export function readFont(file: string): Uint8Array {
  return readFileSync(createRequire(import.meta.url).resolve(file));
}

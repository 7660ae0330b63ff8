/**
 * The faces of a receipt and which characters each can set.
 *
 *   text   every word: Titillium Web with the letters that most names need; when one needs more,
 *          with all European Latin letters; DejaVu Sans Condensed for Cyrillic, Greek or
 *          Vietnamese, and in one file of 90 KB for a mixture of them
 *   mono   digests, Roboto Mono, the letters of base64url
 *
 * Faces are subsets so that a file stays small; the character sets are fixed, so the same fonts
 * always give the same template. Two characters that share a glyph (Ð and Đ in many fonts) would
 * be copied out of the PDF as one: only the first is taken, the other needs the wide face.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** Which `text` face a document uses. */
export type Reach = (typeof REACHES)[number];
/** From the smallest on. */
export const REACHES = ['common', 'latin', 'cyrillic', 'greek', 'vietnamese', 'wide'] as const;
export type FaceName = 'text' | 'mono';

const FAMILY = 'bootstrap-italia/dist/fonts';
const TITILLIUM = `${FAMILY}/Titillium_Web/titillium-web-v10-latin-ext_latin`;

const range = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);
const codes = (text: string): number[] => Array.from(text, (letter) => letter.codePointAt(0)!);

const ASCII = range(0x20, 0x7e);
const PUNCTUATION = codes('–—‘’‚“”„†•…‹›€™−');
/** Western Europe, Romania, Albania, Poland, the southern Slavs, Turkey: 11 KB instead of 15. */
const COMMON = [
  ...ASCII,
  ...codes('°±·«»ªº'),
  ...range(0xc0, 0xff),
  ...codes('ĂăȘșȚțŞşŢţĄąĆćĘęŁłŃńŚśŹźŻżČčĐđŠšŽžĞğİı–—‘’“”…•€'),
];
/** Beside another alphabet: what Italian and the page itself need. */
const ITALIAN = [...ASCII, ...codes('ÀÁÈÉÌÍÒÓÙÚÇÄÖÜàáèéìíòóùúçäöüß°±·«»–—‘’“”…€')];
const LATIN = [
  ...ASCII,
  ...codes('¡¿§°±·«»ªº'),
  ...range(0xc0, 0x17f),
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
const BASE64URL = codes('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/=.: ');

/** A face to be put into a template. */
export interface FaceSource {
  /** The PostScript name; the six letters say that it is a subset (ISO 32000-1 §9.6.4). */
  readonly name: string;
  readonly file: string;
  readonly codePoints: readonly number[];
}

const titillium = (name: string, codePoints: readonly number[]): FaceSource => ({
  ...{ name: `${name}+TitilliumWeb`, file: `${TITILLIUM}-regular.ttf` },
  codePoints,
});
const dejavu = (name: string, codePoints: readonly number[]): FaceSource => ({
  ...{ name: `${name}+DejaVuSans`, file: 'dejavu-fonts-ttf/ttf/DejaVuSansCondensed.ttf' },
  codePoints,
});
const TEXT_FACES: Record<Reach, FaceSource> = {
  common: titillium('CLKDAC', COMMON),
  latin: titillium('CLKDAA', LATIN),
  cyrillic: dejavu('CLKDAE', [...ITALIAN, ...range(0x400, 0x45f), ...codes('ҐґҒғҚқҢңҮүҰұӘәӨөҺһ№')]),
  greek: dejavu('CLKDAF', [...ITALIAN, ...range(0x384, 0x3ce)]),
  vietnamese: dejavu('CLKDAG', [
    ...ITALIAN,
    ...codes('ÃÊÔÕÝãêôõýĂăĐđĨĩŨũƠơƯưÂâ'),
    ...range(0x1ea0, 0x1ef9),
  ]),
  wide: dejavu('CLKDAB', WIDE),
};

/** The faces of a document. */
export function faceSources(reach: Reach): Record<FaceName, FaceSource> {
  return {
    text: TEXT_FACES[reach],
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

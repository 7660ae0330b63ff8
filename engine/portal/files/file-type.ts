/**
 * What a file is, by its own first bytes; neither its name nor what a browser says of it counts.
 * It does not say that the file is whole or harmless: it is handed out as a download only.
 */
import type { AttachmentType } from '#protocol/attachments-api.ts';

/** How much of the beginning `typeOf` needs. */
export const HEAD_BYTES = 16;

/** Of the first bytes in hexadecimal. */
const SIGNATURES: readonly (readonly [AttachmentType, RegExp])[] = [
  ['application/pdf', /^255044462d3[12]2e3\d/], // %PDF-1.4
  ['image/jpeg', /^ffd8ff[c-f]/],
  // The signature, then the chunk that must come first (PNG 5.2, 5.6): 13 bytes of IHDR.
  ['image/png', /^89504e470d0a1a0a0000000d49484452/],
];

/** The type of a file that begins like this, undefined when it is none that may be attached. */
export function typeOf(head: Uint8Array): AttachmentType | undefined {
  const hex = Buffer.from(head).toString('hex');
  return SIGNATURES.find(([, signature]) => signature.test(hex))?.[0];
}

/** No control signs but tab, line feed, form feed and carriage return. */
const UNTEXT = /[^\P{Cc}\t\n\f\r]/u;

/** Tells of a stream whether it is text, piece by piece. */
export function textWatcher(): { add(piece: Uint8Array): void; end(): boolean } {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let isText = true;
  const look = (decode: () => string) => {
    if (!isText) return;
    try {
      isText = !UNTEXT.test(decode());
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      isText = false;
    }
  };
  return {
    add: (piece) => look(() => decoder.decode(piece, { stream: true })),
    end: () => {
      look(() => decoder.decode());
      return isText;
    },
  };
}

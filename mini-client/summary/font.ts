/** The file of the summary's font: of its package, or inside the executable. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { getRawAsset, isSea } from 'node:sea';

/** The name under which the executable carries it. */
export const FONT_ASSET = 'summary.ttf';
const FILE = 'dejavu-fonts-ttf/ttf/DejaVuSansCondensed.ttf';

/** Its 680 KB; of the executable they lie in its own memory and MUST NOT be written to. */
export function summaryFont(): Uint8Array {
  return isSea() ? new Uint8Array(getRawAsset(FONT_ASSET) as ArrayBuffer) : packagedFont();
}

/** For who builds the executable. */
export function packagedFont(): Uint8Array {
  return readFileSync(createRequire(import.meta.url).resolve(FILE));
}

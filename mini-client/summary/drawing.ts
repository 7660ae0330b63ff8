/**
 * What draws the sheet, loaded when somebody wants one: letters and pages are two thirds of the
 * program's text, and would cost every process 10 MB the whole day long. The executable carries it
 * as a text of its own.
 */
import { createRequire } from 'node:module';
import { getRawAsset, isSea } from 'node:sea';
import { compileFunction } from 'node:vm';

export type Drawing = typeof import('./pdf.ts');

/** The name under which the executable carries it: CommonJS that needs only Node's own modules. */
export const DRAWING_ASSET = 'summary.cjs';

/** Some hundred milliseconds. The executable evaluates it anew each time: keep what it gives. */
export async function loadDrawing(): Promise<Drawing> {
  return isSea() ? packedDrawing() : import('./pdf.ts');
}

function packedDrawing(): Drawing {
  // A byte a letter, for it has none beyond ASCII; `getAsset` gives a text of two.
  const text = Buffer.from(getRawAsset(DRAWING_ASSET) as ArrayBuffer).toString('latin1');
  const evaluate = compileFunction(text, ['exports', 'require'], { filename: DRAWING_ASSET });
  const exported = {};
  evaluate(exported, createRequire(process.execPath));
  return exported as Drawing;
}

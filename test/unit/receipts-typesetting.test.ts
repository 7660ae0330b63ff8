import { describe, expect, it } from 'vitest';
import type { Faces } from '#engine/receipts/ink.ts';
import { setIntoLines, tidyText } from '#engine/receipts/typesetting.ts';

/** A face in which every letter is half as wide as its size. */
const glyphs = new Map(
  Array.from({ length: 95 }, (_, index) => {
    const letter = String.fromCharCode(32 + index);
    return [letter, { hex: '0001', width: 500 }] as const;
  }),
);
const face = { glyphs, replacement: '?' };
const faces: Faces = { text: face, mono: face };
const style = { face: 'text', size: 10, colour: '0 0 0' } as const;
const set = (text: string, letters: number) => setIntoLines(text, style, letters * 5, faces);

describe('setting a value into its place', () => {
  it('keeps the full size while it fits', () => {
    expect(set('Mario Rossi', 11)).toEqual({ lines: ['Mario Rossi'], size: 10 });
  });

  it('shrinks before it breaks', () => {
    expect(set('Mario Rossi', 10)).toEqual({ lines: ['Mario Rossi'], size: 9 });
    expect(set('Mario Rossi', 7).lines).toEqual(['Mario', 'Rossi']);
  });

  it('breaks a long word after a separator', () => {
    expect(set('2011-01-31/g1/000123456', 16).lines).toEqual(['2011-01-31/g1/', '000123456']);
  });

  it('breaks a word without separators anywhere, and loses no letter', () => {
    const { lines } = set('a'.repeat(30), 16);
    expect(lines.join('')).toBe('a'.repeat(30));
  });

  it('cuts with an ellipsis only what three small lines cannot hold', () => {
    expect(set('word '.repeat(30).trim(), 20).lines.at(-1)).toMatch(/…$/);
    expect(set('word '.repeat(18).trim(), 20).lines.join(' ')).toBe('word '.repeat(18).trim());
  });

  it('composes accents and drops what has no shape', () => {
    expect(tidyText('  e\u0301\u0000 \n x\u200b ')).toBe('é x');
  });
});

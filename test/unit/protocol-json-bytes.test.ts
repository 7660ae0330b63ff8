/** JSON written into bytes is the JSON that the general encoder writes. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonBytes } from '#protocol/json-bytes.ts';
import { isoFromUs } from '#protocol/time.ts';

const textOf = (out: JsonBytes) => Buffer.from(out.all()).toString('utf8');

describe('bytes of JSON', () => {
  it('are those of the general encoder for any string', () => {
    const out = new JsonBytes(1);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(textOf(out.reset().quoted(text))).toBe(JSON.stringify(text));
      }),
    );
  });

  it('are those of any integer, and have zeros in front when asked', () => {
    const out = new JsonBytes(1);
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.nat({ max: 16 }), (value, digits) => {
        const text = String(value);
        expect(textOf(out.reset().integer(value))).toBe(text);
        expect(textOf(out.reset().integer(value, digits))).toBe(text.padStart(digits, '0'));
      }),
    );
  });

  it('are those of any instant, also of the same second twice', () => {
    const out = new JsonBytes(1);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000_000_000 }), (us) => {
        expect(textOf(out.reset().instant(us))).toBe(isoFromUs(us));
        const other = us - (us % 1_000_000) + 999_999;
        expect(textOf(out.reset().instant(other))).toBe(isoFromUs(other));
      }),
    );
  });

  it('follow one another, and an earlier view of the same length shows the new ones', () => {
    const out = new JsonBytes(64);
    const first = out.reset().raw('{"a":').integer(1).raw('}').all();
    const second = out.reset().raw('{"b":').integer(2).raw('}').all();
    expect(second).toBe(first);
    expect(Buffer.from(second).toString()).toBe('{"b":2}');
  });
});

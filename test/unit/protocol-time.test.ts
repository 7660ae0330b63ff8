/** Instants and canonical text: the same facts are the same bytes everywhere. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalText } from '#protocol/canonical.ts';
import { isoFromUs, usFromIso } from '#protocol/time.ts';

/** From 1970 to the year 2255, where a double still counts every microsecond. */
const instants = fc.integer({ min: 0, max: 2 ** 53 - 1 });

describe('an instant', () => {
  it('goes to the wire and back without loss', () => {
    fc.assert(
      fc.property(instants, (us) => {
        expect(usFromIso(isoFromUs(us))).toBe(us);
      }),
    );
  });

  it('always has the same form, and sorts as text as it does as a number', () => {
    fc.assert(
      fc.property(instants, instants, (a, b) => {
        expect(isoFromUs(a)).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
        expect(isoFromUs(a) < isoFromUs(b)).toBe(a < b);
      }),
    );
  });

  it('is the one that was meant', () => {
    expect(isoFromUs(1_296_457_200_000_123)).toBe('2011-01-31T07:00:00.000123Z');
    expect(isoFromUs(0)).toBe('1970-01-01T00:00:00.000000Z');
    expect(usFromIso('2011-01-31T07:00:00Z')).toBe(1_296_457_200_000_000);
    expect(usFromIso('2011-01-31T08:00:00.5+01:00')).toBe(1_296_457_200_500_000);
    expect(usFromIso('2011-01-31T07:00:00.000001Z')).toBe(1_296_457_200_000_001);
  });

  it('is NaN when the text is none', () => {
    const none = [
      ...['', 'now', '2011-01-31', '2011-01-31T07:00:00', '2011-01-31 07:00:00Z'],
      ...['2011-13-31T07:00:00Z', '2011-01-31T25:00:00Z', '2011-01-31T07:00:00.1234567Z'],
      ...['2011-01-31T07:00:00.Z', '2011-01-31T07:00Z', ' 2011-01-31T07:00:00Z'],
    ];
    for (const text of none) expect(usFromIso(text), text).toBeNaN();
  });
});

describe('the canonical text', () => {
  const values = fc.jsonValue();

  it('does not depend on the order of members', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), values), (value) => {
        const turned = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalText(turned)).toBe(canonicalText(value));
      }),
    );
  });

  it('is JSON of the same value, and canonical again', () => {
    fc.assert(
      fc.property(values, (value) => {
        const text = canonicalText(value);
        expect(canonicalText(JSON.parse(text))).toBe(text);
      }),
    );
  });

  it('is that of RFC 8785 §3.2.2 and §3.2.3', () => {
    const value = {
      numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
      literals: [null, true, false],
    };
    expect(canonicalText(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
    const keys = { '\u20ac': 5, '\r': 1, '\ufb33': 7, '1': 2, '😀': 6, '\u0080': 3, ö: 4 };
    expect(canonicalText(keys)).toBe('{"\\r":1,"1":2,"\u0080":3,"ö":4,"€":5,"😀":6,"\ufb33":7}');
  });

  it('does not exist for what JSON cannot hold', () => {
    expect(() => canonicalText(undefined)).toThrow(TypeError);
    expect(() => canonicalText({ value: Number.NaN })).toThrow();
    expect(() => canonicalText(Number.POSITIVE_INFINITY)).toThrow();
  });
});

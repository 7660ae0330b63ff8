/** The index of applications: it never misses, whatever is in it and however it grew. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applicationKey, createApplicationIndex } from '#engine/ledger/application-index.ts';
import { applicationId } from '#test/support/register-entries.ts';

describe('the index of applications', () => {
  it('finds each of many, through several segments, and nothing else', () => {
    const index = createApplicationIndex(16);
    const count = 20_000;
    for (let seq = 1; seq <= count; seq += 1) index.add(applicationKey(applicationId(seq)), seq);
    let others = 0;
    for (let seq = 1; seq <= count; seq += 1) {
      const found = index.candidates(applicationKey(applicationId(seq)));
      expect(found).toContain(seq);
      others += found.length - 1;
    }
    expect(others).toBe(0);
    const strangers = Array.from({ length: count }, (_, at) => applicationId(count + 1 + at));
    expect(strangers.filter((id) => index.candidates(applicationKey(id)).length > 0)).toEqual([]);
  });

  it('finds any text, the same one under each of its numbers', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { maxLength: 60 }), (texts) => {
        const index = createApplicationIndex(4);
        texts.forEach((text, at) => void index.add(applicationKey(text), at + 1));
        texts.forEach(
          (text, at) => void expect(index.candidates(applicationKey(text))).toContain(at + 1),
        );
      }),
    );
  });

  it('is empty at first', () => {
    expect(createApplicationIndex().candidates(applicationKey('A'))).toEqual([]);
  });
});

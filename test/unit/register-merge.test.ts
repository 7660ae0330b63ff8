import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { finalUntilUs, freshMerge, mergeEntries } from '#engine/register/merge.ts';
import { compareEntries } from '#protocol/ranking/order.ts';
import { entryOf, memoryLedger, OPENING_US } from '#test/support/register-entries.ts';

const at = (gate: string, seq: number, afterUs: number, application?: string) =>
  entryOf(gate, seq, {
    stampUs: OPENING_US + afterUs,
    application: application ?? `${gate}-${seq}`,
  });
const names = (entries: Iterable<{ application: string }>) =>
  Array.from(entries, ({ application }) => application);
const all = { cursors: new Map<string, number>(), untilUs: Number.POSITIVE_INFINITY };

describe('the merge of ledgers', () => {
  it('puts interleaved stamps of two gates into one order', () => {
    const [g1, g2] = [memoryLedger('g1'), memoryLedger('g2')];
    g1.write(at('g1', 1, 1), at('g1', 2, 5), at('g1', 3, 9));
    g2.write(at('g2', 1, 2), at('g2', 2, 3), at('g2', 3, 8));
    expect(names(mergeEntries([g2, g1], all))).toEqual([
      'g1-1',
      'g2-1',
      'g2-2',
      'g1-2',
      'g2-3',
      'g1-3',
    ]);
  });

  it('orders equal stamps by gate', () => {
    const [g1, g2] = [memoryLedger('g1'), memoryLedger('g2')];
    g1.write(at('g1', 1, 7));
    g2.write(at('g2', 1, 7));
    expect(names(mergeEntries([g2, g1], all))).toEqual(['g1-1', 'g2-1']);
  });

  it('holds back what is above the lowest watermark and lets it go when that rises', () => {
    const [g1, g2] = [memoryLedger('g1'), memoryLedger('g2')];
    g1.write(at('g1', 1, 1), at('g1', 2, 6));
    g2.write(at('g2', 1, 3));
    const merged = () =>
      names(mergeEntries([g1, g2], { cursors: new Map(), untilUs: finalUntilUs([g1, g2]) }));
    expect(merged()).toEqual(['g1-1', 'g2-1']);
    g2.setWatermark(OPENING_US + 5);
    expect(merged()).toEqual(['g1-1', 'g2-1']);
    g2.setWatermark(OPENING_US + 6);
    expect(merged()).toEqual(['g1-1', 'g2-1', 'g1-2']);
  });

  it('does not wait for a watermark when there is one ledger', () => {
    const g1 = memoryLedger('g1');
    g1.write(at('g1', 1, 1));
    g1.setWatermark(0);
    expect(finalUntilUs([g1])).toBe(Number.POSITIVE_INFINITY);
  });

  it('reads on over the end of a page', () => {
    const g1 = memoryLedger('g1');
    g1.write(...Array.from({ length: 1501 }, (_, index) => at('g1', index + 1, index)));
    const merged = names(mergeEntries([g1], { ...all, cursors: new Map([['g1', 250]]) }));
    expect(merged.length).toBe(1251);
    expect(merged.at(-1)).toBe('g1-1501');
  });

  it('gives the sorted union whatever the stamps are', () => {
    const stamps = fc.uniqueArray(fc.nat(5000), { maxLength: 60 });
    fc.assert(
      fc.property(fc.array(stamps, { minLength: 1, maxLength: 4 }), (gates) => {
        const ledgers = gates.map((_, index) => memoryLedger(`g${index}`));
        const entries = gates.flatMap((list, index) =>
          list
            .toSorted((a, b) => a - b)
            .map((afterUs, position) => at(`g${index}`, position + 1, afterUs)),
        );
        for (const entry of entries) ledgers[Number(entry.gate.slice(1))]!.write(entry);
        const merged = [...mergeEntries(ledgers, all)];
        expect(merged).toEqual(entries.toSorted(compareEntries));
      }),
      { seed: 20110131, numRuns: 60 },
    );
  });

  it('marks the later entry of an application that two gates accepted', () => {
    const [g1, g2] = [memoryLedger('g1'), memoryLedger('g2')];
    g1.write(at('g1', 1, 4, 'same'));
    g2.write(at('g2', 1, 2, 'same'), at('g2', 2, 5, 'other'));
    const marks = Array.from(freshMerge([g1, g2]), (found) => [
      found.entry.gate,
      found.place,
      found.duplicateOf,
    ]);
    expect(marks).toEqual([
      ['g2', 1, null],
      ['g1', 2, 1],
      ['g2', 3, null],
    ]);
  });
});

/** What a connection may submit: found by name, and recognised by its bytes when expected. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Prepared } from '#engine/gate/prepared.ts';
import { createPresence } from '#engine/gate/presence.ts';
import { limits } from '#engine/limits.ts';
import { lineOf } from '#test/support/gate-submissions.ts';

const names = (count: number, prefix = 'a') =>
  Array.from({ length: count }, (_, at) => `${prefix}${at}`);
const frame = (application: string) => Buffer.from(JSON.stringify({ type: 'submit', application }));

function stage(...passbooks: string[][]) {
  const presence = createPresence({ gate: 'g1', mayHold: () => false });
  const prepared = new Prepared(presence);
  for (const applications of passbooks) prepared.add(applications.map((id) => lineOf(id)));
  /** Whether each is recognised when it comes; one that is not is found by its name. */
  const recognised = (applications: readonly string[]) =>
    applications.map((application) => {
      const candidate = prepared.expected(frame(application));
      expect((candidate ?? prepared.find(application))?.line.id).toBe(application);
      return candidate !== undefined;
    });
  return { presence, prepared, recognised };
}

describe('an application that is submitted', () => {
  it('is recognised in the order of the passbooks', () => {
    const { recognised } = stage(names(3), names(2, 'b'));
    expect(recognised(['a0', 'a1', 'a2', 'b0', 'b1'])).toEqual([true, true, true, true, true]);
  });

  it('is recognised when each n-th is sent, once that is seen', () => {
    const { recognised } = stage(names(12));
    expect(recognised(['a1', 'a4', 'a7', 'a10'])).toEqual([false, false, true, true]);
  });

  it('is found in any order', () => {
    const { recognised } = stage(names(6));
    fc.assert(
      fc.property(fc.shuffledSubarray(names(6)), (order) => {
        recognised(order);
      }),
    );
  });

  it('is recognised when it is asked for again, with what its newest passbook says', () => {
    const { prepared } = stage(names(3));
    prepared.add([{ ...lineOf('a0'), office: 'MI' }]);
    expect(prepared.size).toBe(3);
    expect(prepared.expected(frame('a0'))?.line.office).toBe('MI');
    expect(prepared.find('a0')?.line.office).toBe('MI');
  });

  it('is never taken for another one', () => {
    const text = fc.string({ minLength: 1, maxLength: 12, unit: 'binary' });
    fc.assert(
      fc.property(text, text, (known, asked) => {
        const { prepared } = stage([known]);
        expect(prepared.expected(frame(asked)) !== undefined).toBe(asked === known);
      }),
    );
  });

  it('is not recognised when one byte of its frame is another', () => {
    const { prepared } = stage(['application']);
    const plain = frame('application');
    for (const at of plain.keys()) {
      const other = Buffer.from(plain);
      other[at] = (other[at] as number) ^ 1;
      expect(prepared.expected(other)).toBeUndefined();
    }
    expect(prepared.expected(plain.subarray(0, -1))).toBeUndefined();
    expect(prepared.expected(Buffer.concat([plain, Buffer.from(' ')]))).toBeUndefined();
    expect(prepared.expected(plain)?.line.id).toBe('application');
  });
});

describe('a connection’s passbooks', () => {
  it('are refused whole when they name too many', () => {
    const { prepared } = stage(names(limits.applicationsPerConnectionMax));
    expect(prepared.add([lineOf('a0'), lineOf('other')])).toBe(false);
    expect(prepared.find('other')).toBeUndefined();
    expect(prepared.add([lineOf('a0')])).toBe(true);
    expect(prepared.size).toBe(limits.applicationsPerConnectionMax);
  });

  it('are given back when it leaves, each line once', () => {
    const { presence, prepared } = stage(['a', 'b'], ['a']);
    const [other] = presence.present([lineOf('a')]);
    prepared.leave();
    expect(prepared.find('a')).toBeUndefined();
    expect(prepared.expected(frame('a'))).toBeUndefined();
    expect(other?.progress.holders).toBe(1);
  });
});

/** The one decision of a click day, at its edges, microsecond by microsecond. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { admission } from '#engine/gate/admission.ts';
import { CLOSING_US, DAY } from '#test/support/gate-papers.ts';
import { OPENING_US } from '#test/support/register-entries.ts';

const OPEN = { id: DAY, opensAtUs: OPENING_US, closesAtUs: CLOSING_US, suspended: false };
const SUSPENDED = { ...OPEN, suspended: true };

describe('admission', () => {
  it.each([
    ['1 µs before the opening', OPENING_US - 1, 0, 'TOO_EARLY'],
    ['at the opening', OPENING_US, 0, 'ACCEPT'],
    ['at the opening with a doubt of 1 µs', OPENING_US, 1, 'TOO_EARLY'],
    ['1 µs before the opening is certain', OPENING_US + 249, 250, 'TOO_EARLY'],
    ['when the opening is certain', OPENING_US + 250, 250, 'ACCEPT'],
    ['1 µs before the close', CLOSING_US - 1, 0, 'ACCEPT'],
    ['1 µs before the close with a doubt of a second', CLOSING_US - 1, 1_000_000, 'ACCEPT'],
    ['at the close', CLOSING_US, 0, 'CLOSED'],
    ['at the close with a doubt of a second', CLOSING_US, 1_000_000, 'CLOSED'],
  ] as const)('%s', (_, atUs, uncertaintyUs, code) => {
    expect(admission(OPEN, atUs, uncertaintyUs)).toBe(code);
  });

  it('of a suspended day is refused as such, until it is closed', () => {
    expect(admission(SUSPENDED, OPENING_US - 1, 0)).toBe('SUSPENDED');
    expect(admission(SUSPENDED, OPENING_US, 0)).toBe('SUSPENDED');
    expect(admission(SUSPENDED, CLOSING_US, 0)).toBe('CLOSED');
  });

  it('of a day that is not in the calendar is refused as such', () => {
    expect(admission(undefined, OPENING_US, 0)).toBe('WRONG_CLICK_DAY');
  });

  it('never lets in what may be before the opening or is not before the close', () => {
    const near = fc.integer({ min: OPENING_US - 2_000_000, max: CLOSING_US + 2_000_000 });
    fc.assert(
      fc.property(near, fc.nat(2_000_000), (atUs, uncertaintyUs) => {
        const isIn = admission(OPEN, atUs, uncertaintyUs) === 'ACCEPT';
        expect(isIn).toBe(atUs - uncertaintyUs >= OPENING_US && atUs < CLOSING_US);
      }),
    );
  });
});

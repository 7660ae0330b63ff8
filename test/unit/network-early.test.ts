import { describe, expect, it } from 'vitest';
import { refusalsIn } from '#test/mini-client/network-early.ts';

const OPENS_AT_US = 1_000_000;
const at = { opensAtUs: OPENS_AT_US, soonestUs: 30_000 };

/** A client that left `leftUs` after the opening, its clock 5 ms behind, and was asked to wait. */
const life = (leftUs: number, waitMs: number) => [
  { event: 'departed', sentAtUs: OPENS_AT_US + leftUs + 5_000, offsetUs: 5_000 },
  { event: 'waiting', code: 'TOO_EARLY', waitMs },
  { event: 'waiting', code: 'OVERLOADED', waitMs },
];

describe('which refusals of a network test were early', () => {
  it('is one with a wait: the gate had not reached the opening', () => {
    expect(refusalsIn(life(0, 1), at)).toEqual({ early: 1, withIt: 0 });
  });

  it('is not one of the opening pass whose frame cannot have come before', () => {
    expect(refusalsIn(life(-30_000, 0), at)).toEqual({ early: 0, withIt: 1 });
  });

  it('is one of the opening pass whose frame may have come 1 µs before', () => {
    expect(refusalsIn(life(-30_001, 0), at)).toEqual({ early: 1, withIt: 0 });
  });

  it('is one of which nobody told when it left', () => {
    expect(refusalsIn(life(0, 0).slice(1), at)).toEqual({ early: 1, withIt: 0 });
  });
});

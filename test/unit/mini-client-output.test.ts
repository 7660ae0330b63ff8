/** What a person reads of the mini-client's numbers, in each language. */
import { describe, expect, it } from 'vitest';
import { nodeTimers } from '#mini-client/node/time.ts';
import { Output } from '#mini-client/output.ts';
import { tenths } from '#mini-client/words.ts';

function spoken(language: 'it' | 'en'): Output {
  const sink = { write: () => undefined };
  return new Output({ isJson: false, language, stdout: sink, stderr: sink, timers: nodeTimers });
}

const values = { left: '5 min', uncertainty: tenths(50.449), arrival: tenths(5) };

describe('a number in a sentence', () => {
  it('has a comma in Italian', () => {
    expect(spoken('it').text('opensIn', values)).toMatch(/± 50,4 ms · arrivo entro 5 ms/);
  });

  it('has a point in English', () => {
    expect(spoken('en').text('opensIn', values)).toMatch(/± 50\.4 ms · arriving within 5 ms/);
  });

  it('has a minus sign, not a hyphen, below nothing', () => {
    expect([spoken('it').number(-0.7), spoken('en').number(-0.7)]).toEqual(['−0,7', '−0.7']);
  });

  it('leaves words as they are', () => {
    const named = { ...values, left: '1.5' };
    expect(spoken('it').text('opensIn', named)).toMatch(/^Apre tra 1\.5 /);
  });

  it.each([
    [-0.04, 0],
    [-0.44, -0.4],
    [1.25, 1.3],
  ])('of %d shows %d', (value, shown) => {
    expect(tenths(value) + 0).toBe(shown);
  });
});

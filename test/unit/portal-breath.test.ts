/** A portal beside a gate lets go of the processor each half millisecond, and not more often. */
import { expect, it } from 'vitest';
import { manualClock } from '#engine/clock/index.ts';
import { createBreath } from '#engine/portal/http/breath.ts';

it('rests once for each half millisecond of work, however many pieces that is', () => {
  const clock = manualClock({ nowUs: 1_000_000 });
  let rests = 0;
  const breathe = createBreath(clock, () => {
    rests += 1;
    clock.advance(60);
  });
  const work = (us: number) => {
    breathe();
    clock.advance(us);
  };
  for (let at = 0; at < 50; at += 1) work(100);
  expect(rests).toBe(10);
  work(5_000);
  work(0);
  work(0);
  expect(rests).toBe(12);
});

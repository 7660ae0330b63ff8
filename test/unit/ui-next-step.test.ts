/** What a person is told to do next, and when a countdown speaks: pure parts of the application. */
import { describe, expect, it } from 'vitest';
import type { Application } from '#protocol/portal-api.ts';
import { crossedMark } from '../../admin-ui/src/clock/opening-marks.ts';
import { nextStepOf, tallyOf } from '../../admin-ui/src/features/dashboard/next-step.ts';

const application = (status: Application['status'], complete: readonly boolean[] = []) =>
  ({
    id: 'ONE',
    status,
    pages: complete.map((each, index) => ({ number: index + 1, complete: each, savedAt: null })),
  }) as unknown as Application;

const nextOf = (
  applications: readonly Application[],
  isDay = false,
  asked: readonly string[] = [],
) => {
  const only = applications.length === 1 ? (applications[0] ?? null) : null;
  const { stage, count, href } = nextStepOf({ tally: tallyOf(applications), only, isDay, asked });
  return [stage, count, href];
};

describe('the one thing to do next', () => {
  it('leads from nothing to the receipt', () => {
    expect(nextOf([])).toEqual(['nothing', 0, '/applications/new']);
    const begun = application('draft', [true, false, false]);
    expect(nextOf([begun])).toEqual(['toComplete', 1, '/applications/ONE/pages/2']);
    const filled = application('draft', [true, true]);
    expect(nextOf([filled])).toEqual(['toComplete', 1, '/applications/ONE/review']);
    expect(nextOf([application('ready')])).toEqual(['ready', 1, '/mini-client']);
    expect(nextOf([application('ready')], true)).toEqual(['onTheDay', 1, '/mini-client']);
    expect(nextOf([application('submitted')])).toEqual(['accepted', 1, '/applications/ONE']);
    expect(nextOf([application('receipt')])).toEqual(['receipts', 1, '/applications/ONE']);
  });

  it('is what is missing before the day, and sending on the day', () => {
    const both = [application('draft'), application('ready'), application('ready')];
    expect(nextOf(both)).toEqual(['toComplete', 1, '/applications']);
    expect(nextOf(both, true)).toEqual(['onTheDay', 2, '/mini-client']);
    const late = [application('receipt'), application('submitted')];
    expect(nextOf(late, true)).toEqual(['accepted', 1, '/applications']);
    expect(nextOf([application('draft')], true)[0]).toBe('toComplete');
  });

  it('is to answer the help desk, unless something is to be sent today', () => {
    const draft = [application('draft')];
    expect(nextOf(draft, true, ['A'])).toEqual(['asked', 1, '/help/requests/A']);
    expect(nextOf([], false, ['A', 'B'])).toEqual(['asked', 2, '/help/requests']);
    expect(nextOf([application('ready')], true, ['A'])[0]).toBe('onTheDay');
    expect(nextOf([application('ready')], false, ['A'])[0]).toBe('asked');
  });
});

describe('a countdown', () => {
  const spoken = (seconds: readonly number[]) =>
    seconds.flatMap((left, index) => crossedMark(seconds[index - 1] ?? null, left) ?? []);

  it('speaks at 1 hour, 10 minutes, 1 minute, 10 seconds and when it is open', () => {
    const eachSecond = Array.from({ length: 3_700 }, (_, index) => 3_650 - index);
    expect(spoken(eachSecond)).toEqual([3600, 600, 60, 10, 0]);
  });

  it('speaks also when the page slept over the second itself', () => {
    expect(spoken([3_605, 3_590, 605, 590, 62, 58, 11, 9, 1, -1])).toEqual([3600, 600, 60, 10, 0]);
  });

  it('says nothing late but the opening, and nothing of what was over when it began', () => {
    expect(spoken([3_700, 1_800])).toEqual([]);
    expect(spoken([700, 30])).toEqual([]);
    expect(spoken([120, -300])).toEqual([0]);
    expect(spoken([599, 598])).toEqual([]);
    expect(spoken([-5, -6])).toEqual([]);
  });
});

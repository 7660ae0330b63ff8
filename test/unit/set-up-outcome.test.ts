/** What a run came to: nothing that failed to run may look like a success. */
import { describe, expect, it } from 'vitest';
import { closingLine, outcomeOf } from '#test/set-up/outcome.ts';

const file = (status: string, ...tests: string[]) => ({
  status,
  assertionResults: tests.map((one) => ({ status: one })),
});
const report = (...testResults: unknown[]) => ({ testResults });

describe('the outcome of a test run', () => {
  it('counts what passed', () => {
    const run = report(file('passed', 'passed', 'passed'), file('passed', 'passed'));
    expect(outcomeOf(run, 0)).toEqual({ passed: 3, failed: 0 });
  });

  it('counts a skipped test as a failure', () => {
    const run = report(file('passed', 'passed', 'pending', 'todo'));
    expect(outcomeOf(run, 0)).toEqual({ passed: 1, failed: 2 });
  });

  it('counts a file that could not be loaded', () => {
    const run = report(file('passed', 'passed'), file('failed'));
    expect(outcomeOf(run, 1)).toEqual({ passed: 1, failed: 1 });
  });

  it('counts an error outside every test', () => {
    expect(outcomeOf(report(file('passed', 'passed')), 1)).toEqual({ passed: 1, failed: 1 });
    expect(outcomeOf(report(file('passed', 'passed')), null)).toEqual({ passed: 1, failed: 1 });
  });

  it.each([[report()], [{}], [null]])('takes a run without a test for a failure: %j', (run) => {
    expect(outcomeOf(run, 0)).toEqual({ passed: 0, failed: 1 });
  });

  it('says it in one line', () => {
    expect(closingLine({ passed: 3, failed: 1 })).toBe('3 passed, 1 failed');
  });
});

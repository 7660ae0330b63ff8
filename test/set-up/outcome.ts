/**
 * What a test run came to, read from vitest's JSON report.
 *
 * Promises: whatever did not run and succeed is counted as a failure. A test that was skipped, a
 * file that could not be loaded and an error outside every test are failures here, although
 * vitest lists none of them among its failed tests.
 */

/** Tests that ran and succeeded, and everything that did not. */
export interface Outcome {
  readonly passed: number;
  readonly failed: number;
}

interface FileReport {
  readonly status?: string;
  readonly assertionResults?: readonly { readonly status?: string }[];
}

/** The outcome of a vitest JSON report and of the exit status of the run that wrote it. */
export function outcomeOf(report: unknown, exitStatus: number | null): Outcome {
  const files = (report as { testResults?: readonly FileReport[] } | null)?.testResults ?? [];
  let passed = 0;
  let failed = 0;
  for (const file of files) {
    const tests = file.assertionResults ?? [];
    const succeeded = tests.filter((test) => test.status === 'passed').length;
    passed += succeeded;
    failed += tests.length - succeeded;
    if (file.status !== 'passed' && succeeded === tests.length) failed += 1;
  }
  if (failed === 0 && (exitStatus !== 0 || passed === 0)) failed = 1;
  return { passed, failed };
}

/** The last line of a run, for people and for machines. */
export function closingLine(outcome: Outcome): string {
  return `${outcome.passed} passed, ${outcome.failed} failed`;
}

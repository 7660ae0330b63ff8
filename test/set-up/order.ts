/**
 * The order of the test files: those that start processes and browsers first, since they take
 * longest; at the end no worker stands idle beside one long file.
 */
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const LONG = /\/test\/(end-to-end|fault|simulation)\//;

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification) => LONG.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

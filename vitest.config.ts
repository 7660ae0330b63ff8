/**
 * How the tests run: each file in a forked process of the pinned Node (native modules and
 * listening sockets do not survive worker threads), no retries: a test that needs a second try is a
 * defect. Three at a time: the smallest supported machine has two processors, and those that start
 * processes and browsers wait a third of their time.
 * A time limit here only ends what hangs; it is far above what the slowest machine needs.
 * The browser's tests of `admin-ui` that need no DOM may live here as well.
 */
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/set-up/order.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['node_modules/**', 'test/output/**'],
    environment: 'node',
    pool: 'forks',
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    retry: 0,
    allowOnly: false,
    passWithNoTests: false,
    testTimeout: 120_000,
    hookTimeout: 180_000,
    teardownTimeout: 10_000,
    execArgv: ['--disable-warning=ExperimentalWarning'],
  },
});

/**
 * How the tests run: each file in a forked process of the pinned Node (native modules and
 * listening sockets do not survive worker threads), no retries: a test that needs a second try is a
 * defect. Three at a time: the smallest supported machine has two processors, and those that start
 * processes and browsers wait a third of their time.
 * A time limit here only ends what hangs; it is far above what the slowest machine needs.
 * The browser's tests of `admin-ui` that need no DOM may live here as well.
 *
 * Tests within one process (`shared`) follow each other in the same worker, which has the engine
 * loaded: no module keeps state. A file that replaces a module has a process of its own.
 */
import { defineConfig } from 'vitest/config';
import { GATE_ENVIRONMENT } from './engine/commands/gate-environment.ts';
import { LongestFirst } from './test/set-up/order.ts';
import { PATIENCE_MS } from './test/support/patience.ts';

const NEVER = ['node_modules/**', 'test/output/**'];
const IN_PROCESS = ['test/{unit,contract,tidy}/**/*.test.ts'];
const REPLACES_MODULES = ['test/contract/gate-bounds.test.ts'];

export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'own',
          globalSetup: 'test/support/programs.ts',
          include: ['test/**/*.test.ts'],
          exclude: [...NEVER, 'test/{unit,contract,tidy}/**/!(gate-bounds).test.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'shared',
          include: IN_PROCESS,
          exclude: [...NEVER, ...REPLACES_MODULES],
          isolate: false,
        },
      },
    ],
    environment: 'node',
    pool: 'forks',
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    retry: 0,
    allowOnly: false,
    passWithNoTests: false,
    testTimeout: 900_000,
    hookTimeout: 600_000,
    teardownTimeout: 10_000,
    // Of `expect.poll`, whose own second is too short for a page on a busy machine.
    expect: { poll: { timeout: PATIENCE_MS } },
    execArgv: ['--disable-warning=ExperimentalWarning'],
    // As the supervisor sets it for the gate's process: the socket library reads it at load.
    env: { UWS_HTTP_MAX_HEADERS_SIZE: GATE_ENVIRONMENT.UWS_HTTP_MAX_HEADERS_SIZE },
  },
});

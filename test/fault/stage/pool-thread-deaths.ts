/**
 * Loaded before everything else (`node --import`): the threads of the process that makes receipts
 * end themselves as a crash in native code would, each after TEST_THREAD_MS milliseconds, and add a
 * line to the file TEST_THREAD_DEATHS; with five lines there is an end of it. Elsewhere it does
 * nothing.
 */
import { appendFileSync, readFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

const { TEST_THREAD_MS: ms, TEST_THREAD_DEATHS: deaths } = process.env;

const LINE = 'dead\n';
const DEATHS_MAX = 5;

/** A thread's own `process.argv` does not tell what its process was started as. */
const isWorkshop = () => readFileSync('/proc/self/cmdline', 'utf8').includes('process\0receipts\0');

if (ms !== undefined && deaths !== undefined && !isMainThread && isWorkshop()) {
  setTimeout(() => {
    if (readFileSync(deaths, 'utf8').length >= DEATHS_MAX * LINE.length) return;
    appendFileSync(deaths, LINE);
    process.exit(3);
  }, Number(ms)).unref();
}

/**
 * The gate as `clickday process gate` runs it, with the one safeguard off: its store does not sync.
 * It exists so that the test of the safeguard is seen to fail without it. No configuration reaches
 * this state, on purpose.
 */
import { runGate } from '#engine/commands/gate-process.ts';
import { readConfig } from '#engine/config.ts';
import { openThreadedWriter } from '#engine/ledger/index.ts';

await runGate(readConfig(), (options) => openThreadedWriter({ ...options, unsafeNoSync: true }));

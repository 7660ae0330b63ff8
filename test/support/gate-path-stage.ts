/**
 * The gate's path on an open day, without connections: a clock and timers in the test's hand, the
 * test's own ledger and storage, a sender that writes down what it hears.
 */
import { type ManualTimers, manualClock, manualTimers } from '#engine/clock/index.ts';
import { silentLog } from '#engine/foundation/log.ts';
import type { Lane } from '#engine/gate/lane.ts';
import { createLedgerHealth } from '#engine/gate/ledger-health.ts';
import { createOpenings } from '#engine/gate/opening.ts';
import { createPath } from '#engine/gate/path.ts';
import { createPresence } from '#engine/gate/presence.ts';
import type { Storage } from '#engine/gate/storage.ts';
import { createTally } from '#engine/gate/tally.ts';
import type { LedgerWriter } from '#engine/ledger/index.ts';
import { passes } from '#test/support/gate-ledger.ts';
import { CLOSING_US, DAY } from '#test/support/gate-papers.ts';
import {
  lineOf,
  presentedOne,
  recordingSender,
  submissionOf,
} from '#test/support/gate-submissions.ts';
import { OPENING_US } from '#test/support/register-entries.ts';

/** @param parts.storage made on the timers of the stage */
export function openPathStage<L extends LedgerWriter, S extends PathStorage>(parts: {
  readonly ledger: L;
  readonly storage: (timers: ManualTimers) => S;
}) {
  const { ledger } = parts;
  const clock = manualClock({ nowUs: OPENING_US, uncertaintyUs: 0 });
  const timers = manualTimers(clock);
  const storage = parts.storage(timers);
  const openings = createOpenings({ clock, timers, connections: () => 0 });
  openings.setCalendar([
    { id: DAY, opensAtUs: OPENING_US, closesAtUs: CLOSING_US, suspended: false },
  ]);
  timers.runImmediates();
  const presence = createPresence(ledger);
  const health = createLedgerHealth({ ledger, log: silentLog() });
  const tally = createTally();
  const path = createPath({ clock, timers, ledger, openings, presence, storage, tally, health });
  const sender = recordingSender();
  const submitBy = (lane: Lane, ...applications: string[]) => {
    for (const id of applications) {
      const candidate = presentedOne(presence, lineOf(id));
      path.accept(submissionOf(id, { lane, candidate, sender }));
    }
  };
  /** Lets all passes happen that something waits for. */
  const settled = async () => {
    do await passes();
    while (timers.runImmediates() > 0);
  };
  return { timers, ledger, storage, path, health, sender, submitBy, settled };
}

type PathStorage = Pick<Storage, 'isWritable' | 'failed' | 'retryAfterMs'>;

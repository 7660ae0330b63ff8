/** The gate's numbers in Prometheus' text form, read from the path's counts when asked. */
import { Counter, Gauge, type Registry } from 'prom-client';
import type { Clock } from '#engine/clock/index.ts';
import type { ScrubStatus } from '#engine/ledger/index.ts';
import type { WitnessReport } from '#engine/log/index.ts';
import type { RehearsalStatus } from './rehearsal.ts';
import type { Tally } from './tally.ts';

const US_A_SECOND = 1_000_000;

/** Adds them to `registry`. */
export function createMetrics(options: {
  registry: Registry;
  tally: Tally;
  clock: Clock;
  connections: () => number;
  freeBytes: () => number;
  roomEntries: () => number;
  damagedPages: () => number;
  scrub: () => ScrubStatus;
  isLogWell: () => boolean;
  clockAlarms: () => number;
  memory: () => { readonly heldBytes: number; readonly isShort: boolean };
  witnesses: () => readonly WitnessReport[];
  rehearsal: () => RehearsalStatus | undefined;
}): Registry {
  const { tally, clock, registry } = options;
  const gauge = (name: string, help: string, value: () => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(value());
      },
    });
  gauge('clickday_connections', 'Open WebSocket connections', options.connections);
  gauge('clickday_received', 'Submissions received', () => tally.counts.received);
  gauge('clickday_accepted', 'Submissions on disk', () => tally.counts.accepted);
  gauge('clickday_repeated', 'Repeated submissions', () => tally.counts.repeated);
  gauge('clickday_commits', 'Commits on disk', () => tally.counts.commits);
  gauge('clickday_last_commit_us', 'Duration of the last commit', () => tally.counts.lastCommitUs);
  gauge('clickday_free_bytes', 'Free bytes of the disk', options.freeBytes);
  gauge('clickday_room_entries', 'Further entries that the disk has room for', options.roomEntries);
  gauge('clickday_scrub_passes', 'Passes of the scrubber', () => options.scrub().passes);
  gauge(
    'clickday_scrub_progress',
    'Share of this pass that is done',
    () => options.scrub().progress,
  );
  gauge('clickday_scrub_last_pass_seconds', 'When the last pass ended, seconds since 1970', () =>
    Math.floor((options.scrub().lastPassAtUs ?? 0) / US_A_SECOND),
  );
  gauge('clickday_ledger_damaged_pages', 'Pages not served as damaged', options.damagedPages);
  gauge('clickday_log_well', '0 when the public log is signed no more', () =>
    Number(options.isLogWell()),
  );
  gauge('clickday_log_witnesses', 'Witnesses asked to cosign', () => options.witnesses().length);
  gauge(
    'clickday_log_witnesses_well',
    'Witnesses that answer and cosign',
    () => options.witnesses().filter(({ trouble }) => trouble === null).length,
  );
  gauge('clickday_clock_uncertainty_us', 'Bound of the clock', () => clock.read().uncertaintyUs);
  gauge('clickday_clock_synchronised', '1 when synchronised', () =>
    Number(clock.read().sync === 'synchronised'),
  );
  gauge('clickday_clock_alarms', 'Alarms of the clock that last', options.clockAlarms);
  gauge(
    'clickday_held_bytes',
    'Memory that the kernel cannot take back',
    () => options.memory().heldBytes,
  );
  gauge('clickday_memory_short', '1 while new connections are refused for memory', () =>
    Number(options.memory().isShort),
  );
  gauge(
    'clickday_rehearsal_accepted',
    'Practice submissions accepted, of no value',
    () => options.rehearsal()?.accepted ?? 0,
  );
  gauge('clickday_rehearsal_resting', '1 while practice rests around a real opening', () =>
    Number(options.rehearsal()?.isResting ?? false),
  );
  const rejected = new Counter({
    name: 'clickday_rejected_total',
    help: 'Submissions refused, by code',
    labelNames: ['code'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [code, count] of tally.counts.rejected) this.inc({ code }, count);
    },
  });
  void rejected;
  return registry;
}

/**
 * The gate's process: wires clock, ledger and gate together. It needs nobody else: portal, mail and
 * time servers may all be dead. It tells its parent when it serves, and ends with it.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  chronySource,
  createDisciplinedClock,
  ntpSource,
  parseNtpServers,
  type ReferenceMemory,
  referenceFile,
  systemHostClock,
  systemTimers,
} from '#engine/clock/index.ts';
import { createLog } from '#engine/foundation/log.ts';
import { processRegistry } from '#engine/foundation/metrics.ts';
import { createGate, createRehearsalLedger } from '#engine/gate/index.ts';
import { openThreadedWriter, type Scrubber, startScrubber } from '#engine/ledger/index.ts';
import { startPublicLog } from '#engine/log/index.ts';
import { dataDirectory, readEpochs, takeLock } from '#engine/store/index.ts';
import { address, type Config, text, witnessesOf } from '../config.ts';
import { restIn } from '../config-practice.ts';
import { limits } from '../limits.ts';
import { announceReady, endOnSignals } from './child.ts';

/**
 * A clock kept by this machine's chrony or by NTP servers, not yet started.
 * @param parts.believe whom it believes when they and the date contradict each other
 * @param parts.memory where the reference is kept for the next process; none without it
 */
export function disciplinedClock(
  config: Config,
  log: ReturnType<typeof createLog>,
  parts: { readonly believe: 'both' | 'servers' | 'date'; readonly memory?: ReferenceMemory },
) {
  const host = systemHostClock();
  // Between two questions to a time server a pause is all that keeps a starting process alive.
  const timers = systemTimers();
  const servers = parseNtpServers(text(config, 'ntpServers'));
  const sources = [chronySource({ host, timers }), ntpSource({ host, timers, servers })];
  return createDisciplinedClock({
    host,
    timers,
    sources,
    log,
    ...(parts.memory && { memory: parts.memory }),
    options: {
      uncertaintyUsUnsynchronised: Number(text(config, 'clockBoundMs')) * 1000,
      doubtUs: Number(text(config, 'clockDoubtMs')) * 1000,
      believe: parts.believe,
    },
  });
}

/** RFC 2606 keeps this name from ever being somebody's. */
const NO_NAME = 'clickday.invalid';

/** Before the gate's id in the name of its log. */
function logName(config: Config): string {
  const [name, url] = [text(config, 'logOrigin'), text(config, 'publicUrl')];
  if (name !== '') return name;
  return URL.canParse(url) ? new URL(url).host : NO_NAME;
}

const BYTES_A_MEGABYTE = 1_000_000;
const BYTES_A_MEBIBYTE = 1024 * 1024;

function scrubberOf(
  config: Config,
  ledger: { path: string; gate: string; log: ReturnType<typeof createLog> },
): Scrubber | undefined {
  const bytesPerSecond = Number(text(config, 'scrubRate')) * BYTES_A_MEGABYTE;
  if (bytesPerSecond === 0) return undefined;
  const pauseMs = Number(text(config, 'scrubPause')) * 1000;
  return startScrubber({ ...ledger, bytesPerSecond, pauseMs });
}

/** Practice on this gate; none when the configuration says so. */
function rehearsalOf(
  config: Config,
  place: { path: string; gate: string; log: ReturnType<typeof createLog> },
) {
  if (text(config, 'practice') === 'no') return undefined;
  const { path, gate, log } = place;
  const ledger = createRehearsalLedger({
    ...{ gate, log, entriesMax: limits.rehearsalEntriesMax },
    open: () => {
      mkdirSync(path, { recursive: true, mode: 0o700 });
      return openThreadedWriter({ path, gate });
    },
    wipe: () => rmSync(path, { recursive: true, force: true }),
  });
  return { ledger, rest: restIn(config) };
}

/**
 * Serves until a signal. Resolves when it listens. `openLedger` is replaced only by the test that
 * proves what a ledger without syncs would do.
 */
export async function runGate(config: Config, openLedger = openThreadedWriter): Promise<void> {
  const gate = text(config, 'gateId');
  const log = createLog({ name: `gate ${gate}`, level: text(config, 'logLevel') });
  const directory = dataDirectory(text(config, 'data'));
  const lock = takeLock(directory.lock(`gate-${gate}`));
  const ledgerPath = directory.ledger(gate);
  mkdirSync(ledgerPath, { recursive: true, mode: 0o700 });
  const memory = referenceFile({ path: directory.clockReference(gate), log });
  const believe = text(config, 'clockBelieve') as 'both' | 'servers' | 'date';
  const clock = disciplinedClock(config, log, { believe, memory });
  await clock.start();
  const ledger = await openLedger({ path: ledgerPath, gate });
  log.info({ entries: ledger.nextSeq() - 1 }, 'ledger read');
  for (const { restoredAt, ledgers } of readEpochs(directory.epochs)) {
    const lastSeq = ledgers.find((each) => each.gate === gate)?.entries ?? 0;
    log.warn({ restoredAt, lastSeq }, 'restored from a backup: the original must be gone');
  }
  const scrubber = scrubberOf(config, { path: ledgerPath, gate, log });
  const publicLog = startPublicLog({
    ...{ path: ledgerPath, gate, places: directory.log(gate), log },
    origin: `${logName(config)}/${gate}`,
    witnesses: witnessesOf(config),
  });
  const rehearsal = rehearsalOf(config, {
    ...{ path: directory.rehearsalLedger(gate), gate, log },
  });
  const tlsCert = text(config, 'tlsCert');
  const server = createGate({
    gate,
    clock,
    timers: systemTimers(),
    ledger,
    ledgerPath,
    registerPath: directory.register,
    roomAlarmEntries: Number(text(config, 'roomAlarm')),
    memoryLimitBytes: Number(text(config, 'memoryMax')) * BYTES_A_MEBIBYTE,
    ...(scrubber && { scrubber }),
    ...(rehearsal && { rehearsal }),
    publicLog,
    notice: {
      calendar: directory.calendarNotice,
      portalKey: directory.keyNotice,
      kept: join(dirname(ledgerPath), 'calendar.jws'),
    },
    log,
    registry: processRegistry(),
    beforeOpening: (opensAtUs) => clock.freezeUntil(opensAtUs),
    clockAlarms: () => clock.status().alarms,
    origins: [text(config, 'publicUrl')]
      .filter((url) => URL.canParse(url))
      .map((url) => new URL(url).origin),
    tls: tlsCert === '' ? undefined : { certificate: tlsCert, key: text(config, 'tlsKey') },
    onFatal: (error) => {
      log.fatal({ error }, 'the ledger could not be written: ending without an answer');
      process.exit(1);
    },
  });
  const { host, port } = address(config, 'gate');
  const bound = await server.listen({ host, port });
  endOnSignals(async () => {
    await scrubber?.close();
    await server.close();
    await publicLog.close();
    clock.stop();
    lock.release();
  });
  announceReady({ role: 'gate', host, port: bound });
}

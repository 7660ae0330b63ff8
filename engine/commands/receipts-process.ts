/**
 * The process in which receipts are made: it reads database, ledgers and public log in place and
 * writes nothing. The portal starts it, gives it seal and orders, and stores what comes of them.
 */
import { once } from 'node:events';
import { systemHostClock, systemTimers } from '#engine/clock/index.ts';
import { createLog } from '#engine/foundation/log.ts';
import { createLogProofs, readSigned } from '#engine/log/index.ts';
import { createReceiptFacts, loadModels } from '#engine/portal/index.ts';
import { createWorkshop, serveWorkshop } from '#engine/receipts/index.ts';
import { openDatabaseForReading } from '#engine/store/database/index.ts';
import { dataDirectory } from '#engine/store/index.ts';
import { type Config, text } from '../config.ts';
import { endOnSignals } from './child.ts';
import { localLedgers } from './local-ledgers.ts';
import type { WorkshopBegin } from './receipts-workshop.ts';

/** Serves the process that started it, until that ends. */
export async function runReceipts(config: Config): Promise<void> {
  const [begin] = (await once(process, 'message')) as [WorkshopBegin];
  const log = createLog({ name: 'receipts', level: text(config, 'logLevel') });
  const directory = dataDirectory(text(config, 'data'));
  const database = openDatabaseForReading(directory.database);
  const timers = systemTimers();
  const host = systemHostClock();
  const workshop = createWorkshop({
    facts: createReceiptFacts({ database, models: loadModels(text(config, 'models')) }),
    proofs: createLogProofs({
      ledgers: localLedgers(directory, log),
      signed: (gate) => readSigned(directory.log(gate)),
      clock: { nowUs: host.monotonicUs }, // for how long something waits
      log,
    }),
    timers,
    pool: { ...begin.pool, seal: begin.seal },
  });
  endOnSignals(async () => {
    await workshop.close();
    database.close();
  });
  const line = {
    // Heard by nobody when the portal is dead: then `disconnect` ends this process.
    send: (message: unknown) => void process.send?.(message, () => undefined),
    onMessage: (hear: (message: unknown) => void) => void process.on('message', hear),
  };
  serveWorkshop({ workshop, line, timers, log });
}

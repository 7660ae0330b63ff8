/**
 * The portal's process: portal, registrar and the queue of receipts, wired together; who makes the
 * receipts has a process of its own (receipts-process.ts). The gates do not need it on the click
 * day; when it comes back it takes up where the ledgers are.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemTimers } from '#engine/clock/index.ts';
import { createLog } from '#engine/foundation/log.ts';
import { processRegistry } from '#engine/foundation/metrics.ts';
import { systemRandom } from '#engine/foundation/random.ts';
import { createMailRoom } from '#engine/mail/index.ts';
import {
  begunModels,
  createPortal,
  createStaffAccount,
  hasAdministrator,
  loadDrawing,
  loadModels,
  loadOrCreateKey,
  type Models,
  openVault,
  type Portal,
  type PortalConfig,
  portalLimits,
} from '#engine/portal/index.ts';
import { createReceipts, type Receipts, rehearsalReceipt } from '#engine/receipts/index.ts';
import {
  createEntryReader,
  createRankings,
  createRegisterScrub,
  createRegistrar,
  openRegister,
  type Registrar,
} from '#engine/register/index.ts';
import { type Database, openDatabase } from '#engine/store/database/index.ts';
import { dataDirectory, takeLock } from '#engine/store/index.ts';
import { quotasOf } from '#protocol/ranking/quotas.ts';
import { isoFromUs } from '#protocol/time.ts';
import { address, type Config, text } from '../config.ts';
import { ensureUiBuilt } from '../ui-build.ts';
import { announceReady, endOnSignals } from './child.ts';
import { Refused } from './context.ts';
import { gateHealth } from './gate-health.ts';
import { disciplinedClock } from './gate-process.ts';
import { helpdeskIn } from './helpdesk.ts';
import { localLedgers } from './local-ledgers.ts';
import { mailboxSettings, mailRoomSettings } from './mail-settings.ts';
import { openIdIn } from './openid.ts';
import { practiceIn, rehearsalReader } from './practice.ts';
import { receiptsWorkshop } from './receipts-workshop.ts';
import { sealFor } from './seal.ts';
import { verificationKeysIn } from './verification-keys.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** A place with its receipt is some KB to unpack: slower than the pages of a ledger. */
const PLACES_A_MEGABYTE = 50;
const NO_RECEIPTS = { made: 0, pending: 0, failed: [], unproven: [] };
const FIRST_ADMINISTRATOR = 'admin@clickday.example';

/** Serves until a signal. Resolves when it listens. */
export async function runPortal(config: Config): Promise<void> {
  const log = createLog({ name: 'portal', level: text(config, 'logLevel') });
  const directory = dataDirectory(text(config, 'data'));
  const lock = takeLock(directory.lock('portal'));
  const timers = systemTimers();
  // Nothing opens by the portal's clock: it shows what the servers say.
  const clock = disciplinedClock(config, log, { believe: 'servers' });
  await clock.start();
  const random = systemRandom(clock);
  const database = openDatabase(directory.database);
  const checkpoints = database.checkpointBeside((error) =>
    log.error({ error }, 'the thread of checkpoints ended: commits take longer now and then'),
  );
  const models = modelsFor(config, database);
  const store = openRegister(directory.register);
  const mail = createMailRoom({
    ...{ database, clock, timers, random, log },
    from: text(config, 'mailFrom'),
    outboxDirectory: directory.outbox,
    ...mailRoomSettings(config),
  });
  const ledgers = localLedgers(directory, log);
  let receipts: Receipts | undefined;
  let registrar: Registrar | undefined;
  const scrub = createRegisterScrub({
    ...{ register: store, ledgers, clock, timers, log },
    placesPerSecond: PLACES_A_MEGABYTE * Number(text(config, 'scrubRate')),
    pauseMs: Number(text(config, 'scrubPause')) * 1000,
  });
  const gates = text(config, 'gates')
    .split(',')
    .filter((url) => url !== '');
  const seal = sealFor(config, {
    ...{ path: directory.sealKeys, nowUs: clock.nowUs(), random, log },
  });
  const readEntry = createEntryReader({ register: store, ledgers });
  const rankings = createRankings({
    ...{ register: store, readEntry, timers, log },
    quotas: (clickDay) => quotasOf(portal.calendar.byId(clickDay)?.rules ?? []),
  });
  const portal: Portal = await createPortal({
    ...{ database, clock, random, timers, log, mail },
    registry: processRegistry(),
    key: loadOrCreateKey(directory.portalKey),
    vault: openVault(directory.accountsKey, random),
    models,
    config: portalConfig(config),
    uiDirectory: await ensureUiBuilt({ log }),
    downloadsDirectory: resolve(ROOT, text(config, 'downloads')),
    notice: directory,
    attachmentsDirectory: directory.attachments,
    incomingDirectory: directory.incoming,
    gates: () => gates,
    status: async () => ({
      register: registerStatus(),
      receipts: receipts?.status() ?? NO_RECEIPTS,
      gates: await gateHealth(gates),
    }),
    receiptCounts: () => {
      const { made, pending, failed } = receipts?.status() ?? NO_RECEIPTS;
      return { made, pending, failed: failed.length };
    },
    readReceipt: async (application) => receipts?.read(application) ?? null,
    readEntry,
    readRehearsal: rehearsalReader(directory),
    makeRehearsalReceipt: rehearsalReceipt,
    rankings,
    verificationKeys: () => verificationKeysIn(directory),
  });
  const registerStatus = () => {
    const lastPlace = store.lastPlace();
    const { damaged, lastPassAtUs } = scrub.status();
    return {
      ...{ entries: lastPlace, lastPlace: lastPlace === 0 ? null : lastPlace },
      trouble: registrar?.status().trouble ?? null,
      damaged: damaged.length,
      reReadAt: lastPassAtUs === null ? null : isoFromUs(lastPassAtUs),
    };
  };
  receipts = createReceipts({
    store,
    workshop: receiptsWorkshop(config, { seal, log }),
    publicUrl: portal.publicUrl,
    log,
    timers,
    rehearsal: text(config, 'rehearsal') === 'yes',
    nowUs: () => clock.nowUs(),
    made: (applications) => portal.submissions.markReceipts(applications, clock.nowUs()),
  });
  registrar = createRegistrar({
    ...{ store, clock, timers, log, receipts, ledgers },
    submissions: portal.submissions,
  });
  await loadDrawing();
  const { host, port } = address(config, 'portal');
  const { address: url } = await portal.listen({ host, port });
  portal.warmSearch();
  registrar.start();
  scrub.start();
  rankings.start();
  endOnSignals(async () => {
    await portal.close();
    scrub.close();
    rankings.close();
    await registrar?.close();
    await receipts?.close();
    await mail.close();
    await store.close();
    await checkpoints.close();
    database.close();
    clock.stop();
    lock.release();
  });
  const link = hasAdministrator(database)
    ? undefined
    : createStaffAccount(
        { database, clock, random, publicUrl: portal.publicUrl() },
        { email: FIRST_ADMINISTRATOR, role: 'admin' },
      ).link;
  const bound = Number(new URL(url).port);
  announceReady({ role: 'portal', host, port: bound, ...(link && { setupLink: link }) });
}

/** An application whose form is gone can be read by nobody: better not to serve than to guess. */
function modelsFor(config: Config, database: Database): Models {
  const models = loadModels(text(config, 'models'));
  const gone = begunModels(database).filter(({ code, version }) => !models.get(code, version));
  if (gone.length === 0) return models;
  const names = gone.map(({ code, version }) => `${code} version ${version}`).join(', ');
  throw new Refused('MODELS_MISSING', `there are applications in ${names}: name their directory`);
}

function portalConfig(config: Config): PortalConfig {
  const tls = tlsIn(config);
  return {
    publicUrl: text(config, 'publicUrl').replace(/\/$/, '') || undefined,
    tls,
    isBehindProxy: text(config, 'proxy') === 'yes',
    isStaffBoundToSecondFactor: text(config, 'staffSecondFactor') === 'yes',
    openId: openIdIn(config),
    practice: practiceIn(config),
    isBesideGate: text(config, 'roles').split(',').includes('gate'),
    limits: {
      ...portalLimits,
      applicationsMax: Number(text(config, 'applicationsMax')),
      isLoopbackLimited: text(config, 'rehearsal') !== 'yes',
    },
    helpdesk: helpdeskIn(config),
    mailbox: mailboxSettings(config, tls),
  };
}

function tlsIn(config: Config): PortalConfig['tls'] {
  const certificate = text(config, 'tlsCert');
  if (certificate === '') return undefined;
  const key = readFileSync(text(config, 'tlsKey'), 'utf8');
  return { cert: readFileSync(certificate, 'utf8'), key };
}

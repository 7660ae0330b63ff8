/**
 * `clickday rehearsal`: a whole click day on a fresh directory with real processes, to the last
 * receipt and the last check. Nothing is simulated: a real portal and gate, real mini-clients, real
 * disk. Ends with status 0 only if nothing is missing.
 *
 *     applications ─► portal and gate ─► a family goes the way by hand ─► mini-clients wait
 *        ─► the administrator sets the instant ─► opening ─► receipts ─► verification
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { loadModels, type Models } from '#engine/portal/models/index.ts';
import { dataDirectory } from '#engine/store/index.ts';
import { isoFromUs } from '#protocol/time.ts';
import { type Config, readConfig, text } from '../config.ts';
import { type CommandContext, commandContext, Refused, say } from './context.ts';
import { makeFixture } from './fixture.ts';
import { conclude, type ReceiptStatus } from './rehearsal/conclusion.ts';
import { type Family, prepareFamily } from './rehearsal/family.ts';
import { freshFolder, temporaryFolder } from './rehearsal/folders.ts';
import { interruption } from './rehearsal/interruption.ts';
import { logIn, type PortalCaller, portalCaller } from './rehearsal/portal-caller.ts';
import { type ClientProcess, startMiniClient } from './rehearsal/processes.ts';
import { rebuiltRanking } from './rehearsal/ranking.ts';
import { createResults, type Results } from './rehearsal/results.ts';
import { createScreen, type Screen } from './rehearsal/screen.ts';
import { type Running, startSystem } from './start.ts';
import { verifyDirectory } from './verify.ts';

export interface RehearsalFlags {
  readonly applications: number;
  readonly clients: number;
  readonly opensIn?: number;
  readonly data?: string;
  readonly models?: string;
  readonly keep?: boolean;
  readonly json?: boolean;
}

interface Stage extends Omit<RehearsalFlags, 'models'> {
  readonly root: string;
  readonly config: Config;
  readonly models: Models;
  readonly context: CommandContext;
  readonly screen: Screen;
  readonly results: Results;
  /** What must end with the rehearsal, however it ends. */
  readonly started: { system?: Running; clients: ClientProcess[] };
}

/** As in 2011, where a private employer could send five: here four on the average. */
const APPLICATIONS_AN_ACCOUNT = 4;
/** Far enough that nobody is late; moved to near once everybody waits. */
const PLANNED_IN_SECONDS = 3600;
const OPENS_IN_SECONDS = 10;
const LOOK_MS = 200;
/** Three minutes without a new receipt: their workshop has what others leave of the machine. */
const STILL_LOOKS_MAX = 900;
const US_A_SECOND = 1_000_000;

export async function rehearsal(flags: RehearsalFlags): Promise<void> {
  const root = flags.data === undefined ? temporaryFolder() : freshFolder(flags.data);
  const addresses = { portal: '127.0.0.1:0', gate: '127.0.0.1:0' };
  const config = readConfig({
    ...addresses,
    data: join(root, 'data'),
    models: flags.models,
    rehearsal: 'yes',
    logLevel: 'error',
  });
  const context = commandContext(config, 'rehearsal');
  const screen = createScreen({
    clock: context.clock,
    write: (text) => void process.stderr.write(text),
    isTerminal: process.stderr.isTTY === true,
  });
  // A mini-client without an account would have nothing to wait for.
  const clients = Math.min(flags.clients, accountsFor(flags.applications));
  const stage: Stage = {
    ...{ ...flags, clients, root, config, context, screen },
    models: loadModels(text(config, 'models')),
    results: createResults(),
    started: { clients: [] },
  };
  let isComplete = false;
  try {
    isComplete = await Promise.race([playAll(stage), interruption()]);
  } finally {
    for (const client of stage.started.clients) client.kill();
    await stage.started.system?.stop();
    if (flags.keep) say(`The data directory stays in ${join(root, 'data')}`);
    else rmSync(root, { recursive: true, force: true });
  }
  if (!isComplete) throw new Refused('REHEARSAL_INCOMPLETE', 'something is missing, see above');
}

async function playAll(stage: Stage): Promise<boolean> {
  stage.started.system = await prepare(stage);
  return play(stage, stage.started.system);
}

function accountsFor(applications: number): number {
  return Math.max(1, Math.ceil(applications / APPLICATIONS_AN_ACCOUNT));
}

async function prepare(stage: Stage): Promise<Running> {
  const { screen, applications, config, root } = stage;
  const accounts = accountsFor(applications);
  screen.phase(
    `${applications} applications of ${accounts} accounts: ${stage.models.call.name.en}`,
  );
  await makeFixture(config, {
    accounts,
    applications,
    opensIn: PLANNED_IN_SECONDS,
    out: join(root, 'accounts.ndjson'),
  });
  screen.phase('Portal and gate start, each a process of its own');
  const running = await startSystem(config);
  screen.note(`portal ${running.portal} · gate ${running.gate}`);
  return running;
}

async function play(stage: Stage, running: Running): Promise<boolean> {
  const { screen, results, context } = stage;
  const portal = running.portal ?? '';
  const gate = `${running.gate}/v1/submissions`;
  const administrator = await becomeAdministrator(portal, running.setupLink ?? '');
  screen.phase('A family registers, confirms, drafts and prepares by hand');
  const family = await prepareFamily({
    portal,
    administrator,
    models: stage.models,
    random: context.random,
    timers: context.timers,
    todayIso: isoFromUs(context.clock.nowUs()).slice(0, 10),
    directory: join(stage.root, 'family'),
    note: screen.note,
  });
  screen.phase(`${stage.clients} mini-client processes connect and wait`);
  const clients = startClients(stage, gate, family, portal);
  stage.started.clients.push(...clients);
  const isEverybodyWaiting = () => {
    screen.bar('waiting', results.ready(), stage.clients);
    return results.ready() >= stage.clients;
  };
  await waitUntil(stage, isEverybodyWaiting, clients);
  const opensAtUs = await setOpening(stage, administrator);
  await countDown(stage, opensAtUs);
  await submissions(stage, clients);
  const receipts = await makeReceipts(stage, administrator);
  await fetchReceipt(stage, family, portal);
  screen.phase('Everything is checked from the stored bytes');
  const report = await verifyDirectory(dataDirectory(stage.config.data ?? ''));
  const expected = stage.applications + 1;
  screen.phase('The ranking is rebuilt from the public log alone');
  const { timers } = context;
  const ranking = await rebuiltRanking({ portal, gate: running.gate ?? '', timers, expected });
  const isJson = stage.json === true;
  return conclude({ expected, results, opensAtUs, receipts, report, ranking, isJson });
}

async function becomeAdministrator(portal: string, link: string): Promise<PortalCaller> {
  const token = new URL(link).searchParams.get('token') ?? '';
  const password = `rehearsal-${token.slice(0, 16)}`;
  const { email } = await portalCaller(portal).call<{ email: string }>('POST', '/api/setup', {
    token,
    password,
  });
  return logIn(portal, email, password);
}

function startClients(stage: Stage, gate: string, family: Family, portal: string): ClientProcess[] {
  const { root, clients, results } = stage;
  const file = join(root, 'accounts.ndjson');
  const onEvent = results.take;
  const many = Array.from({ length: clients }, (_, index) => {
    const directory = join(root, `client-${index + 1}`);
    const shard = `${index + 1}/${clients}`;
    const words = ['send', '--accounts', file, '--gate', gate, '--shard', shard];
    return startMiniClient([...words, '--directory', directory], { onEvent });
  });
  // Its receipt is a step of its own.
  const own = ['send', '--no-receipts', '--portal', portal, '--directory', family.directory];
  return [...many, startMiniClient(own, { onEvent })];
}

/** The instant is set when everybody waits, so that a slow machine is late for nothing. */
async function setOpening(stage: Stage, administrator: PortalCaller): Promise<number> {
  const { context, screen } = stage;
  interface Day {
    id: string;
    name: object;
    rules: object[];
  }
  const { clickDays } = await administrator.call<{ clickDays: Day[] }>(
    'GET',
    '/api/admin/click-days',
  );
  const day = clickDays[0];
  if (day === undefined) throw new Error('there is no click day');
  const inUs = (stage.opensIn ?? OPENS_IN_SECONDS) * US_A_SECOND;
  const opensAtUs = Math.ceil((context.clock.nowUs() + inUs) / US_A_SECOND) * US_A_SECOND;
  const { name, rules } = day;
  await administrator.call('PUT', `/api/admin/click-days/${day.id}`, {
    ...{ name, rules },
    opensAt: isoFromUs(opensAtUs),
    closesAt: isoFromUs(opensAtUs + PLANNED_IN_SECONDS * US_A_SECOND),
    suspended: false,
  });
  screen.phase(`The click day ${day.id} opens at ${isoFromUs(opensAtUs)}`);
  return opensAtUs;
}

async function countDown(stage: Stage, opensAtUs: number): Promise<void> {
  const { context, screen } = stage;
  await waitUntil(stage, () => {
    const leftUs = opensAtUs - context.clock.nowUs();
    screen.line(`opens in ${(Math.max(0, leftUs) / US_A_SECOND).toFixed(1)} s`);
    return leftUs <= 0;
  });
}

async function submissions(stage: Stage, clients: readonly ClientProcess[]): Promise<void> {
  const { screen, results, applications } = stage;
  screen.phase('Open: submissions are ordered and on disk before they are acknowledged');
  let endedCount = 0;
  for (const client of clients) {
    void client.ended.then(({ code, said }) => {
      endedCount += 1;
      if (code !== 0) screen.note(`a mini-client ended with ${code}: ${said.trim()}`);
    });
  }
  const rate = rateSince(stage);
  await waitUntil(stage, () => {
    const accepted = results.accepted();
    screen.bar('accepted', accepted, applications + 1, rate(accepted));
    return endedCount === clients.length;
  });
  screen.note(`accepted ${results.accepted()} of ${applications + 1}`);
}

async function makeReceipts(stage: Stage, administrator: PortalCaller): Promise<ReceiptStatus> {
  const { screen, results } = stage;
  screen.phase('Receipts come out of the worker pool');
  let status: ReceiptStatus = { made: 0, pending: 0, failed: [] };
  let before = 0;
  let stillFor = 0;
  const rate = rateSince(stage);
  await waitUntil(stage, async () => {
    const answer = await administrator.call<{ receipts: ReceiptStatus }>(
      'GET',
      '/api/admin/status',
    );
    status = answer.receipts;
    stillFor = status.made === before ? stillFor + 1 : 0;
    before = status.made;
    screen.bar('receipts', status.made, results.accepted(), rate(status.made));
    return status.made + status.failed.length >= results.accepted() || stillFor > STILL_LOOKS_MAX;
  });
  return status;
}

/** Pace since now, as a person reads it. */
function rateSince({ context }: Stage): (done: number) => string {
  const startUs = context.clock.nowUs();
  return (done) => {
    const seconds = Math.max(0.001, (context.clock.nowUs() - startUs) / US_A_SECOND);
    return `${Math.round(done / seconds)}/s`;
  };
}

async function fetchReceipt(stage: Stage, family: Family, portal: string): Promise<void> {
  const own = ['--portal', portal, '--directory', family.directory];
  const receipt = await startMiniClient(['receipts', ...own]).ended;
  if (receipt.code !== 0) throw new Error(`the family did not get its receipt: ${receipt.said}`);
  const log = await startMiniClient(['verify-log', ...own]).ended;
  if (log.code !== 0) throw new Error(`the family is not in the public log: ${log.said}`);
  stage.screen.note('the family has its receipt on disk, and found its entry in the public log');
}

/** Looks again and again until `isDone`; stops when a client that should wait has ended. */
async function waitUntil(
  stage: Stage,
  isDone: () => boolean | Promise<boolean>,
  clients: readonly ClientProcess[] = [],
): Promise<void> {
  let trouble: string | undefined;
  for (const client of clients) {
    void client.ended.then(({ code, said }) => {
      trouble = `a mini-client ended early with ${code}: ${said}`.trim();
    });
  }
  while (!(await isDone())) {
    if (trouble !== undefined) throw new Refused('REHEARSAL_INCOMPLETE', trouble);
    await new Promise<void>((resolve) => {
      stage.context.timers.after(LOOK_MS, resolve);
    });
  }
}

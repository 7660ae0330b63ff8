/**
 * The portal: its rooms wired to each other and to an HTTP server. It is given everything it
 * depends on and keeps nothing outside its database.
 *
 *   http (server, guard, limits) ─► accounts · applications · calendar · control room
 *                                        └──────────┬──────────┘
 *                                       database · mail · signing key
 */
import type { AddressInfo } from 'node:net';
import type { VerificationKeys } from '#protocol/portal-api.ts';
import type { Clock, Timers } from '../clock/index.ts';
import type { SigningKey } from '../foundation/jws.ts';
import type { Log } from '../foundation/log.ts';
import type { Random } from '../foundation/random.ts';
import type { MailRoom } from '../mail/index.ts';
import type { Database } from '../store/database/index.ts';
import { accountRoomRoutes, createAccountRoom } from './accounts/index.ts';
import { accountStore } from './accounts/store.ts';
import type { Vault } from './accounts/vault.ts';
import { modelRoutes } from './applications/model-routes.ts';
import { previewPdf } from './applications/preview.ts';
import { applicationRoutes } from './applications/routes.ts';
import { createApplicationService, formOf } from './applications/service.ts';
import { applicationStore, mergedValues } from './applications/store.ts';
import { createSubmissions, type Submissions } from './applications/submissions.ts';
import { attachmentRoutes } from './attachments/routes.ts';
import { createAttachments } from './attachments/service.ts';
import { attachmentStore } from './attachments/store.ts';
import type { NoticePaths } from './calendar/notice.ts';
import { calendarRoutes } from './calendar/routes.ts';
import { type Calendar, createCalendar } from './calendar/service.ts';
import { createAudit } from './control-room/audit.ts';
import { mailGauges } from './control-room/mail-gauges.ts';
import { controlRoomRoutes, type OutsideStatus } from './control-room/routes.ts';
import { deviceRoutes } from './devices/routes.ts';
import { createDevices } from './devices/service.ts';
import { draftingRoutes } from './drafting/routes.ts';
import { createDrafting } from './drafting/service.ts';
import { eventRoutes } from './events/routes.ts';
import { createFreshness } from './freshness.ts';
import { createHelpdesk, deskView, helpdeskRoutes } from './helpdesk/index.ts';
import { createDeskTools, createDeskWork, deskToolRoutes } from './helpdesk-tools/index.ts';
import { addDownloads } from './http/downloads.ts';
import { entryRoute, type ReadEntry } from './http/entry-route.ts';
import { addGuard, cookieNameOf } from './http/guard.ts';
import { createLimiters } from './http/limits.ts';
import { withProblems } from './http/openapi.ts';
import { publicRoutes } from './http/public-routes.ts';
import { createServer, type Server } from './http/server.ts';
import { addStaffReading } from './http/staff-reading.ts';
import { addUi } from './http/ui.ts';
import { createImports, importRoutes } from './imports/index.ts';
import { createMailboxOf, type Mailbox } from './mailbox/index.ts';
import type { Models } from './models/index.ts';
import { noticeRoutes } from './notices/routes.ts';
import { createNotices } from './notices/service.ts';
import { openIdRoutes } from './openid/routes.ts';
import { createOpenId } from './openid/service.ts';
import { organisationRoutes } from './organisations/index.ts';
import { rankingRoutes } from './ranking/routes.ts';
import { createRankingService } from './ranking/service.ts';
import type { RankingSource } from './ranking/source.ts';
import {
  type MakeRehearsalReceipt,
  type ReadRehearsal,
  rehearsalRoutes,
} from './rehearsals/routes.ts';
import { createRehearsalWindows } from './rehearsals/windows.ts';
import { createSearch, searchRoutes } from './search/index.ts';
import { createSessions, type Sessions } from './session/index.ts';
import type { PortalConfig, PracticeConfig } from './settings.ts';

export interface PortalOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly timers: Timers;
  readonly log: Log;
  readonly mail: MailRoom;
  readonly key: SigningKey;
  /** Enciphers the secrets of second factors. */
  readonly vault: Vault;
  /** The forms of this call, and of earlier ones. */
  readonly models: Models;
  readonly config: PortalConfig;
  /** The built web application (`admin-ui/dist`). */
  readonly uiDirectory: string;
  /** Where mails to the help desk lie until they are handled. */
  readonly incomingDirectory: string;
  /** Where the files of attachments lie. */
  readonly attachmentsDirectory: string;
  /** Where `npm run build:mini-client` leaves what is handed out. */
  readonly downloadsDirectory: string;
  /** Where calendar and public key are laid for the gates; null for nowhere. */
  readonly notice: NoticePaths | null;
  /** WebSocket addresses of the gates, as they are now. */
  readonly gates: () => readonly string[];
  /** What the registrar, the receipts and the gates say of themselves. */
  readonly status: () => OutsideStatus | Promise<OutsideStatus>;
  /** How many receipts are made, wait, and were set aside. */
  readonly receiptCounts: () => { made: number; pending: number; failed: number };
  /** The receipt of an application, null while there is none. */
  readonly readReceipt: (application: string) => Promise<Uint8Array | null>;
  /** The published entry a protocol number names, null when there is none. */
  readonly readEntry: ReadEntry;
  /** An entry of a ledger of rehearsals, and its receipt. */
  readonly readRehearsal: ReadRehearsal;
  readonly makeRehearsalReceipt: MakeRehearsalReceipt;
  /** The public ranking, as the register has it. */
  readonly rankings: RankingSource;
  /** What a checker of receipts has to know, as it is now. */
  readonly verificationKeys: () => VerificationKeys;
}

export interface Portal {
  /** Starts to serve; port 0 picks a free one. Resolves with `http(s)://host:port`. */
  listen(where: { host: string; port: number }): Promise<{ address: string }>;
  /** Answers what is under way, then stops. Database and mail stay the caller's to close. */
  close(): Promise<void>;
  readonly submissions: Submissions;
  readonly calendar: Calendar;
  /** Lets the search read what there is, before somebody searches. */
  warmSearch(): void;
  /** Of the help desk; null without an address. */
  readonly mailbox: Mailbox | null;
  /** How the world reaches the portal; known once it listens. */
  publicUrl(): string;
  /** Drops what has expired and erases what is due; done by itself every ten minutes. */
  sweep(): void;
}

const SWEEP_MS = 10 * 60_000;
const FLUSH_MS = 5000;
const NO_PRACTICE: PracticeConfig = { kind: 'no', rest: { beforeUs: 0, afterUs: 0 } };

/** Builds the portal; nothing is served before `listen`. */
export async function createPortal(options: PortalOptions): Promise<Portal> {
  const { config, database } = options;
  let address = '';
  const publicUrl = () => config.publicUrl ?? address;
  const rooms = createRooms(options, publicUrl);
  const server = await createServer(options, rooms.freshness);
  server.addHook('onRoute', (route) => {
    if (route.url.startsWith('/api/')) route.schema = withProblems(route.schema);
  });
  await addRoutes(server, { options, rooms, publicUrl });
  const { accounts, deletion, ownSessions } = rooms.account;
  const sweep = () => {
    accounts.sweep();
    deletion.sweep();
    rooms.helpdesk.sweep.run();
    inBackground(options.log, rooms.attachments.sweep());
    inBackground(options.log, rooms.helpdesk.attachments.sweep());
    if (rooms.mailbox) inBackground(options.log, rooms.mailbox.sweep());
    options.mail.refresh(); // a command may have put something into the outbox
  };
  const cancelSweep = options.timers.every(SWEEP_MS, sweep);
  const cancelFlush = options.timers.every(FLUSH_MS, () => ownSessions.flush());
  return {
    submissions: createSubmissions(database, options.models),
    calendar: rooms.calendar,
    mailbox: rooms.mailbox,
    warmSearch: rooms.search.engine.warm,
    publicUrl,
    sweep,
    listen: async ({ host, port }) => {
      await server.listen({ host, port });
      address = addressOf(server, host, config.tls !== undefined);
      rooms.calendar.publish();
      await rooms.mailbox?.open(rooms.helpdesk);
      inBackground(options.log, rooms.attachments.clear());
      return { address };
    },
    close: async () => {
      cancelSweep();
      cancelFlush();
      rooms.helpdesk.sweep.close();
      ownSessions.flush();
      rooms.freshness.events.close();
      await rooms.mailbox?.close();
      await server.close();
      await rooms.imports.runner.close();
      await rooms.deskWork.close();
      await rooms.search.engine.close();
    },
  };
}

function createRooms(options: PortalOptions, publicUrl: () => string) {
  const { config } = options;
  const { limits } = config;
  const durations = { cookie: limits.cookieSessionMs, bearer: limits.bearerSessionMs };
  const sessions = createSessions({ ...options, durations });
  const audit = createAudit(options);
  const account = createAccountRoom({ ...options, sessions, publicUrl });
  const practice = config.practice ?? NO_PRACTICE;
  const publish = () => calendar.publish();
  const windows = createRehearsalWindows({ ...options, audit, practice, publish });
  const calendar: Calendar = createCalendar({ ...options, audit, rehearsals: windows.onWire });
  const applications = createApplicationService({ ...options, calendar });
  const imports = createImports({ ...options, calendar });
  const search = createSearch({ ...options, audit });
  const drafting = createDrafting({ ...options, calendar }, applications);
  const directory = options.attachmentsDirectory;
  const attachments = createAttachments({ ...options, directory, limits });
  const devices = createDevices({ ...options, sessions, publicUrl });
  const desk = { ...options, audit, publicUrl, limits: config.helpdesk };
  const { ticketsAnHour } = config.helpdesk;
  const deskTools = createDeskTools({ ...options, audit, publicUrl, ticketsAnHour });
  const mailbox = createMailboxOf(options);
  const threading = mailbox === null ? {} : { threading: mailbox.threading };
  const made = { ...desk, ...threading, directory, fileLimits: limits };
  const helpdesk = createHelpdesk({ ...made, tools: deskTools.forCore });
  const deskWork = createDeskWork(deskTools, helpdesk);
  const openId = config.openId
    ? createOpenId({ ...options, openId: config.openId, sessions, calendar, limits, publicUrl })
    : null;
  const freshness = createFreshness(options, sessions);
  const people = { sessions, account, devices, openId };
  const forms = { applications, imports, drafting, attachments };
  const help = { helpdesk, deskTools, deskWork, mailbox };
  const rehearsals = { windows, practice };
  return { ...people, ...forms, ...help, calendar, rehearsals, search, freshness };
}

interface Wiring {
  readonly options: PortalOptions;
  readonly rooms: ReturnType<typeof createRooms> & { sessions: Sessions };
  readonly publicUrl: () => string;
}

async function addRoutes(server: Server, { options, rooms, publicUrl }: Wiring): Promise<void> {
  const { config, database, mail, key, gates, clock, models } = options;
  const { sessions, account, calendar, applications, imports, search } = rooms;
  const { kept, events, gauges } = rooms.freshness;
  const isSecure = config.tls !== undefined || config.publicUrl?.startsWith('https:') === true;
  const cookieName = cookieNameOf(isSecure);
  const limiters = createLimiters(server, config.limits);
  const counts = () => ({
    accounts: accountStore(database).count(),
    applications: applications.counts(),
  });
  addGuard(server, {
    ...{ sessions, cookieName, publicOrigin: () => originOf(publicUrl()) },
    needsSecondFactor: account.secondFactor.isMissing,
    seen: account.ownSessions.seen,
  });
  addStaffReading(server, createAudit(options));
  accountRoomRoutes(server, account, { limiters, cookieName, isSecure });
  const label = config.openId?.label ?? null;
  const { openId, devices } = rooms;
  const { note } = account.ownSessions;
  openIdRoutes(server, { openId, label, sessions, clock, limiters, cookieName, isSecure, note });
  deviceRoutes(server, { devices, limiters, note });
  const codes = models.list().map((form) => form.code);
  calendarRoutes(server, { calendar, key, gates, models: codes });
  modelRoutes(server, models);
  rehearsalRoutes(server, {
    ...{ ...rooms.rehearsals, key, clock, random: options.random, limit: limiters.practice },
    readRehearsal: options.readRehearsal,
    makeReceipt: options.makeRehearsalReceipt,
  });
  noticeRoutes(server, createNotices({ ...options, audit: createAudit(options) }));
  const { deskTools: tools, deskWork: work, helpdesk } = rooms;
  deskToolRoutes(server, { tools, work, view: (row) => deskView(helpdesk, row) });
  const makePreview = (id: string) => preview(options, id);
  organisationRoutes(server, { ...options, sessions, limits: config.limits, publicUrl });
  const { readReceipt } = options;
  const made = { applications, kept, passbooks: options, search: search.search };
  applicationRoutes(server, { ...made, readReceipt, makePreview });
  searchRoutes(server, { ...search, timers: options.timers });
  eventRoutes(server, events, sessions);
  const papers = { readReceipt, makePreview, limit: limiters.upload };
  await helpdeskRoutes(server, rooms.helpdesk, papers);
  await importRoutes(server, imports.service);
  draftingRoutes(server, rooms.drafting);
  await attachmentRoutes(server, { attachments: rooms.attachments, limit: limiters.upload });
  controlRoomRoutes(server, { mail, status: options.status, counts });
  const { verificationKeys, receiptCounts } = options;
  const outside = { mailCounts: mail.counts, counts, receiptCounts, verificationKeys };
  const allGauges = { ...gauges, ...mailGauges(mail, rooms.mailbox) };
  publicRoutes(server, { clock, ...outside, gauges: allGauges });
  entryRoute(server, { readEntry: options.readEntry, limit: limiters.entry });
  await addDownloads(server, options.downloadsDirectory);
  const { rankings, timers } = options;
  const service = createRankingService({ rankings, calendar });
  rankingRoutes(server, { service, rankings, timers, limiters });
  await addUi(server, options.uiDirectory);
}

/** The caller has been checked: this looks at no owner. */
function preview({ database, models }: PortalOptions, id: string): Promise<Uint8Array> {
  const store = applicationStore(database);
  const row = store.byId(id);
  if (!row) throw new Error(`application ${id} is gone`);
  const owner = accountStore(database).byId(row.account);
  return previewPdf({
    id,
    models,
    form: formOf(models, row),
    values: mergedValues(store.pages(id)),
    language: owner?.language === 'en' ? 'en' : 'it',
    isDraft: row.status === 'draft',
    attached: attachmentStore(database).of(id),
  });
}

/** What nobody waits for; when it fails it is tried again at its next time. */
function inBackground(log: Log, work: Promise<unknown>): void {
  work.catch((error: unknown) => log.error({ err: error }, 'files of attachments'));
}

function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : '';
}

function addressOf(server: Server, host: string, isTls: boolean): string {
  const { port, family, address } = server.server.address() as AddressInfo;
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : address;
  const shown = family === 'IPv6' && name.includes(':') ? `[${name}]` : name;
  return `${isTls ? 'https' : 'http'}://${shown}:${port}`;
}
